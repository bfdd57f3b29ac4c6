import type { OutputDecoder } from './decoder.ts';

/** Decodes rows of left, top, right, bottom, score in pixels of the input, as networks give that suppress themselves. */
export const decodeRows: OutputDecoder = (raw, minScore) => {
  const boxes: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i + 5 <= raw.length; i += 5) {
    if (!(raw[i + 4]! >= minScore)) continue;
    boxes.push(...raw.subarray(i, i + 4));
    scores.push(raw[i + 4]!);
  }
  return {
    count: scores.length,
    boxes: Float32Array.from(boxes),
    scores: Float32Array.from(scores),
  };
};
