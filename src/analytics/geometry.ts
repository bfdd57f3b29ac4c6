/**
 * Plane geometry of scenes. Places are in frame heights: x runs to the right from 0 to the frame's aspect (width over
 * height), y downwards from 0 to 1, so that a distance means the same in every direction.
 */

/** A place: x, y. */
export type Point = readonly [x: number, y: number];

/**
 * On which hand of the way from `a` to `b` the place lies, as twice the signed area of the triangle: positive on the
 * right hand of somebody who walks from `a` to `b` in a picture whose y runs downwards, negative on the left, 0 on
 * the straight line through both.
 */
export function handOf(ax: number, ay: number, bx: number, by: number, x: number, y: number) {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
}

/** How far along the stretch from `a` to `b`, 0 to 1, its place nearest to `(x, y)` lies; 0 where both are one. */
function nearestAlong([ax, ay]: Point, [bx, by]: Point, x: number, y: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const along = length2 > 0 ? ((x - ax) * dx + (y - ay) * dy) / length2 : 0;
  return Math.min(1, Math.max(0, along));
}

/** Distance from a place to the nearest place of a polyline of at least two points. */
export function distanceToPolyline(line: readonly Point[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!;
    const b = line[i]!;
    const t = nearestAlong(a, b, x, y);
    const dx = x - a[0] - t * (b[0] - a[0]);
    const dy = y - a[1] - t * (b[1] - a[1]);
    nearest = Math.min(nearest, Math.hypot(dx, dy));
  }
  return nearest;
}

/** The place of a polyline of at least two points that is nearest to a place. */
export function nearestOnPolyline(line: readonly Point[], x: number, y: number): Point {
  const places = line.slice(1).map((b, i): Point => {
    const a = line[i]!;
    const t = nearestAlong(a, b, x, y);
    return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
  });
  const distance = (place: Point) => Math.hypot(x - place[0], y - place[1]);
  return places.reduce((best, place) => (distance(place) < distance(best) ? place : best));
}

/** Where a step crosses a polyline. */
export interface StepCrossing {
  /** How far along the step, 0 (its start, not met) to 1. */
  readonly at: number;
  /** 1 from the line's left hand to its right, -1 the other way. */
  readonly direction: 1 | -1;
}

/**
 * Crossings of a polyline by one straight step from `(x0, y0)` to `(x1, y1)`, in order along the step. Both the step
 * and each stretch of the line take their end and leave their start out, with what lies on the line counted to its
 * right hand: a path that goes on from `(x1, y1)` therefore meets each crossing once, in a corner of the line too.
 */
export function stepCrossings(
  line: readonly Point[],
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): StepCrossing[] {
  const found: StepCrossing[] = [];
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1]!;
    const [bx, by] = line[i]!;
    const from = handOf(ax, ay, bx, by, x0, y0);
    const to = handOf(ax, ay, bx, by, x1, y1);
    if (from >= 0 === to >= 0) continue;
    // The line's ends as seen from the step, by the same rule.
    const start = handOf(x0, y0, x1, y1, ax, ay);
    const end = handOf(x0, y0, x1, y1, bx, by);
    if (start >= 0 === end >= 0) continue;
    found.push({ at: from / (from - to), direction: to >= 0 ? 1 : -1 });
  }
  return found.sort((p, q) => p.at - q.at);
}

/** Whether a place lies in a polygon (even-odd rule), whose last point is joined to its first. */
export function isInside(polygon: readonly Point[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [ax, ay] = polygon[i]!;
    const [bx, by] = polygon[j]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
