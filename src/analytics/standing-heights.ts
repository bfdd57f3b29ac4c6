/** How tall bodies are in each row of the picture, learnt from those who are seen whole. */

/** The height of a standing body of usual size: `slope * foot + offset`, all in frame heights. */
export interface StandingHeights {
  readonly slope: number;
  readonly offset: number;
}

/** A body that may be seen whole. */
export interface SeenBody {
  /** Whose: the path's place in its list. */
  readonly path: number;
  /** Row of the feet, and height, in frame heights. */
  readonly foot: number;
  readonly height: number;
}

/** At most so many bodies of a path, evenly over its length, and so many in all are asked: every pair of them is tried. */
const OF_PATH = 12;
const OF_ALL = 160;
/** People differ by this share of their height from the usual one. */
const UNLIKE = 0.12;
/** Feet at least so far apart, in frame heights, tell a slope. */
const APART = 0.04;
/** So many paths, and so large a share of the bodies, must agree. */
const LEAST_PATHS = 6;
const LEAST_SHARE = 0.5;
/** Rounds in which each person's own size and the line are fitted in turn. */
const ROUNDS = 10;

/**
 * Fits the height of bodies as a straight line of the row of their feet, as a level floor and a camera that is not tilted
 * sideways have it: the line through two of them that agrees with most (RANSAC: Fischler and Bolles, 1981), less those who are taller
 * than it has them, for whoever is cut short is lower and nobody is higher; then by least squares of those that agree, with a size of each
 * person's own, for tall people who are far away and short ones who are near would tilt it.
 * @returns undefined where too few agree
 */
export function fitStandingHeights(bodies: readonly SeenBody[]): StandingHeights | undefined {
  const asked = evenly(bodies);
  let best: StandingHeights | undefined;
  let most = 0;
  for (const [i, a] of asked.entries()) {
    for (let k = 0; k < i; k++) {
      const line = lineThrough(a, asked[k]!);
      if (!line) continue;
      const votes = votesFor(line, asked);
      if (votes <= most) continue;
      most = votes;
      best = line;
    }
  }
  if (!best || most < LEAST_SHARE * asked.length) return undefined;
  const agreeing = asked.filter((body) => isLike(best, body));
  if (new Set(agreeing.map(({ path }) => path)).size < LEAST_PATHS) return undefined;
  return withOwnSizes(agreeing, best);
}

const heightAt = ({ slope, offset }: StandingHeights, foot: number) => slope * foot + offset;

const isLike = (line: StandingHeights, { foot, height }: SeenBody) =>
  Math.abs(height - heightAt(line, foot)) < UNLIKE * height;

/** Nobody's feet move slower than their head as they come nearer, or their height would not grow. */
function lineThrough(a: SeenBody, b: SeenBody): StandingHeights | undefined {
  if (Math.abs(a.foot - b.foot) < APART) return undefined;
  const slope = (a.height - b.height) / (a.foot - b.foot);
  return slope > 0 && slope < 1 ? { slope, offset: a.height - slope * a.foot } : undefined;
}

function votesFor(line: StandingHeights, bodies: readonly SeenBody[]): number {
  let votes = 0;
  for (const body of bodies) {
    if (isLike(line, body)) votes++;
    else if (body.height > heightAt(line, body.foot)) votes--;
  }
  return votes;
}

function withOwnSizes(bodies: readonly SeenBody[], first: StandingHeights): StandingHeights {
  let line = first;
  for (let round = 0; round < ROUNDS; round++) {
    const sizes = new Map<number, { sum: number; count: number }>();
    for (const { path, foot, height } of bodies) {
      const own = sizes.get(path) ?? { sum: 0, count: 0 };
      own.sum += height / heightAt(line, foot);
      own.count++;
      sizes.set(path, own);
    }
    let usual = 0;
    for (const { sum, count } of sizes.values()) usual += sum / count / sizes.size;
    const next = leastSquares(
      bodies.map(({ path, foot, height }) => {
        const { sum, count } = sizes.get(path)!;
        return { path, foot, height: (height * usual * count) / sum };
      }),
    );
    if (!next) return line;
    line = next;
  }
  return line;
}

function leastSquares(bodies: readonly SeenBody[]): StandingHeights | undefined {
  const n = bodies.length;
  const foot = bodies.reduce((sum, it) => sum + it.foot, 0) / n;
  const height = bodies.reduce((sum, it) => sum + it.height, 0) / n;
  const both = bodies.reduce((sum, it) => sum + (it.foot - foot) * (it.height - height), 0);
  const square = bodies.reduce((sum, it) => sum + (it.foot - foot) ** 2, 0);
  const slope = both / square;
  return slope > 0 && slope < 1 ? { slope, offset: height - slope * foot } : undefined;
}

/** A choice in which each path has as many bodies as any other, as far as it has them. */
function evenly(bodies: readonly SeenBody[]): readonly SeenBody[] {
  const byPath = new Map<number, SeenBody[]>();
  for (const body of bodies) {
    const own = byPath.get(body.path);
    if (own) own.push(body);
    else byPath.set(body.path, [body]);
  }
  const each = Math.min(OF_PATH, Math.max(2, Math.floor(OF_ALL / byPath.size)));
  return spread(
    [...byPath.values()].flatMap((own) => spread(own, each)),
    OF_ALL,
  );
}

/** At most so many of the items, evenly from first to last. */
function spread<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor(((i + 0.5) * items.length) / count)]!,
  );
}
