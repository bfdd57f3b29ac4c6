/** Which pixels of a line make one of a scaled line, and their weights. */
export interface Taps {
  /** First pixel of the source. */
  readonly start: number;
  /** Whole numbers whose sum is the same for every pixel. */
  readonly weights: readonly number[];
}

/**
 * How a line is scaled: shrunk, each pixel is the mean of what it covers, in part too, so that nothing is passed over;
 * enlarged, it is mixed of the two that it lies between. Half-pixel centres. The same on every device: the weights are
 * whole numbers.
 * @param from pixels of the source, at least 1
 * @param to pixels of the result, at least 1
 * @param sum of the weights
 */
export function scaleTaps(from: number, to: number, sum: number): Taps[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const begin = step >= 1 ? i * step : Math.min(from - 1, Math.max(0, (i + 0.5) * step - 0.5));
    const end = step >= 1 ? (i + 1) * step : begin + 1;
    const start = Math.min(from - 1, Math.floor(begin));
    const stop = Math.min(from, Math.max(start + 1, Math.ceil(end)));
    // Rounding what is covered so far, not each part, keeps the sum.
    const covered = (place: number) =>
      Math.round((sum * (Math.min(place, end) - begin)) / (Math.min(from, end) - begin));
    const weights = Array.from(
      { length: stop - start },
      (_, k) => covered(start + k + 1) - (k === 0 ? 0 : covered(start + k)),
    );
    return { start, weights };
  });
}
