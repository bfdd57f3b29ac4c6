import type { Trajectory } from './trajectory.ts';
import { LONGEST_UNSEEN_MS } from './visits.ts';

/** A speed is taken over this long a stretch around its sample, in milliseconds: about a step of a walker. */
const WINDOW_MS = 1000;

/**
 * Speeds at each sample, over a second around it: the way in a straight line over its time. A stretch out of sight for
 * longer than five seconds is not run over. NaN where a person has one sample alone. Time is linear in the samples.
 * @param place where the person is at a sample, in the unit that the speed is to be in
 * @returns n numbers, units of `place` a second
 */
export function speedsOf(
  { timestampsMs }: Trajectory,
  place: (sample: number) => readonly [x: number, y: number],
): Float64Array {
  const n = timestampsMs.length;
  const speeds = new Float64Array(n);
  let from = 0;
  let to = 0;
  let partBegin = 0;
  for (let k = 0; k < n; k++) {
    if (k > 0 && timestampsMs[k]! - timestampsMs[k - 1]! > LONGEST_UNSEEN_MS) partBegin = k;
    from = Math.max(from, partBegin);
    while (timestampsMs[k]! - timestampsMs[from]! > WINDOW_MS / 2 && from < k) from++;
    to = Math.max(to, k);
    while (
      to + 1 < n &&
      timestampsMs[to + 1]! - timestampsMs[k]! <= WINDOW_MS / 2 &&
      timestampsMs[to + 1]! - timestampsMs[to]! <= LONGEST_UNSEEN_MS
    )
      to++;
    // Slow sampling: the neighbours are farther than half a second.
    const a = from < k ? from : Math.max(partBegin, k - 1);
    const hasNext = k + 1 < n && timestampsMs[k + 1]! - timestampsMs[k]! <= LONGEST_UNSEEN_MS;
    const b = to > k ? to : hasNext ? k + 1 : k;
    const seconds = (timestampsMs[b]! - timestampsMs[a]!) / 1000;
    const [ax, ay] = place(a);
    const [bx, by] = place(b);
    speeds[k] = seconds > 0 ? Math.hypot(bx - ax, by - ay) / seconds : Number.NaN;
  }
  return speeds;
}

/** Speeds in body heights a second at each sample; a walker makes about 0.8. */
export function bodyHeightSpeeds(trajectory: Trajectory): Float64Array {
  const { x, y, bodyHeights } = trajectory;
  return speedsOf(trajectory, (k) => [x[k]!, y[k]!]).map((speed, k) => speed / bodyHeights[k]!);
}

/** Velocity is taken over this long a stretch, in milliseconds; a stretch shorter than the second number has none. */
const VELOCITY_MS = 700;
const LEAST_VELOCITY_MS = 150;

/**
 * Velocity where a path ends or begins: over the 0.7 s before sample `k` (`step` -1) or after it (1).
 * @param farthestMs how far off the neighbour may be, in milliseconds, where there is none within that: none further by default
 * @returns frame heights a second to the right and downwards; 0, 0 where there is nothing to take it from
 */
export function velocityAt(
  { x, y, timestampsMs }: Trajectory,
  k: number,
  step: 1 | -1,
  farthestMs = 0,
): [number, number] {
  let other = k;
  const awayMs = (sample: number) =>
    sample >= 0 && sample < x.length
      ? Math.abs(timestampsMs[sample]! - timestampsMs[k]!)
      : Number.POSITIVE_INFINITY;
  if (awayMs(k + step) <= farthestMs) other += step;
  while (awayMs(other + step) <= VELOCITY_MS) other += step;
  const ms = timestampsMs[other]! - timestampsMs[k]!;
  if (Math.abs(ms) < LEAST_VELOCITY_MS) return [0, 0];
  return [(1000 * (x[other]! - x[k]!)) / ms, (1000 * (y[other]! - y[k]!)) / ms];
}
