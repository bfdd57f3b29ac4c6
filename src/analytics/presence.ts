import type { PersonPath } from '../track/path.ts';

/** A stretch of time in milliseconds; `endMs` is where the last sample's stretch ends. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** When a person was to be seen. */
export interface PersonPresence {
  readonly index: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** Milliseconds on screen: the length of all spans together. */
  readonly onScreenMs: number;
  /** Unbroken appearances, ascending, at least one. */
  readonly spans: readonly TimeSpan[];
}

/** Two samples further apart than this many intervals are two appearances. */
const GAP_INTERVALS = 2.5;

/**
 * Milliseconds between neighbouring samples: the median of the steps inside the paths, because a step over a gap
 * would mislead a mean. Without any step: one at 15 samples a second.
 */
export function sampleIntervalMs(paths: readonly PersonPath[]): number {
  // Of a day there are millions of steps, and a handful of lengths.
  const counts = new Map<number, number>();
  let all = 0;
  for (const { timestampsMs } of paths) {
    for (let i = 1; i < timestampsMs.length; i++) {
      const step = timestampsMs[i]! - timestampsMs[i - 1]!;
      counts.set(step, (counts.get(step) ?? 0) + 1);
      all++;
    }
  }
  let before = 0;
  for (const [step, count] of [...counts].sort(([a], [b]) => a - b)) {
    before += count;
    if (2 * before >= all) return Math.max(1, step);
  }
  return 1000 / 15;
}

/** Longest step in milliseconds that still belongs to one appearance. */
export function longestStepMs(intervalMs: number): number {
  return intervalMs * GAP_INTERVALS;
}

/** When the person of a path, of at least one sample, was to be seen. */
export function presenceOf(path: PersonPath, intervalMs: number): PersonPresence {
  const times = path.timestampsMs;
  const spans: TimeSpan[] = [];
  let startMs = times[0]!;
  for (let i = 1; i <= times.length; i++) {
    if (i < times.length && times[i]! - times[i - 1]! <= longestStepMs(intervalMs)) continue;
    spans.push({ startMs, endMs: times[i - 1]! + intervalMs });
    startMs = times[i]!;
  }
  return {
    index: path.index,
    firstMs: times[0]!,
    lastMs: times[times.length - 1]!,
    onScreenMs: spans.reduce((sum, span) => sum + span.endMs - span.startMs, 0),
    spans,
  };
}
