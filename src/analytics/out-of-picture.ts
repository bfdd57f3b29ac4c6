import { nearestOnPolyline, type Point } from './geometry.ts';
import { CUT_REACH, edgeWalkedThrough, walksThroughEdge } from './picture-edge.ts';
import { velocityAt } from './speed.ts';
import type { Trajectory } from './trajectory.ts';
import { LONGEST_UNSEEN_MS } from './visits.ts';

/** A foot closer to the edge of the picture than this, in body heights, is that of somebody who comes or goes there. */
const EDGE_REACH = 0.1;

/**
 * A line within this many body heights of the picture's left or right edge is crossed by whoever walks in or out there: nobody is
 * found before enough of them is in the picture, and then their middle is this far in it.
 */
export const SIDE_REACH = 0.2;

/** Cosine of the angle, 60 degrees, within which the way off a line leads towards an edge of the picture. */
const TOWARDS = 0.5;

/**
 * Who is unseen for longer than this, in milliseconds, and walked out of the picture before and into it after, was out of it, and
 * may have gone around the line. Who goes on elsewhere, against the motion before and after, has not walked there
 * either: they left on one side and came back on the other, or it is somebody else of like looks.
 */
const JUMP_MS = 500;

/**
 * Whether somebody at sample `k` is where people come into the picture or leave it.
 * @param aspect width of the displayed frame over its height
 * @param side how close to its left and right edge that is, in body heights
 */
export function isAtEdge(
  { x, y, bodyHeights }: Trajectory,
  k: number,
  aspect: number,
  side = EDGE_REACH,
): boolean {
  const height = bodyHeights[k]!;
  return (
    x[k]! < side * height ||
    x[k]! > aspect - side * height ||
    y[k]! > 1 - EDGE_REACH * height ||
    y[k]! - height < (EDGE_REACH / 2) * height
  );
}

/**
 * Whether the picture ends before somebody at sample `k` could be clear of a line.
 * @param points of the line, in frame heights
 * @param margin from which they are, in body heights
 */
export function hasNoRoom(
  { x, y, bodyHeights }: Trajectory,
  k: number,
  aspect: number,
  points: readonly Point[],
  margin: number,
): boolean {
  const height = bodyHeights[k]!;
  const [nx, ny] = nearestOnPolyline(points, x[k]!, y[k]!);
  const distance = Math.hypot(x[k]! - nx, y[k]! - ny);
  const [right, down] = [(x[k]! - nx) / distance, (y[k]! - ny) / distance];
  const [clearX, clearY] = [nx + margin * height * right, ny + margin * height * down];
  const reach = (EDGE_REACH / 2) * height;
  return (
    (right > TOWARDS && clearX > aspect - reach) ||
    (-right > TOWARDS && clearX < reach) ||
    (-down > TOWARDS && clearY < reach)
  );
}

/** Whether somebody was out of the picture before sample `k`, or may have been, from 1 on. */
export function wasOut(trajectory: Trajectory, k: number, aspect: number): boolean {
  const { timestampsMs } = trajectory;
  const stepMs = timestampsMs[k]! - timestampsMs[k - 1]!;
  const isCut = (sample: number) => isAtEdge(trajectory, sample, aspect, CUT_REACH);
  if (stepMs > LONGEST_UNSEEN_MS && (isCut(k - 1) || isCut(k))) return true;
  return (
    stepMs > JUMP_MS &&
    (isAgainst(trajectory, k) ||
      (walksThroughEdge(trajectory, k - 1, -1, aspect) &&
        walksThroughEdge(trajectory, k, 1, aspect)))
  );
}

/** Whether the step to sample `k` leads against the mean of the motion before it and after it. */
function isAgainst(trajectory: Trajectory, k: number): boolean {
  const { x, y } = trajectory;
  const [ax, ay] = velocityAt(trajectory, k - 1, -1);
  const [bx, by] = velocityAt(trajectory, k, 1);
  return (ax + bx) * (x[k]! - x[k - 1]!) + (ay + by) * (y[k]! - y[k - 1]!) < 0;
}

/**
 * Where somebody at sample `k` was just before they came in at a side of the picture (`step` 1), or will be once they are out (-1).
 * @returns that edge and the place beyond it, in frame heights from the left; undefined where they do not walk through one
 */
export function placeOutside(
  trajectory: Trajectory,
  k: number,
  step: 1 | -1,
  aspect: number,
): { readonly edge: number; readonly out: number } | undefined {
  const edge = edgeWalkedThrough(trajectory, k, step, aspect);
  if (edge === undefined) return undefined;
  return { edge, out: edge + (edge > 0 ? 1 : -1) * SIDE_REACH * trajectory.bodyHeights[k]! };
}
