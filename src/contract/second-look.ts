/** How long a thing must have been seen to be over before it is removed for good: longer than most wrong clocks live. */
export const SECOND_LOOK_MS = 86_400_000;

/** Whether the time of something is over. One without an end is kept for ever. @param nowMs Unix milliseconds */
export function isExpired(
  { expiresAtMs }: { readonly expiresAtMs?: number },
  nowMs: number,
): boolean {
  return expiresAtMs !== undefined && expiresAtMs <= nowMs;
}

/**
 * What to do with a thing whose time may be over. A computer's clock may be wrong for a while, so nothing is removed
 * on one look: the first that finds it over marks it, a later one removes it, and one in between that finds it not
 * over takes the mark away.
 * @param thing `overSinceMs`: the mark, Unix milliseconds of the look that found it over first
 * @param nowMs Unix milliseconds, as the computer has it
 */
export function lookForOver(
  thing: { readonly expiresAtMs?: number; readonly overSinceMs?: number },
  nowMs: number,
): 'keep' | 'mark' | 'unmark' | 'remove' {
  const { overSinceMs } = thing;
  if (!isExpired(thing, nowMs)) return overSinceMs === undefined ? 'keep' : 'unmark';
  if (overSinceMs === undefined || overSinceMs > nowMs) return 'mark';
  return nowMs - overSinceMs >= SECOND_LOOK_MS ? 'remove' : 'keep';
}
