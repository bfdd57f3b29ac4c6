/**
 * Box arithmetic on structures of arrays. A box is `XyxyPx`: left, top, right, bottom, in pixels, four numbers
 * at `4 * index`. A box without area overlaps nothing.
 */

/** Four numbers a box; both float widths are used. */
export type BoxArray = Float32Array | Float64Array;

/**
 * Area of one box in square pixels; 0 for one turned inside out.
 * @param boxes XyxyPx boxes
 * @param index which box
 */
export function boxArea(boxes: BoxArray, index: number): number {
  const o = 4 * index;
  const width = boxes[o + 2]! - boxes[o]!;
  const height = boxes[o + 3]! - boxes[o + 1]!;
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
  const aWidth = a[p + 2]! - a[p]!;
  const bWidth = b[q + 2]! - b[q]!;
  const padX = buffer * aWidth;
  const padX2 = buffer * bWidth;
  const width =
    Math.min(a[p + 2]! + padX, b[q + 2]! + padX2) - Math.max(a[p]! - padX, b[q]! - padX2);
  if (!(width > 0)) return 0;
  const aHeight = a[p + 3]! - a[p + 1]!;
  const bHeight = b[q + 3]! - b[q + 1]!;
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
