/** Who stands behind what stays where it is: a counter, a shelf, a low wall, a parked car that hides the legs of all who pass behind it. */
import type { AnalysedPath } from './analysed-path.ts';
import { median } from './median.ts';
import { fitStandingHeights, type SeenBody } from './standing-heights.ts';
import { BELOW_PICTURE, FREE } from './why-hidden.ts';

/** A box lower than this share of the height foreseen is cut short. */
const CUT_SHORT = 0.85;
/** Where furniture is known, one lower than this is. */
const CUT_SHORT_THERE = 0.93;
/** A person's height as a share of the usual one. */
const LEAST_SIZE = 0.8;
const MOST_SIZE = 1.25;
/** Cells in which edges of furniture are looked for, as ratios of the picture: its upper edge is level, or nearly. */
const CELL_WIDTH = 0.12;
const CELL_HEIGHT = 0.025;
/** Numbers of rows for a column's cells, boxes beyond the picture included. */
const ROWS = 2 ** 16;
/**
 * So many paths are cut short at an edge, and at least so many of each that are not: whoever is hidden but for the shins is not cut
 * short, nor is who is always behind furniture, and so seems small.
 */
const LEAST_CUT = 4;
const CUT_TO_WHOLE = 2 / 3;
/** The nearer the camera is to the height of heads, the less their row says of that of the feet: from this share on it does. */
const LEAST_LEVER = 0.2;
/** A box this much lower for its width than those of its own path is not asked how tall bodies are: at most a fifth of them are higher. */
const STOCKY = 0.85;
const SLIMMEST = 0.8;
/** At most so many samples of a path are looked at for that, evenly over its length. */
const LOOKED_AT = 300;
/** Who is nearer than this to the picture's edges may be cut off by them. */
const EDGE = 0.01;
const LOWER_EDGE = 0.025;
/** What furniture is found shows what bodies are whole, and these what furniture there is: in turn, so often. */
const ROUNDS = 3;

/** Paths, and of each sample the height of the box and why its feet are not seen. */
interface Seen {
  readonly paths: readonly AnalysedPath[];
  readonly heights: readonly Float64Array[];
  readonly hidden: readonly Uint8Array[];
}

/** Whether something holds for sample `k` of path `p`. */
type Test = (p: number, k: number) => boolean;

/**
 * Estimates the heights of bodies whose boxes end at the upper edge of furniture. That is where in the picture the boxes of several
 * people end too early for where their heads are, by what bodies have there that are seen whole, and by each person's own size. The
 * head then tells where the feet are. Without enough whole bodies, or from a camera as low as heads, nothing is estimated.
 * @param heights of the boxes, by path; those estimated are changed
 * @param hidden why feet are not seen, by path; of those estimated it is taken back, for they are as good as seen
 */
export function estimateBehindFurniture(
  paths: readonly AnalysedPath[],
  heights: readonly Float64Array[],
  hidden: readonly Uint8Array[],
): void {
  const seen = { paths, heights, hidden };
  let isAtEdge: Test = () => false;
  let foreseen: readonly Float64Array[] | undefined;
  for (let round = 0; round < ROUNDS; round++) {
    foreseen = foreseenHeights(seen, isAtEdge);
    const edge = foreseen && findEdges(seen, foreseen);
    if (!edge) return;
    isAtEdge = edge;
  }
  for (const [p, own] of foreseen!.entries()) {
    const cut = own.map((height, k) => Number(heights[p]![k]! < CUT_SHORT_THERE * height));
    // Around the corner of what is known it goes on, as long as the box is cut short.
    let isBehind = false;
    const take = (k: number) => {
      isBehind = cut[k] === 1 && hidden[p]![k] !== BELOW_PICTURE && (isBehind || isAtEdge(p, k));
      if (isBehind) cut[k] = 2;
    };
    for (let k = 0; k < own.length; k++) take(k);
    isBehind = false;
    for (let k = own.length - 1; k >= 0; k--) {
      if (cut[k] === 2) isBehind = true;
      else take(k);
    }
    for (let k = 0; k < own.length; k++) {
      if (cut[k] !== 2) continue;
      heights[p]![k] = own[k]!;
      hidden[p]![k] = FREE;
    }
  }
}

/** Heights by where heads are, by path; not numbers where nothing is known. @param isLeftOut who may be cut short */
function foreseenHeights(seen: Seen, isLeftOut: Test): Float64Array[] | undefined {
  const { paths, heights, hidden } = seen;
  const usual = fitStandingHeights(wholeBodies(seen, isLeftOut));
  if (!usual) return undefined;
  const { slope, offset } = usual;
  return paths.map(({ boxes }, p) => {
    const size = median(
      heights[p]!.map((height, k) => {
        const own = height / (slope * (boxes[4 * k + 1]! + height) + offset);
        const isAsked = hidden[p]![k] === FREE && !isLeftOut(p, k);
        return isAsked && own > LEAST_SIZE && own < MOST_SIZE ? own : Number.NaN;
      }),
    );
    const lever = size === undefined ? 0 : 1 - size * slope;
    return heights[p]!.map((_, k) =>
      lever < LEAST_LEVER ? Number.NaN : (size! * (slope * boxes[4 * k + 1]! + offset)) / lever,
    );
  });
}

function wholeBodies({ paths, heights, hidden }: Seen, isLeftOut: Test): SeenBody[] {
  return paths.flatMap(({ boxes }, path) => {
    const own = heights[path]!;
    const step = Math.ceil(own.length / LOOKED_AT);
    const slimness = (k: number) => own[k]! / Math.max(1e-6, boxes[4 * k + 2]!);
    const all = Float64Array.from({ length: Math.floor(own.length / step) }, (_, i) =>
      slimness(i * step),
    ).sort();
    const least = STOCKY * (all[Math.floor(SLIMMEST * all.length)] ?? 0);
    const bodies: SeenBody[] = [];
    for (let k = 0; k < own.length; k += step) {
      const [left, top, width] = [boxes[4 * k]!, boxes[4 * k + 1]!, boxes[4 * k + 2]!];
      const foot = top + own[k]!;
      const isInside =
        left > EDGE && top > EDGE && left + width < 1 - EDGE && foot < 1 - LOWER_EDGE;
      if (hidden[path]![k] === FREE && isInside && slimness(k) >= least && !isLeftOut(path, k))
        bodies.push({ path, foot, height: own[k]! });
    }
    return bodies;
  });
}

/** Where several people are cut short: whether a box ends in such a cell, or in one beside it; undefined where there is none. */
function findEdges({ paths, heights, hidden }: Seen, foreseen: readonly Float64Array[]) {
  const ends = new Map<number, { cut: Set<number>; whole: Set<number> }>();
  const cellOf = (p: number, k: number) => {
    const { boxes } = paths[p]!;
    const column = Math.floor((boxes[4 * k]! + boxes[4 * k + 2]! / 2) / CELL_WIDTH);
    return column * ROWS + Math.floor((boxes[4 * k + 1]! + boxes[4 * k + 3]!) / CELL_HEIGHT);
  };
  for (const p of paths.keys()) {
    for (const [k, height] of heights[p]!.entries()) {
      if (hidden[p]![k] !== FREE || Number.isNaN(foreseen[p]![k]!)) continue;
      const cell = cellOf(p, k);
      const own = ends.get(cell) ?? { cut: new Set(), whole: new Set() };
      ends.set(cell, own);
      (height < CUT_SHORT * foreseen[p]![k]! ? own.cut : own.whole).add(p);
    }
  }
  const edges = new Set<number>();
  for (const [cell, { cut, whole }] of ends) {
    if (cut.size < LEAST_CUT || cut.size < CUT_TO_WHOLE * whole.size) continue;
    for (const column of [-ROWS, 0, ROWS])
      for (const row of [-1, 0, 1]) edges.add(cell + column + row);
  }
  return edges.size > 0 ? (p: number, k: number) => edges.has(cellOf(p, k)) : undefined;
}
