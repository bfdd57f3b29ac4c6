import type { OutputDecoder } from './decoder.ts';
import { exactExp } from './exact-exp.ts';
import type { Size } from './input-size.ts';
import type { SsdDecode } from './manifest.ts';

/** Length of a side after `times` halvings that round up, as strided convolutions with SAME padding do. */
function halve(length: number, times: number): number {
  let cells = length;
  for (let i = 0; i < times; i++) cells = Math.ceil(cells / 2);
  return cells;
}

/**
 * All anchors of an input, 4 numbers each: centre x, centre y, width, height in pixels of the input. The grid spreads
 * evenly over the input; the anchors keep their size in pixels whatever the input's size, which is what makes
 * small people visible in a larger one.
 */
export function ssdAnchors(decode: SsdDecode, input: Size): Float32Array {
  const anchors: number[] = [];
  for (const { halvings, sizes } of decode.levels) {
    const columns = halve(input.width, halvings);
    const rows = halve(input.height, halvings);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const x = ((column + 0.5) * input.width) / columns;
        const y = ((row + 0.5) * input.height) / rows;
        for (const [width, height] of sizes) anchors.push(x, y, width, height);
      }
    }
  }
  return Float32Array.from(anchors);
}

/**
 * A decoder of SSD output for one input size.
 *
 * The score is the sigmoid of the logit; the box is the anchor moved by `y/scale * height`, `x/scale * width` and
 * stretched by `exp(h/scale)`, `exp(w/scale)` (arXiv 1512.02325, section 2.2, with the variances of TensorFlow's
 * Object Detection API).
 * @throws RangeError from the decoder, when the output does not have 5 numbers an anchor
 */
export function createSsdDecoder(decode: SsdDecode, input: Size): OutputDecoder {
  const anchors = ssdAnchors(decode, input);
  const count = anchors.length / 4;
  const [scaleY, scaleX, scaleH, scaleW] = decode.scale;
  return (raw, minScore) => {
    if (raw.length !== 5 * count) {
      throw new RangeError(`The network gave ${raw.length} numbers, ${5 * count} expected.`);
    }
    const minLogit = Math.log(minScore / (1 - minScore));
    const boxes: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < count; i++) {
      const logit = raw[5 * i + 4]!;
      if (!(logit >= minLogit)) continue;
      const width = anchors[4 * i + 2]!;
      const height = anchors[4 * i + 3]!;
      const y = anchors[4 * i + 1]! + (raw[5 * i]! / scaleY) * height;
      const x = anchors[4 * i]! + (raw[5 * i + 1]! / scaleX) * width;
      const halfHeight = (exactExp(raw[5 * i + 2]! / scaleH) * height) / 2;
      const halfWidth = (exactExp(raw[5 * i + 3]! / scaleW) * width) / 2;
      boxes.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
      scores.push(1 / (1 + exactExp(-logit)));
    }
    return {
      count: scores.length,
      boxes: Float32Array.from(boxes),
      scores: Float32Array.from(scores),
    };
  };
}
