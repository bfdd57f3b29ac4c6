/**
 * Box arithmetic on structures of arrays. A box is `XyxyPx`: left, top, right, bottom, in pixels, four numbers
 * at `4 * index`. A box without area overlaps nothing.
 */

/** Four numbers a box; both float widths are used. */
export type BoxArray = Float32Array | Float64Array;

/** Coordinates of a box as filters see it, for {@link boxCoordinate}. */
export const CENTRE_X = 0;
/** See {@link CENTRE_X}. */
export const CENTRE_Y = 1;
/** See {@link CENTRE_X}. */
export const WIDTH = 2;
/** See {@link CENTRE_X}. */
export const HEIGHT = 3;

/**
 * A box by its centre and size.
 * @param boxes XyxyPx boxes
 * @param index which box
 * @param axis CENTRE_X, CENTRE_Y, WIDTH or HEIGHT
 * @returns pixels
 */
export function boxCoordinate(boxes: BoxArray, index: number, axis: number): number {
  const o = 4 * index + (axis & 1);
  const size = boxes[o + 2]! - boxes[o]!;
  return axis < WIDTH ? boxes[o]! + size / 2 : size;
}

/**
 * Writes a box by its centre and size: {@link boxCoordinate} the other way.
 * @param boxes takes four numbers, XyxyPx
 * @param index which box
 */
export function writeBox(
  boxes: BoxArray,
  index: number,
  centreX: number,
  centreY: number,
  width: number,
  height: number,
): void {
  boxes[4 * index] = centreX - width / 2;
  boxes[4 * index + 1] = centreY - height / 2;
  boxes[4 * index + 2] = centreX + width / 2;
  boxes[4 * index + 3] = centreY + height / 2;
}

/**
 * How far the centre of one box lies from that of another.
 * @param a XyxyPx boxes
 * @param i box of `a`
 * @param b XyxyPx boxes
 * @param j box of `b`
 * @param axis CENTRE_X: to the right; CENTRE_Y: down
 * @returns pixels
 */
export function displacement(a: BoxArray, i: number, b: BoxArray, j: number, axis: number): number {
  const p = 4 * i + axis;
  const q = 4 * j + axis;
  return (b[q]! + b[q + 2]! - a[p]! - a[p + 2]!) / 2;
}

/**
 * Area of one box in square pixels; 0 for one turned inside out.
 * @param boxes XyxyPx boxes
 * @param index which box
 */
export function boxArea(boxes: BoxArray, index: number): number {
  const width = boxCoordinate(boxes, index, WIDTH);
  const height = boxCoordinate(boxes, index, HEIGHT);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * Area two boxes share, in square pixels.
 * @param a XyxyPx boxes
 * @param i box of `a`
 * @param b XyxyPx boxes
 * @param j box of `b`
 */
export function intersectionArea(a: BoxArray, i: number, b: BoxArray, j: number): number {
  const p = 4 * i;
  const q = 4 * j;
  // Math.max and Math.min hand NaN on, and no comparison with NaN is true.
  const width = Math.min(a[p + 2]!, b[q + 2]!) - Math.max(a[p]!, b[q]!);
  if (!(width > 0)) return 0;
  const height = Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!);
  return height > 0 ? width * height : 0;
}

/**
 * Intersection over union of two boxes, 0 to 1.
 * @param a XyxyPx boxes
 * @param i box of `a`
 * @param b XyxyPx boxes
 * @param j box of `b`
 */
export function iou(a: BoxArray, i: number, b: BoxArray, j: number): number {
  const shared = intersectionArea(a, i, b, j);
  return shared > 0 ? shared / (boxArea(a, i) + boxArea(b, j) - shared) : 0;
}

/**
 * Intersection over union of every box of `a` with every box of `b`.
 * @param a XyxyPx boxes
 * @param aCount how many boxes of `a` count
 * @param b XyxyPx boxes
 * @param bCount how many boxes of `b` count
 * @param out takes `aCount x bCount` numbers, row by row
 */
export function iouMatrix(
  a: BoxArray,
  aCount: number,
  b: BoxArray,
  bCount: number,
  out: Float64Array,
): void {
  for (let i = 0; i < aCount; i++) {
    const area = boxArea(a, i);
    for (let j = 0; j < bCount; j++) {
      const shared = intersectionArea(a, i, b, j);
      out[i * bCount + j] = shared > 0 ? shared / (area + boxArea(b, j) - shared) : 0;
    }
  }
}

/**
 * Intersection over union of two boxes that were first grown on every side by a share of their own size, so that
 * boxes a fast or seldom-seen person has left behind still meet. Yang et al., "Hard To Track Objects With
 * Irregular Motions and Similar Appearances? Make It Easier by Buffering the Matching Space" (arXiv 2211.14317).
 * @param a XyxyPx boxes, with an area
 * @param i box of `a`
 * @param b XyxyPx boxes, with an area
 * @param j box of `b`
 * @param buffer share of width and height added on every side, from 0
 */
export function bufferedIou(
  a: BoxArray,
  i: number,
  b: BoxArray,
  j: number,
  buffer: number,
): number {
  const p = 4 * i;
  const q = 4 * j;
  const aWidth = boxCoordinate(a, i, WIDTH);
  const bWidth = boxCoordinate(b, j, WIDTH);
  const padX = buffer * aWidth;
  const padX2 = buffer * bWidth;
  const width =
    Math.min(a[p + 2]! + padX, b[q + 2]! + padX2) - Math.max(a[p]! - padX, b[q]! - padX2);
  if (!(width > 0)) return 0;
  const aHeight = boxCoordinate(a, i, HEIGHT);
  const bHeight = boxCoordinate(b, j, HEIGHT);
  const padY = buffer * aHeight;
  const padY2 = buffer * bHeight;
  const height =
    Math.min(a[p + 3]! + padY, b[q + 3]! + padY2) - Math.max(a[p + 1]! - padY, b[q + 1]! - padY2);
  if (!(height > 0)) return 0;
  const scale = (1 + 2 * buffer) * (1 + 2 * buffer);
  return (width * height) / (scale * (aWidth * aHeight + bWidth * bHeight) - width * height);
}

/**
 * Length two boxes share in height, over the length they cover together, 0 to 1. Two people side by side overlap
 * in width, but seldom are both their heads and their feet at the same height: Yang et al., "Hybrid-SORT" (arXiv
 * 2308.00783), height-modulated IoU.
 * @param a XyxyPx boxes
 * @param i box of `a`
 * @param b XyxyPx boxes
 * @param j box of `b`
 */
export function heightOverlap(a: BoxArray, i: number, b: BoxArray, j: number): number {
  const p = 4 * i;
  const q = 4 * j;
  const shared = Math.min(a[p + 3]!, b[q + 3]!) - Math.max(a[p + 1]!, b[q + 1]!);
  if (!(shared > 0)) return 0;
  return shared / (Math.max(a[p + 3]!, b[q + 3]!) - Math.min(a[p + 1]!, b[q + 1]!));
}
