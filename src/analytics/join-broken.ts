import { firstAbove } from './first-above.ts';
import { walksThroughEdge } from './picture-edge.ts';
import { velocityAt } from './speed.ts';
import type { Trajectory } from './trajectory.ts';

/** Longest gap over which a broken path is taken up again, in milliseconds. */
const LONGEST_GAP_MS = 1500;
/** How far from where motion leads a path may be taken up again, in body heights: at once, and more a second of gap. */
const NEAR = 0.3;
const NEAR_PER_SECOND = 0.5;
/** Heights of one body do not differ by more than this factor over a second. */
const LIKE_HEIGHT = 1.6;

/**
 * Joins trajectories that break off and go on with another Index within a second and a half, about where their motion leads: for
 * counting alone, where a wrong join costs less than a person lost at a line. Each end goes to one beginning at most, the
 * likeliest pairs first. Nobody who walks out of the picture on the left or right is taken for whoever comes in there. What has
 * no other half is handed on as it is. Tracking itself joins more carefully (refinement); what is left for here are the
 * breaks that it left in doubt, of which three in four are two people.
 * @param aspect width of the displayed frame over its height
 */
export function joinBroken(trajectories: readonly Trajectory[], aspect: number): Trajectory[] {
  const filled = trajectories.filter((it) => it.x.length > 0);
  const byStart = filled.map((_, i) => i).sort((a, b) => startOf(filled[a]!) - startOf(filled[b]!));
  const starts = byStart.map((i) => startOf(filled[i]!));
  const leaves = filled.map((it) => walksThroughEdge(it, it.x.length - 1, -1, aspect));
  const comes = filled.map((it) => walksThroughEdge(it, 0, 1, aspect));
  const pairs: { cost: number; from: number; to: number }[] = [];
  for (let from = 0; from < filled.length; from++) {
    if (leaves[from]) continue;
    const end = endOf(filled[from]!);
    for (let s = firstAbove(starts, end); s < starts.length; s++) {
      if (starts[s]! > end + LONGEST_GAP_MS) break;
      const to = byStart[s]!;
      if (comes[to]) continue;
      const cost = joinCost(filled[from]!, filled[to]!);
      if (cost < 1) pairs.push({ cost, from, to });
    }
  }
  pairs.sort((a, b) => a.cost - b.cost || a.from - b.from || a.to - b.to);
  const next = new Map<number, number>();
  const taken = new Set<number>();
  for (const { from, to } of pairs) {
    if (next.has(from) || taken.has(to)) continue;
    next.set(from, to);
    taken.add(to);
  }
  return filled
    .map((_, i) => i)
    .filter((i) => !taken.has(i))
    .map((first) => {
      const chain = [filled[first]!];
      for (let i = next.get(first); i !== undefined; i = next.get(i)) chain.push(filled[i]!);
      return concatenate(chain);
    });
}

const startOf = (it: Trajectory) => it.timestampsMs[0]!;
const endOf = (it: Trajectory) => it.timestampsMs[it.timestampsMs.length - 1]!;

/** Distance between where both motions meet, as a share of what is allowed; 1 and above is no pair. */
function joinCost(a: Trajectory, b: Trajectory): number {
  const end = a.x.length - 1;
  const seconds = (startOf(b) - endOf(a)) / 1000;
  const ratio = a.bodyHeights[end]! / b.bodyHeights[0]!;
  if (ratio > LIKE_HEIGHT || ratio < 1 / LIKE_HEIGHT) return Number.POSITIVE_INFINITY;
  const [ax, ay] = velocityAt(a, end, -1);
  const [bx, by] = velocityAt(b, 0, 1);
  const dx = b.x[0]! - a.x[end]! - (seconds * (ax + bx)) / 2;
  const dy = b.y[0]! - a.y[end]! - (seconds * (ay + by)) / 2;
  const height = (a.bodyHeights[end]! + b.bodyHeights[0]!) / 2;
  return Math.hypot(dx, dy) / height / (NEAR + NEAR_PER_SECOND * seconds);
}

function concatenate(chain: readonly Trajectory[]): Trajectory {
  if (chain.length === 1) return chain[0]!;
  const length = chain.reduce((sum, it) => sum + it.x.length, 0);
  const joined: Trajectory = {
    index: chain[0]!.index,
    timestampsMs: new Float64Array(length),
    x: new Float64Array(length),
    y: new Float64Array(length),
    bodyHeights: new Float64Array(length),
    parts: new Int32Array(length),
  };
  let at = 0;
  for (const it of chain) {
    joined.timestampsMs.set(it.timestampsMs, at);
    joined.x.set(it.x, at);
    joined.y.set(it.y, at);
    joined.bodyHeights.set(it.bodyHeights, at);
    joined.parts.set(it.parts, at);
    at += it.x.length;
  }
  return joined;
}
