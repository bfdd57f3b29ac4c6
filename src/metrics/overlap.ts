/** Spacing of doubles at 1, by which TrackEval loosens its comparisons. */
export const EPSILON = Number.EPSILON;

/**
 * Intersection over union of each box in one list with each box in another.
 * Right and bottom edges are formed first and areas from them, in TrackEval's order of operations, so
 * that a pair on the very threshold falls on the same side.
 * @param first boxes as left, top, width, height; `firstRows` picks those that count
 * @param second likewise
 * @param out receives firstRows.length x secondRows.length values from 0 to 1, row by row; a box without
 * area overlaps nothing
 */
export function overlaps(
  first: Float64Array,
  firstRows: Int32Array,
  second: Float64Array,
  secondRows: Int32Array,
  out: Float64Array,
): void {
  const columns = secondRows.length;
  for (let row = 0; row < firstRows.length; row++) {
    const a = 4 * firstRows[row]!;
    const left = first[a]!;
    const top = first[a + 1]!;
    const right = left + first[a + 2]!;
    const bottom = top + first[a + 3]!;
    const area = (right - left) * (bottom - top);
    for (let column = 0; column < columns; column++) {
      const b = 4 * secondRows[column]!;
      const otherLeft = second[b]!;
      const otherTop = second[b + 1]!;
      const otherRight = otherLeft + second[b + 2]!;
      const otherBottom = otherTop + second[b + 3]!;
      const width = Math.min(right, otherRight) - Math.max(left, otherLeft);
      const height = Math.min(bottom, otherBottom) - Math.max(top, otherTop);
      let overlap = 0;
      if (width > 0 && height > 0) {
        const intersection = width * height;
        const otherArea = (otherRight - otherLeft) * (otherBottom - otherTop);
        const union = area + otherArea - intersection;
        if (area > EPSILON && otherArea > EPSILON && union > EPSILON)
          overlap = intersection / union;
      }
      out[row * columns + column] = overlap;
    }
  }
}

/**
 * The share of each box's own area that lies within a region: what decides whether a detection belongs
 * to a crowd.
 * @param regions boxes as left, top, width, height; `regionRows` picks those that count
 * @param boxes likewise
 * @param out receives regionRows.length x boxRows.length values from 0 to 1, row by row
 */
export function sharesWithin(
  regions: Float64Array,
  regionRows: Int32Array,
  boxes: Float64Array,
  boxRows: Int32Array,
  out: Float64Array,
): void {
  for (let row = 0; row < regionRows.length; row++) {
    const a = 4 * regionRows[row]!;
    for (let column = 0; column < boxRows.length; column++) {
      const b = 4 * boxRows[column]!;
      const shared = [0, 1].map((axis) => {
        const start = Math.max(regions[a + axis]!, boxes[b + axis]!);
        const regionEnd = regions[a + axis]! + regions[a + axis + 2]!;
        return Math.max(0, Math.min(regionEnd, boxes[b + axis]! + boxes[b + axis + 2]!) - start);
      });
      const area = boxes[b + 2]! * boxes[b + 3]!;
      out[row * boxRows.length + column] = area > EPSILON ? (shared[0]! * shared[1]!) / area : 0;
    }
  }
}
