import { SPREAD_UNIT } from '../track/detections.ts';
import type { OutputDecoder } from './decoder.ts';
import { exactExp } from './exact-exp.ts';
import type { Size } from './input-size.ts';
import type { GflDecode } from './manifest.ts';

/**
 * A decoder of anchor-free heads that give each side's distance as a distribution (Generalized Focal Loss, Li et al.
 * 2020, arXiv 2006.04388, equation 3: the distance is the expectation of the softmax over `bins` cells). How far it is spread tells how
 * unsure the network is of that side (Li et al., "Generalized Focal Loss V2", arXiv 2011.12885).
 * @throws RangeError from the decoder, when the output does not have 1 + 4 x bins numbers a cell
 */
export function createGflDecoder({ strides, bins }: GflDecode, input: Size): OutputDecoder {
  const centres: number[] = [];
  for (const stride of strides) {
    for (let y = stride / 2; y < input.height; y += stride) {
      for (let x = stride / 2; x < input.width; x += stride) centres.push(x, y, stride);
    }
  }
  const count = centres.length / 3;
  const row = 1 + 4 * bins;
  return (raw, minScore) => {
    if (raw.length !== row * count) {
      throw new RangeError(`The network gave ${raw.length} numbers, ${row * count} expected.`);
    }
    const minLogit = Math.log(minScore / (1 - minScore));
    const boxes: number[] = [];
    const scores: number[] = [];
    const spreads: number[] = [];
    for (let i = 0; i < count; i++) {
      const logit = raw[row * i]!;
      if (!(logit >= minLogit)) continue;
      const x = centres[3 * i]!;
      const y = centres[3 * i + 1]!;
      const stride = centres[3 * i + 2]!;
      const sides = [0, 1, 2, 3].map((k) => momentsOf(raw, row * i + 1 + k * bins, bins));
      const [left, top, right, bottom] = sides.map(({ mean }) => stride * mean) as Sides;
      boxes.push(x - left, y - top, x + right, y + bottom);
      const unit = (SPREAD_UNIT * (top + bottom)) / stride;
      for (const { deviation } of sides) {
        spreads.push(Math.max(1, Math.min(MOST_SPREAD, Math.round(deviation / unit))));
      }
      scores.push(1 / (1 + exactExp(-logit)));
    }
    return {
      count: scores.length,
      boxes: Float32Array.from(boxes),
      scores: Float32Array.from(scores),
      spreads: Int8Array.from(spreads),
    };
  };
}

type Sides = [left: number, top: number, right: number, bottom: number];

/** The most that a byte takes: the network hardly sees that side. */
const MOST_SPREAD = 127;

/** Mean and standard deviation of the bin under the softmax of `bins` logits from `start`. */
function momentsOf(
  logits: Float32Array,
  start: number,
  bins: number,
): { mean: number; deviation: number } {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bins; i++) highest = Math.max(highest, logits[start + i]!);
  let sum = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < bins; i++) {
    const weight = exactExp(logits[start + i]! - highest);
    sum += weight;
    first += weight * i;
    second += weight * i * i;
  }
  const mean = first / sum;
  return { mean, deviation: Math.sqrt(Math.max(0, second / sum - mean * mean)) };
}
