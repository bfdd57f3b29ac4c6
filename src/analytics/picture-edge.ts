import { velocityAt } from './speed.ts';
import type { Trajectory } from './trajectory.ts';

/** The middle of somebody whom the picture's left or right edge cuts lies within this many body heights of it. */
export const CUT_REACH = 0.35;
/** At slow sampling the way in or out is seen from one sample to the next, at most this many milliseconds off. */
const SLOW_MS = 2500;
/** Body heights a second below which somebody stands. */
const STILL = 0.1;

/**
 * Whether somebody walks out of the picture through its left or right edge after sample `k` (`step` -1), or came in there
 * before it (1); who stands there may do either.
 * @param aspect width of the displayed frame over its height
 */
export function walksThroughEdge(
  trajectory: Trajectory,
  k: number,
  step: 1 | -1,
  aspect: number,
): boolean {
  const x = trajectory.x[k]!;
  const height = trajectory.bodyHeights[k]!;
  const toRight = -step * velocityAt(trajectory, k, step)[0];
  return (
    (x < CUT_REACH * height && -toRight > -STILL * height) ||
    (x > aspect - CUT_REACH * height && toRight > -STILL * height)
  );
}

/**
 * The left or right edge of the picture, in frame heights from the left, through which somebody walks out after sample `k`
 * (`step` -1), or came in before it (1); undefined where they stand, or are clear of both.
 * @param aspect width of the displayed frame over its height
 */
export function edgeWalkedThrough(
  trajectory: Trajectory,
  k: number,
  step: 1 | -1,
  aspect: number,
): number | undefined {
  const x = trajectory.x[k]!;
  const height = trajectory.bodyHeights[k]!;
  const toRight = -step * velocityAt(trajectory, k, step, SLOW_MS)[0];
  if (x < CUT_REACH * height && -toRight > STILL * height) return 0;
  return x > aspect - CUT_REACH * height && toRight > STILL * height ? aspect : undefined;
}
