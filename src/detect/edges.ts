/** A rectangle, in pixels. */
export interface Edges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** One of many boxes, XyxyPx. @param i which of them */
export function edgesOf(boxes: Float32Array, i = 0): Edges {
  const at = 4 * i;
  return {
    left: boxes[at]!,
    top: boxes[at + 1]!,
    right: boxes[at + 2]!,
    bottom: boxes[at + 3]!,
  };
}

/** Whether two rectangles have more in common than an edge. */
export function overlap(a: Edges, b: Edges): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
