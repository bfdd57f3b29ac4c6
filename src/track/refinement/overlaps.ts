import {
  boxArea,
  boxCoordinate,
  CENTRE_X,
  displacement,
  HEIGHT,
  intersectionArea,
  iou,
  WIDTH,
} from '../box.ts';
import type { Tracklet } from './tracklet.ts';

/** How two tracklets lie on each other in one sample. */
export interface Overlap {
  /** Of the first one. */
  readonly element: number;
  /** IoU. */
  readonly overlap: number;
  /** Share of the first one that lies within the other. */
  readonly within: number;
  /** Share of the other that lies within the first one. */
  readonly holds: number;
  /** How far the first one's centre is to the right of the other's, in widths of the wider box. */
  readonly aside: number;
  /** How far both its head and its feet are below the other's, in heights of the higher box; 0 where only one is, or they differ. */
  readonly behind: number;
}

/** How two tracklets lie on each other in each sample that both have. */
export function* overlapsOf(a: Tracklet, b: Tracklet): Generator<Overlap> {
  let i = firstFrom(a, b.first);
  let j = firstFrom(b, a.first);
  while (i < a.length && j < b.length) {
    const later = a.samples[i]! - b.samples[j]!;
    if (later === 0) {
      const width = Math.max(boxCoordinate(a.boxes, i, WIDTH), boxCoordinate(b.boxes, j, WIDTH));
      const aside = displacement(b.boxes, j, a.boxes, i, CENTRE_X) / width;
      const shared = intersectionArea(a.boxes, i, b.boxes, j);
      yield {
        element: i,
        overlap: iou(a.boxes, i, b.boxes, j),
        within: shared > 0 ? shared / boxArea(a.boxes, i) : 0,
        holds: shared > 0 ? shared / boxArea(b.boxes, j) : 0,
        aside,
        behind: below(a.boxes, i, b.boxes, j),
      };
    }
    if (later <= 0) i++;
    if (later >= 0) j++;
  }
}

/** See {@link Overlap.behind}. */
function below(a: Float32Array, i: number, b: Float32Array, j: number): number {
  const height = Math.max(boxCoordinate(a, i, HEIGHT), boxCoordinate(b, j, HEIGHT));
  const head = (a[4 * i + 1]! - b[4 * j + 1]!) / height;
  const feet = (a[4 * i + 3]! - b[4 * j + 3]!) / height;
  if (head * feet <= 0) return 0;
  return Math.abs(head) < Math.abs(feet) ? head : feet;
}

/** The first element at or after a sample; one behind the last where there is none. */
function firstFrom({ samples, length }: Tracklet, sample: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle]! < sample) low = middle + 1;
    else high = middle;
  }
  return low;
}
