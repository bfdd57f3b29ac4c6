import type { TimeCount } from '../../analytics/analyze.ts';

/**
 * Recorders go on for seconds. The share of the shorter of two videos that both may have; a quiet video that runs for no more
 * of an hour is none of that hour.
 */
export const RUN_ON = 0.1;

/**
 * Whether a stretch of time has nobody in it and is there only since a recorder was some seconds early or late.
 * @param crossed who crossed the lines that are asked for
 * @param durationMs length of the video
 */
export function isRunOn(
  { bucket: { beginMs, endMs }, arrivals }: TimeCount,
  crossed: readonly { readonly in: number; readonly out: number }[],
  durationMs: number,
): boolean {
  const isQuiet = arrivals === 0 && crossed.every((line) => line.in + line.out === 0);
  const runsMs = Math.min(durationMs, endMs) - Math.max(0, beginMs);
  return isQuiet && runsMs < RUN_ON * Math.min(durationMs, endMs - beginMs);
}

/** Without a first and a last stretch of that kind. */
export function withoutRunOn(counts: readonly TimeCount[], durationMs: number): TimeCount[] {
  const isShown = (count: TimeCount) =>
    !isRunOn(count, count.lines, durationMs) || count.zones.some(({ visits }) => visits > 0);
  return counts.slice(counts.findIndex(isShown), counts.findLastIndex(isShown) + 1);
}
