import { distanceToPolyline, nearestOnPolyline, type Point, stepCrossings } from './geometry.ts';
import { CUT_REACH, edgeWalkedThrough, walksThroughEdge } from './picture-edge.ts';
import type { SceneLine } from './scene.ts';
import { velocityAt } from './speed.ts';
import type { Trajectory } from './trajectory.ts';
import { LONGEST_UNSEEN_MS } from './visits.ts';

/**
 * Why a crossing is not sure: the path begins, or ends, at the edge of the picture before it is clear of the line; nobody
 * saw the person while they crossed; or the path broke at the line and went on under another Index.
 */
export type UncertainReason = 'begins-at-line' | 'ends-at-line' | 'unseen-at-line' | 'broken-path';

/** Somebody went over a line. */
export interface Crossing {
  readonly lineId: string;
  /** `in` leads to the line's inside. */
  readonly direction: 'in' | 'out';
  /** Index of the person; of a path that broke at the line, that of the part before it. */
  readonly index: number;
  /** Milliseconds from the video's start, whole. */
  readonly timestampMs: number;
  /** Where, in ratios of the displayed frame. */
  readonly at: Point;
  /** Why it is not sure; absent where it is. */
  readonly uncertain?: UncertainReason;
}

/** How far beyond a line somebody must get, and come from, in body heights, so that the crossing is sure. */
export const CROSSING_MARGIN = 0.1;

/**
 * The share of the margin from which a path that begins or ends at the edge of the picture counts, as uncertain, where the
 * line lies so close to that edge that nobody can be seen clear of it. Who is lost that close to a line elsewhere does not
 * count, at an edge along which they walk neither: of those fewer than one in three has crossed
 * (`npm run bench:counting`).
 */
const LEAST_SHARE = 0.5;

/** A foot closer to the edge of the picture than this, in body heights, is that of somebody who comes or goes there. */
const EDGE_REACH = 0.1;

/**
 * A line within this many body heights of the picture's left or right edge is crossed by whoever walks in or out there: nobody is
 * found before enough of them is in the picture, and then their middle is this far in it.
 */
const SIDE_REACH = 0.2;

/** Cosine of the angle, 60 degrees, within which the way off a line leads towards an edge of the picture. */
const TOWARDS = 0.5;

/** A step longer than this, in milliseconds, is not seen while it lasts. */
const UNSEEN_MS = 1000;

/**
 * Who is unseen for longer than this, in milliseconds, and walked out of the picture before and into it after, was out of it, and
 * may have gone around the line. Who goes on elsewhere, against the motion before and after, has not walked there
 * either: they left on one side and came back on the other, or it is somebody else of like looks.
 */
const JUMP_MS = 500;

interface Meeting {
  readonly direction: 1 | -1;
  readonly timestampMs: number;
  readonly at: Point;
  /** Samples at the step's begin and end; one and the same where the other is out of the picture. */
  readonly from: number;
  readonly sample: number;
}

/**
 * Crossings of a line by one trajectory, in order of time. A crossing counts when the path has gone from one side to
 * beyond the other, by a margin on both, and once however it dithers on the line; its moment is the last time that the
 * path met the line on that way. Somebody who walks around the end of a line has not crossed it, nor has somebody who
 * left the picture on one side of it and comes back on the other. Whoever walks in or out at the picture's left or right edge has
 * crossed a line along it, and it is not sure. Time is linear in the samples times the line's points.
 * @param aspect width of the displayed frame over its height
 * @param margin in body heights, 0 or more; 0 counts each meeting of path and line, frame by frame
 */
export function crossingsOf(
  trajectory: Trajectory,
  line: SceneLine,
  aspect: number,
  margin = CROSSING_MARGIN,
): Crossing[] {
  const { x, y, bodyHeights, timestampsMs, parts } = trajectory;
  const points = line.points.map(([px, py]): Point => [px * aspect, py]);
  const box = boundsOf(points);
  const found: Crossing[] = [];
  /** First sample since the person was out of the picture. */
  let begin = 0;
  let net = 0;
  let meetings: Meeting[] = [];
  // The farthest from the line, in body heights, on the side that the path comes from and on the one it went to.
  let before = 0;
  let after = 0;
  const isAtEdge = (k: number, side = EDGE_REACH) => {
    const height = bodyHeights[k]!;
    return (
      x[k]! < side * height ||
      x[k]! > aspect - side * height ||
      y[k]! > 1 - EDGE_REACH * height ||
      y[k]! - height < (EDGE_REACH / 2) * height
    );
  };
  /** Whether the picture ends before somebody at sample `k` could be clear of the line. */
  const hasNoRoom = (k: number) => {
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
  };
  const isOut = (k: number) => {
    const stepMs = timestampsMs[k]! - timestampsMs[k - 1]!;
    if (stepMs > LONGEST_UNSEEN_MS && (isAtEdge(k - 1, CUT_REACH) || isAtEdge(k, CUT_REACH)))
      return true;
    return (
      stepMs > JUMP_MS &&
      (isAgainst(trajectory, k) ||
        (walksThroughEdge(trajectory, k - 1, -1, aspect) &&
          walksThroughEdge(trajectory, k, 1, aspect)))
    );
  };
  /** Where somebody at sample `k` was just before they came in at a side (`step` 1), or will be (-1); undefined where they do not. */
  const outsideOf = (k: number, step: 1 | -1) => {
    const edge = margin > 0 ? edgeWalkedThrough(trajectory, k, step, aspect) : undefined;
    if (edge === undefined) return undefined;
    return { edge, out: edge + (edge > 0 ? 1 : -1) * SIDE_REACH * bodyHeights[k]! };
  };
  const meet = (from: number, k: number, x0: number, y0: number, x1: number, y1: number) => {
    for (const { at, direction } of stepCrossings(points, x0, y0, x1, y1)) {
      net += direction;
      after = 0;
      meetings.push({
        direction,
        from,
        sample: k,
        timestampMs: timestampsMs[from]! + at * (timestampsMs[k]! - timestampsMs[from]!),
        at: [(x0 + at * (x1 - x0)) / aspect, y0 + at * (y1 - y0)],
      });
    }
  };
  /** The step from out of the picture to sample `k`, or from it out, where they walk through a side of the picture. */
  const meetOutside = (k: number, step: 1 | -1) => {
    const side = outsideOf(k, step);
    if (!side) return;
    if (step > 0) meet(k, k, side.out, y[k]!, x[k]!, y[k]!);
    else meet(k, k, x[k]!, y[k]!, side.out, y[k]!);
  };
  /** Whether somebody at sample `k` was clear of the line out of the picture, beside the meeting. */
  const isClearOutside = (k: number, step: 1 | -1, { at }: Meeting) => {
    const side = outsideOf(k, step);
    const height = bodyHeights[k]!;
    return (
      side !== undefined &&
      Math.abs(at[0] * aspect - side.edge) <= SIDE_REACH * height &&
      distanceToPolyline(points, side.out, y[k]!) >= margin * height
    );
  };
  /** @param sample up to which the path is judged */
  const close = (sample: number) => {
    const direction = net > 0 ? 1 : -1;
    const last = meetings.findLast((it) => it.direction === direction)!;
    const isHalf = (distance: number, k: number) =>
      distance >= LEAST_SHARE * margin && isAtEdge(k) && hasNoRoom(k);
    const begins = before >= margin || isHalf(before, begin) || isClearOutside(begin, 1, last);
    const ends = after >= margin || isHalf(after, sample) || isClearOutside(sample, -1, last);
    if (begins && ends) {
      const stepMs = timestampsMs[last.sample]! - timestampsMs[last.from]!;
      const uncertain: UncertainReason | undefined =
        parts[last.from] !== parts[sample]
          ? 'broken-path'
          : before < margin
            ? 'begins-at-line'
            : after < margin
              ? 'ends-at-line'
              : stepMs > UNSEEN_MS
                ? 'unseen-at-line'
                : undefined;
      found.push({
        lineId: line.id,
        direction: (direction === 1) === (line.inside === 'right') ? 'in' : 'out',
        index: parts[last.from]!,
        timestampMs: Math.round(last.timestampMs),
        at: last.at,
        ...(uncertain === undefined ? {} : { uncertain }),
      });
    }
    net = 0;
    meetings = [];
    before = after;
    after = 0;
  };
  /** @param sample the last before the person is out of the picture */
  const end = (sample: number) => {
    meetOutside(sample, -1);
    if (net !== 0) close(sample);
  };
  for (let k = 0; k < x.length; k++) {
    const isNew = k === 0 || isOut(k);
    if (isNew) {
      if (k > 0) end(k - 1);
      begin = k;
      net = 0;
      meetings = [];
      before = 0;
      after = 0;
      meetOutside(k, 1);
    } else if (stepMeets(box, x[k - 1]!, y[k - 1]!, x[k]!, y[k]!))
      meet(k - 1, k, x[k - 1]!, y[k - 1]!, x[k]!, y[k]!);
    // Far from the line and clear of it already, the distance changes nothing.
    if (net === 0 && before >= margin) {
      if (meetings.length > 0) meetings = [];
      continue;
    }
    const distance = distanceToPolyline(points, x[k]!, y[k]!) / bodyHeights[k]!;
    if (net === 0) {
      meetings = [];
      before = Math.max(before, distance);
      continue;
    }
    after = Math.max(after, distance);
    if (distance >= margin) close(k);
  }
  if (x.length > 0) end(x.length - 1);
  return found;
}

/** Whether the step to sample `k` leads against the mean of the motion before it and after it. */
function isAgainst(trajectory: Trajectory, k: number): boolean {
  const { x, y } = trajectory;
  const [ax, ay] = velocityAt(trajectory, k - 1, -1);
  const [bx, by] = velocityAt(trajectory, k, 1);
  return (ax + bx) * (x[k]! - x[k - 1]!) + (ay + by) * (y[k]! - y[k - 1]!) < 0;
}

type Bounds = readonly [left: number, top: number, right: number, bottom: number];

function boundsOf(points: readonly Point[]): Bounds {
  const xs = points.map((point) => point[0]);
  const ys = points.map((point) => point[1]);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A cheap test that rules out most steps: whether the step's box meets the line's. */
function stepMeets(
  [left, top, right, bottom]: Bounds,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
) {
  return (
    Math.max(x0, x1) >= left &&
    Math.min(x0, x1) <= right &&
    Math.max(y0, y1) >= top &&
    Math.min(y0, y1) <= bottom
  );
}
