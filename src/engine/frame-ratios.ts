import type { FrameSize } from './common-frame.ts';

/**
 * A box cut to its frame, as Rekognition's were.
 * @param boxes XyxyPx, four numbers each
 * @param k which of them
 * @param frame displayed size in pixels
 * @returns Left, Top, Width, Height as ratios of the frame (`LtwhNorm`); undefined where no area is left
 */
export function frameRatios(
  boxes: Float32Array,
  k: number,
  { width, height }: FrameSize,
): readonly [number, number, number, number] | undefined {
  const left = Math.max(0, boxes[4 * k]!);
  const top = Math.max(0, boxes[4 * k + 1]!);
  const right = Math.min(width, boxes[4 * k + 2]!);
  const bottom = Math.min(height, boxes[4 * k + 3]!);
  if (!(right > left && bottom > top)) return undefined;
  return [left / width, top / height, (right - left) / width, (bottom - top) / height];
}
