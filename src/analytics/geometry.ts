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
 * Crossings of a polyline by one straight step from `(x0, y0)` to `(x1, y1)`, in order along the step. A place exactly on
 * the line, or a corner or end of it exactly on the step, is judged as if all places of the step lay a little, and the same, further right and by much
 * less further down (Edelsbrunner and Mücke, Simulation of Simplicity, 1990). So a path that goes on from `(x1, y1)` meets each crossing once,
 * and none where it only touches a corner.
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
    // On which hand a place exactly on the stretch is.
    const isRight = by < ay || (by === ay && bx > ax);
    if (isAbove0(from, isRight) === isAbove0(to, isRight)) continue;
    // The line's ends as seen from the step, which has moved away from them.
    const start = handOf(x0, y0, x1, y1, ax, ay);
    const end = handOf(x0, y0, x1, y1, bx, by);
    const isMetRight = y1 > y0 || (y1 === y0 && x1 < x0);
    if (isAbove0(start, isMetRight) === isAbove0(end, isMetRight)) continue;
    found.push({ at: from / (from - to), direction: isAbove0(to, isRight) ? 1 : -1 });
  }
  return found.sort((p, q) => p.at - q.at);
}

function isAbove0(value: number, if0: boolean): boolean {
  return value > 0 || (value === 0 && if0);
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
