import { distanceToPolyline, isInside, type Point } from './geometry.ts';
import type { SceneZone } from './scene.ts';

/** So near to the picture's edge, in frame heights, is on it, and within a polygon that reaches it. */
const EDGE = 1e-6;

/**
 * The area of a zone, as people are in it or not: one that reaches the picture's edge goes on behind it, for that edge is no border
 * that anybody could draw further out. So whose feet are below the picture stands in a zone that reaches its lower edge.
 */
export class ZoneArea {
  readonly #polygon: readonly Point[];
  /** What of the polygon is a border: stretches that do not run along the picture's edge. */
  readonly #border: readonly (readonly [Point, Point])[];
  readonly #aspect: number;

  /** @param aspect width of the displayed frame over its height; 1 where places are ratios of the frame */
  constructor({ points }: SceneZone, aspect: number) {
    const polygon = points.map(([x, y]): Point => [x * aspect, y]);
    this.#polygon = polygon;
    this.#aspect = aspect;
    this.#border = polygon
      .map((point, i) => [point, polygon[(i + 1) % polygon.length]!] as const)
      .filter(([a, b]) => !isAlong(a[0], b[0], aspect) && !isAlong(a[1], b[1], 1));
  }

  /** Whether somebody at a place is in it. */
  holds(x: number, y: number): boolean {
    const [nearX, nearY] = this.#intoPicture(x, y);
    return isInside(this.#polygon, x, y) || isInside(this.#polygon, nearX, nearY);
  }

  /** How far somebody at a place is from where they would come in or go out. */
  distanceToBorder(x: number, y: number): number {
    const [nearX, nearY] = this.#intoPicture(x, y);
    return Math.min(...this.#border.map((it) => distanceToPolyline(it, nearX, nearY)));
  }

  /** The nearest place within the picture. */
  #intoPicture(x: number, y: number): Point {
    return [within(x, this.#aspect), within(y, 1)];
  }
}

function within(place: number, size: number): number {
  return Math.max(EDGE, Math.min(size - EDGE, place));
}

function isAlong(a: number, b: number, size: number): boolean {
  return [0, size].some((edge) => Math.abs(a - edge) <= EDGE && Math.abs(b - edge) <= EDGE);
}
