import { distanceToPolyline, type Point, stepCrossings } from './geometry.ts';
import { hasNoRoom, isAtEdge, placeOutside, SIDE_REACH, wasOut } from './out-of-picture.ts';
import type { SceneLine } from './scene.ts';
import type { Trajectory } from './trajectory.ts';

/**
 * Why a crossing is not sure: the path begins, or ends, at the edge of the picture before it is clear of the line; nobody
 * saw the person while they crossed; the path broke at the line and went on under another Index; or it stayed close to the line
 * on one side.
 */
export type UncertainReason =
  | 'begins-at-line'
  | 'ends-at-line'
  | 'unseen-at-line'
  | 'broken-path'
  | 'close-to-line';

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

/** How far beyond a line somebody must get, and come from, in body heights, so that the crossing counts. */
export const CROSSING_MARGIN = 0.1;

/**
 * How many margins, on both sides, so that it is sure: boxes err by a tenth of a body and more. Of the crossings that do not get so far 28 % are
 * wrong on suites with truth and half on PETS09-S2L1, of all others 6 and 0.4 %.
 */
const SURE_MARGINS = 2;

/**
 * The share of the margin from which a path that begins or ends at the edge of the picture counts, as uncertain, where the
 * line lies so close to that edge that nobody can be seen clear of it. Who is lost that close to a line elsewhere does not
 * count, at an edge along which they walk neither: of those fewer than one in three has crossed
 * (`npm run bench:counting`).
 */
const LEAST_SHARE = 0.5;

/** A step longer than this, in milliseconds, is not seen while it lasts. */
const UNSEEN_MS = 1000;

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
  const watch = new LineWatch(trajectory, line, aspect, margin);
  for (let k = 0; k < trajectory.x.length; k++) watch.step(k);
  return watch.end();
}

/** A line, and a path that is followed along it sample by sample. */
class LineWatch {
  readonly #path: Trajectory;
  readonly #line: SceneLine;
  readonly #aspect: number;
  readonly #margin: number;
  readonly #points: readonly Point[];
  readonly #bounds: Bounds;
  readonly #found: Crossing[] = [];
  /** First sample since the person was out of the picture. */
  #begin = 0;
  /** How many of those found are judged on both sides. */
  #settled = 0;
  /** To which side of where the path comes from it has gone: meetings to the right less those to the left. */
  #net = 0;
  #meetings: Meeting[] = [];
  /** The farthest from the line, in body heights, on the side that the path comes from. */
  #before = 0;
  /** The same on the side that it went to. */
  #after = 0;

  constructor(path: Trajectory, line: SceneLine, aspect: number, margin: number) {
    this.#path = path;
    this.#line = line;
    this.#aspect = aspect;
    this.#margin = margin;
    this.#points = line.points.map(([px, py]): Point => [px * aspect, py]);
    this.#bounds = boundsOf(this.#points);
  }

  /** Takes the next sample. */
  step(k: number): void {
    const { x, y, bodyHeights } = this.#path;
    if (k === 0) this.#enter(k);
    else if (wasOut(this.#path, k, this.#aspect)) {
      this.#leave(k - 1);
      this.#enter(k);
    } else if (stepMeets(this.#bounds, x[k - 1]!, y[k - 1]!, x[k]!, y[k]!))
      this.#meet(k - 1, k, x[k - 1]!, y[k - 1]!, x[k]!, y[k]!);
    // Far from the line and surely clear of it already, the distance changes nothing.
    if (this.#net === 0 && this.#before >= SURE_MARGINS * this.#margin) {
      if (this.#meetings.length > 0) this.#meetings = [];
      return;
    }
    const distance = distanceToPolyline(this.#points, x[k]!, y[k]!) / bodyHeights[k]!;
    if (this.#net === 0) {
      this.#meetings = [];
      this.#before = Math.max(this.#before, distance);
      return;
    }
    this.#after = Math.max(this.#after, distance);
    if (distance >= this.#margin) this.#close(k);
  }

  /** Says that there is no other sample. @returns the crossings */
  end(): Crossing[] {
    const { length } = this.#path.x;
    if (length > 0) this.#leave(length - 1);
    return this.#found;
  }

  /** The person comes into the picture with sample `k`. */
  #enter(k: number): void {
    const { x, y } = this.#path;
    this.#begin = k;
    this.#net = 0;
    this.#meetings = [];
    this.#before = 0;
    this.#after = 0;
    const side = this.#outside(k, 1);
    if (side) this.#meet(k, k, side.out, y[k]!, x[k]!, y[k]!);
  }

  /** The person is out of the picture after sample `k`. */
  #leave(k: number): void {
    const { x, y } = this.#path;
    const side = this.#outside(k, -1);
    if (side) this.#meet(k, k, x[k]!, y[k]!, side.out, y[k]!);
    if (this.#net !== 0) this.#close(k);
    this.#settle();
  }

  /** Without a margin frames alone count, and nobody is out of them. */
  #outside(k: number, step: 1 | -1) {
    return this.#margin > 0 ? placeOutside(this.#path, k, step, this.#aspect) : undefined;
  }

  /** Notes where the step from one place to another meets the line. @param from sample at its begin @param k at its end */
  #meet(from: number, k: number, x0: number, y0: number, x1: number, y1: number): void {
    const { timestampsMs } = this.#path;
    for (const { at, direction } of stepCrossings(this.#points, x0, y0, x1, y1)) {
      this.#net += direction;
      this.#after = 0;
      this.#meetings.push({
        direction,
        from,
        sample: k,
        timestampMs: timestampsMs[from]! + at * (timestampsMs[k]! - timestampsMs[from]!),
        at: [(x0 + at * (x1 - x0)) / this.#aspect, y0 + at * (y1 - y0)],
      });
    }
  }

  /** Judges whether the path has crossed. @param sample up to which it is judged */
  #close(sample: number): void {
    this.#settle();
    const { parts, timestampsMs } = this.#path;
    const direction = this.#net > 0 ? 1 : -1;
    const last = this.#meetings.findLast((it) => it.direction === direction)!;
    if (
      this.#isClear(this.#before, this.#begin, 1, last) &&
      this.#isClear(this.#after, sample, -1, last)
    ) {
      const stepMs = timestampsMs[last.sample]! - timestampsMs[last.from]!;
      const uncertain: UncertainReason | undefined =
        parts[last.from] !== parts[sample]
          ? 'broken-path'
          : this.#before < this.#margin
            ? 'begins-at-line'
            : this.#after < this.#margin
              ? 'ends-at-line'
              : stepMs > UNSEEN_MS
                ? 'unseen-at-line'
                : this.#before < SURE_MARGINS * this.#margin
                  ? 'close-to-line'
                  : undefined;
      this.#found.push({
        lineId: this.#line.id,
        // The right hand's where a line that parseScene has not read does not say.
        direction: (direction === 1) === (this.#line.inside !== 'left') ? 'in' : 'out',
        index: parts[last.from]!,
        timestampMs: Math.round(last.timestampMs),
        at: last.at,
        ...(uncertain === undefined ? {} : { uncertain }),
      });
    }
    this.#net = 0;
    this.#meetings = [];
    this.#before = this.#after;
    this.#after = 0;
  }

  /** Judges the last crossing by how far from the line the path has been since. */
  #settle(): void {
    const last = this.#found.at(-1);
    if (!last || this.#settled === this.#found.length) return;
    this.#settled = this.#found.length;
    const isSure = this.#before >= SURE_MARGINS * this.#margin;
    if (isSure || last.uncertain !== undefined) return;
    this.#found[this.#settled - 1] = { ...last, uncertain: 'close-to-line' };
  }

  /**
   * Whether the path was clear of the line on one side of it: by its distance, as far as the picture has room for that, or
   * out of the picture.
   * @param distance the farthest there, in body heights
   * @param k its first sample there (`step` 1), or its last (-1)
   */
  #isClear(distance: number, k: number, step: 1 | -1, meeting: Meeting): boolean {
    const margin = this.#margin;
    const isHalf =
      distance >= LEAST_SHARE * margin &&
      isAtEdge(this.#path, k, this.#aspect) &&
      hasNoRoom(this.#path, k, this.#aspect, this.#points, margin);
    return distance >= margin || isHalf || this.#isClearOutside(k, step, meeting);
  }

  /** Whether somebody at sample `k` was clear of the line out of the picture, beside the meeting. */
  #isClearOutside(k: number, step: 1 | -1, { at }: Meeting): boolean {
    const side = this.#outside(k, step);
    const height = this.#path.bodyHeights[k]!;
    return (
      side !== undefined &&
      Math.abs(at[0] * this.#aspect - side.edge) <= SIDE_REACH * height &&
      distanceToPolyline(this.#points, side.out, this.#path.y[k]!) >= this.#margin * height
    );
  }
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
