/** The camera's shake, taken out of paths: lines and zones stand where the picture is on the mean. */
import { median } from './median.ts';
import type { Trajectory } from './trajectory.ts';

/** A shake is what differs from a straight way over this long, in milliseconds, about the sample or where a path begins or ends. */
const WINDOW_MS = 1000;
/** Fewest samples that make a way; a longer step than the second number breaks it off. */
const FEWEST_SAMPLES = 5;
const LONGEST_STEP_MS = 1000;
/** Fewest people whose motion says something of the camera's. */
const FEWEST = 3;
/** Whether the camera shakes is judged by so long a stretch, in milliseconds, from at least so many moments, so far apart. */
const STRETCH_MS = 60_000;
const FEWEST_MOMENTS = 20;
const MOMENT_MS = 250;
/**
 * The camera shakes when what people have in common is so many times what they have not: up to 1.6 times where it stands still, 5 times
 * where somebody walks with it, 4 to 30 times where a fixed one shakes by a fifth of a body height.
 */
const SHARED = 6;
/** Least shake, in frame heights: less crosses nobody's margin. */
const LEAST_SHAKE = 0.001;

/** Deviations of people at one moment, in frame heights. */
interface Deviations {
  readonly x: number[];
  readonly y: number[];
}

/**
 * Takes the shake of the camera out of trajectories, by direction and by minute, where three people or more move as one to and
 * fro while their own ways explain it badly: as wind, traffic and doors that slam shake a camera. The shift of a moment is
 * the median over its people of how far they are from their own straight way over a second. A camera that is moved on purpose does
 * not shake, nor is anything taken out where fewer than three people are in sight. Time and memory are linear in the
 * samples.
 * @returns the same trajectories where nothing shakes
 */
export function withoutShake(trajectories: readonly Trajectory[]): readonly Trajectory[] {
  let tick = Number.NaN;
  const now = deviations(trajectories, (ms) => {
    const isNew = Math.floor(ms / MOMENT_MS) !== tick;
    tick = Math.floor(ms / MOMENT_MS);
    return isNew;
  });
  const shaken = { x: shakenStretches(now, 'x'), y: shakenStretches(now, 'y') };
  if (shaken.x.size + shaken.y.size === 0) return trajectories;
  const all = deviations(trajectories, (ms) => {
    const stretch = Math.floor(ms / STRETCH_MS);
    return shaken.x.has(stretch) || shaken.y.has(stretch);
  });
  const shifts = { x: new Map<number, number>(), y: new Map<number, number>() };
  for (const [ms, people] of all) {
    if (people.x.length < FEWEST) continue;
    for (const along of ['x', 'y'] as const)
      if (shaken[along].has(Math.floor(ms / STRETCH_MS)))
        shifts[along].set(ms, median(people[along])!);
  }
  const without = (shift: ReadonlyMap<number, number>, places: Float64Array, times: Float64Array) =>
    places.map((place, k) => place - (shift.get(times[k]!) ?? 0));
  return trajectories.map((it) => ({
    ...it,
    x: without(shifts.x, it.x, it.timestampsMs),
    y: without(shifts.y, it.y, it.timestampsMs),
  }));
}

/** Stretches in which the camera shakes, by their ordinals. */
function shakenStretches(
  moments: ReadonlyMap<number, Deviations>,
  along: 'x' | 'y',
): ReadonlySet<number> {
  const stretches = new Map<number, { shared: number[]; own: number[] }>();
  for (const [ms, { [along]: people }] of moments) {
    if (people.length < FEWEST) continue;
    const stretch = Math.floor(ms / STRETCH_MS);
    let { shared, own } = stretches.get(stretch) ?? {};
    if (!shared || !own) {
      shared = [];
      own = [];
      stretches.set(stretch, { shared, own });
    }
    const middle = median(people)!;
    shared.push(Math.abs(middle));
    own.push(median(people.map((it) => Math.abs(it - middle)))!);
  }
  const isShaken = ({ shared, own }: { shared: number[]; own: number[] }) =>
    shared.length >= FEWEST_MOMENTS &&
    median(shared)! > Math.max(LEAST_SHAKE, SHARED * median(own)!);
  return new Set([...stretches].filter(([, it]) => isShaken(it)).map(([stretch]) => stretch));
}

/** How far people are from their own straight ways, at the moments that are asked for. */
function deviations(
  trajectories: readonly Trajectory[],
  isAsked: (ms: number) => boolean,
): Map<number, Deviations> {
  const moments = new Map<number, Deviations>();
  for (const { timestampsMs, x, y } of trajectories) {
    const n = timestampsMs.length;
    for (let begin = 0, end = 0; begin < n; begin = end) {
      // A stretch without a gap, and a window that slides over it.
      end = begin + 1;
      while (end < n && timestampsMs[end]! - timestampsMs[end - 1]! <= LONGEST_STEP_MS) end++;
      let first = begin;
      let last = begin;
      for (let k = begin; k < end; k++) {
        const ms = timestampsMs[k]!;
        const latest = timestampsMs[end - 1]!;
        const fromMs = Math.min(ms - WINDOW_MS / 2, latest - WINDOW_MS);
        while (timestampsMs[first]! < fromMs) first++;
        const toMs = Math.max(ms + WINDOW_MS / 2, timestampsMs[begin]! + WINDOW_MS);
        while (last + 1 < end && timestampsMs[last + 1]! <= toMs) last++;
        if (!isAsked(ms) || last - first + 1 < FEWEST_SAMPLES) continue;
        let moment = moments.get(ms);
        if (!moment) {
          moment = { x: [], y: [] };
          moments.set(ms, moment);
        }
        moment.x.push(offTheLine(timestampsMs, x, first, last, k));
        moment.y.push(offTheLine(timestampsMs, y, first, last, k));
      }
    }
  }
  return moments;
}

/** How far sample `k` lies from the straight line that fits samples `first` to `last` best, by least squares. */
function offTheLine(
  timestampsMs: Float64Array,
  values: Float64Array,
  first: number,
  last: number,
  k: number,
): number {
  const n = last + 1 - first;
  let t = 0;
  let v = 0;
  for (let i = first; i <= last; i++) {
    t += timestampsMs[i]!;
    v += values[i]!;
  }
  t /= n;
  v /= n;
  let tt = 0;
  let tv = 0;
  for (let i = first; i <= last; i++) {
    const dt = timestampsMs[i]! - t;
    tt += dt * dt;
    tv += dt * (values[i]! - v);
  }
  return values[k]! - v - (tv / tt) * (timestampsMs[k]! - t);
}
