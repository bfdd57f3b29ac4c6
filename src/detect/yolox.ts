import type { OutputDecoder } from './decoder.ts';
import type { Size } from './input-size.ts';
import type { YoloxDecode } from './manifest.ts';

/**
 * A decoder of YOLOX output for one input size (arXiv 2107.08430, section 2.1): centre `(cell + offset) * stride`, size
 * `exp(size) * stride`, score objectness times the person's class score.
 * @throws RangeError from the decoder, when the output is not a whole number of values, at least 6, a cell
 */
export function createYoloxDecoder({ strides }: YoloxDecode, input: Size): OutputDecoder {
  const cells: number[] = [];
  for (const stride of strides) {
    for (let y = 0; y < input.height / stride; y++) {
      for (let x = 0; x < input.width / stride; x++) cells.push(x, y, stride);
    }
  }
  const count = cells.length / 3;
  return (raw, minScore) => {
    const row = raw.length / count;
    if (!Number.isInteger(row) || row < 6) {
      throw new RangeError(`The network gave ${raw.length} numbers for ${count} cells.`);
    }
    const boxes: number[] = [];
    const scores: number[] = [];
    for (let i = 0; i < count; i++) {
      const at = row * i;
      const score = raw[at + 4]! * raw[at + 5]!;
      if (!(score >= minScore)) continue;
      const stride = cells[3 * i + 2]!;
      const x = (raw[at]! + cells[3 * i]!) * stride;
      const y = (raw[at + 1]! + cells[3 * i + 1]!) * stride;
      const halfWidth = (Math.exp(raw[at + 2]!) * stride) / 2;
      const halfHeight = (Math.exp(raw[at + 3]!) * stride) / 2;
      boxes.push(x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight);
      scores.push(score);
    }
    return {
      count: scores.length,
      boxes: Float32Array.from(boxes),
      scores: Float32Array.from(scores),
    };
  };
}
