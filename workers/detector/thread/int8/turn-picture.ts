import type { Size } from '../../../../src/detect/input-size.ts';
import type { DecodedImage } from '../../../../src/media/decoded-image.ts';

/**
 * Writes a picture as it is displayed into the top left of another.
 * @param from pixels of the picture as it was decoded, lines one behind the other
 * @param size of the picture as displayed
 * @param display how it is turned, and mirrored after that
 * @param to pixels of the other, `line` in a line
 */
export function turnPicture(
  from: Int32Array,
  { width, height }: Size,
  { rotation, isMirrored }: Pick<DecodedImage, 'rotation' | 'isMirrored'>,
  to: Int32Array,
  line: number,
): void {
  const isSideways = rotation % 180 !== 0;
  const coded = isSideways ? height : width;
  const last = from.length - 1;
  // Where the first displayed pixel comes from, and by how many the next to the right and below is further on.
  let [start, right, down] = {
    0: [0, 1, coded],
    90: [last + 1 - coded, -coded, 1],
    180: [last, -1, -coded],
    270: [coded - 1, coded, -1],
  }[rotation] as [number, number, number];
  if (isMirrored) {
    start += (width - 1) * right;
    right = -right;
  }
  for (let y = 0; y < height; y++) {
    let at = start + y * down;
    if (right === 1) to.set(from.subarray(at, at + width), y * line);
    else for (let x = 0; x < width; x++, at += right) to[y * line + x] = from[at]!;
  }
}
