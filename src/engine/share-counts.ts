import type { DetectedShare } from './ports.ts';

/** Counts of detection frames by the share of the image in which people were detected. */
export type ShareCounts = Readonly<Record<DetectedShare, number>>;

const NONE: ShareCounts = { whole: 0, parts: 0, nothing: 0 };

/** One detection frame more. @param counts of those before it, default none */
export function countShare(share: DetectedShare, counts = NONE): ShareCounts {
  return { ...counts, [share]: counts[share] + 1 };
}

/** @returns of all parts together; undefined where one of them is not known, since the rest would say something wrong */
export function sumShares(parts: readonly (ShareCounts | undefined)[]): ShareCounts | undefined {
  let sum = NONE;
  for (const part of parts) {
    if (!part) return undefined;
    const { whole, parts: inParts, nothing } = part;
    sum = {
      whole: sum.whole + whole,
      parts: sum.parts + inParts,
      nothing: sum.nothing + nothing,
    };
  }
  return sum;
}
