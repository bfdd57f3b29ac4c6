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
