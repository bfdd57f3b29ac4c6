import { chooseInputSizes, type Size } from './input-size.ts';
import type { ModelInput, Quality } from './manifest.ts';

/** Qualities from the dearest down. */
const BEST_FIRST = ['accurate', 'balanced'] as const;

/**
 * The best quality that a device has time for. The time of a convolutional network grows with the pixels it is given, so
 * one measurement tells for all sizes.
 * @param input of the model's manifest
 * @param video the displayed frame's size
 * @param measured milliseconds that a frame took, and the inputs it took them for
 * @param budgetMs milliseconds that a frame may take; `fast` is the answer even where it takes longer
 */
export function chooseQuality(
  input: ModelInput,
  video: Size,
  measured: { readonly frameMs: number; readonly inputs: readonly Size[] },
  budgetMs: number,
): { readonly quality: Quality; readonly expectedMs: number } {
  const expected = (quality: Quality) =>
    (measured.frameMs * pixels(chooseInputSizes(input, quality, video))) / pixels(measured.inputs);
  const quality = BEST_FIRST.find((name) => expected(name) <= budgetMs) ?? 'fast';
  return { quality, expectedMs: expected(quality) };
}

function pixels(sizes: readonly Size[]): number {
  return sizes.reduce((sum, { width, height }) => sum + width * height, 0);
}
