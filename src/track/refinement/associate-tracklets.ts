/** Long because the groups, what ties them and which pair comes next change each other with every join. */
import {
  type Appearance,
  type Embedding,
  embeddingDistance,
  toEmbedding,
} from '../appearance/appearance.ts';
import { TIME_EPSILON } from '../time.ts';
import { joinParts } from './join-parts.ts';
import { OVERLAP_SECONDS, type Reach } from './reach.ts';
import type { RefineOptions } from './refine-options.ts';
import { returnEvidence } from './returns.ts';
import type { Tracklet } from './tracklet.ts';
import type { WindowedEmbedding } from './windowed-embeddings.ts';

/** Gaps, in seconds, over which the usual appearance model counts; over longer ones only what was measured. */
const SHORT_SECONDS = 5;
/**
 * How long, in seconds, until motion that fits would tell nothing. The longer nobody saw them, the more people fit: after four seconds, the longest
 * that motion tells anything about, it is half, and just enough by itself.
 */
const FADING_SECONDS = 8;
/**
 * By how much, in nats, the mean of all kinds of embeddings may be above what the kind says that speaks most against one person. A network
 * sees shapes where colours see clothes: to whom two in other clothes are one, the other knows better.
 */
const MOST_OVERRULED = 2;
/** Parts that begin within as many seconds are weighed against each other; earlier groups are taken as they are. */
const WINDOW_SECONDS = 300;

/** Those knobs of refinement that matter here. */
export type AssociationOptions = Pick<
  RefineOptions,
  'rejoinSeconds' | 'joinEvidence' | 'motionEvidence' | 'mostEvidence' | 'shortSeconds'
>;

/** More groups than are ever made: makes one number of two ids. */
const MOST_GROUPS = 2 ** 26;

/** What embeddings of one kind tell. */
export interface AppearanceEvidence {
  /** Of each part, in the order of the parts; none of whoever was not well seen. */
  readonly embeddings: readonly (readonly Pick<WindowedEmbedding, 'sum'>[])[];
  /** From one moment to the next. */
  readonly short: Appearance;
  /** From one visit to another; undefined where it could not be measured. */
  readonly long: Appearance | undefined;
}

/** Parts of tracks that are one person's. */
interface Group {
  /** Place in the order of all that were ever made. */
  readonly id: number;
  /** In order of their first samples. */
  readonly parts: readonly Tracklet[];
  /** For each kind of embeddings the sum of all windows. */
  readonly sums: readonly (Float32Array | undefined)[];
  /** The same as embeddings. */
  readonly embeddings: readonly (Embedding | undefined)[];
}

/** A part that fits in motion as what comes after another. */
interface Continuation {
  readonly before: Tracklet;
  readonly after: Tracklet;
  /** Seconds between the two; below 0 where they overlap a little. */
  readonly gap: number;
}

/** What is seen of two groups that may be one person. */
interface Tie {
  /** What appearance says, in nats for one person; undefined where they have no embeddings in common. */
  readonly alike: number | undefined;
  /** Parts whose end and beginning fit one motion. */
  readonly motions: readonly Continuation[];
}

/** What speaks for two groups being one person. */
interface Bond extends Pick<Tie, 'motions'> {
  /** In nats, above 0. */
  readonly evidence: number;
  /** Whether appearance is part of it. */
  readonly hasEmbeddings: boolean;
}

/** Two groups that might be joined; `a` is the older one. */
interface Pair {
  readonly a: Group;
  readonly b: Group;
  readonly bond: Bond;
  /** Evidence less the ambiguity penalty, as it was when the bonds of the two groups had changed so many times. */
  margin: number;
  asOf: number;
}

/**
 * Puts together the parts of tracks that are one person's: the two groups with the strongest evidence are joined, time
 * and again (agglomerative clustering with constraints). Evidence is a log-likelihood ratio: how alike the groups are in the mean of all windowed
 * embeddings, in the mean of all kinds of embeddings that both have, of which none is overruled altogether, and that the end of a part and the beginning of the next fit one motion; where they do not, how usual a return is in this video ({@link returnEvidence}). Never two that are there together;
 * neighbours in time must be within a walk of each other; and whoever might be the one instead, but cannot be both,
 * is ambiguity, and what speaks for them a penalty (of whoever was there for a moment only, embeddings need less to decide): where motion fits two and appearance tells nothing, neither is joined, for a wrong join costs more than a missing
 * one. A part that overlaps the next a little goes as far as the next begins. Long videos are gone through in windows:
 * time grows linearly with the video's length and with the square of the parts within five minutes.
 * @param tracklets parts in any order, each with an element; those that are joined are changed
 * @param times of all samples in seconds
 * @param reach of people in this video
 * @param kinds what embeddings tell in this video, kind by kind
 * @param options of refinement: how long a gap may be and how much evidence it takes
 * @returns one tracklet a person, in order of their first sample
 */
export function associateTracklets(
  tracklets: readonly Tracklet[],
  times: ArrayLike<number>,
  reach: Reach,
  kinds: readonly AppearanceEvidence[],
  options: AssociationOptions,
): Tracklet[] {
  // Two people may start in the same sample; the answer must not depend on the order they came in.
  const parts = tracklets.map((tracklet, i): Part => {
    return { tracklet, sums: kinds.map(({ embeddings }) => sumOf(embeddings[i]!)) };
  });
  const ordered = parts.sort(
    ({ tracklet: a }, { tracklet: b }) => a.first - b.first || a.boxes[0]! - b.boxes[0]!,
  );
  const clusters = new Clusters(times, reach, kinds, options);
  for (let from = 0; from < ordered.length; ) {
    const end = times[ordered[from]!.tracklet.first]! + WINDOW_SECONDS;
    let to = from;
    while (to < ordered.length && times[ordered[to]!.tracklet.first]! < end) to++;
    clusters.add(ordered.slice(from, to));
    from = to;
  }
  return clusters
    .finish()
    .map(joinParts)
    .sort((a, b) => a.first - b.first || a.boxes[0]! - b.boxes[0]!);
}

/** A part, and for each kind of embeddings the sum of its windows. */
type Part = { readonly tracklet: Tracklet } & Pick<Group, 'sums'>;

class Clusters {
  readonly #times: ArrayLike<number>;
  readonly #reach: Reach;
  readonly #kinds: readonly AppearanceEvidence[];
  readonly #options: AssociationOptions;
  readonly #done: Group[] = [];
  #open = new Set<Group>();
  /** What ties a group to others. */
  #bonds = new Map<Group, Map<Group, Bond>>();
  /** How often each group's bonds changed. */
  #changes = new Map<Group, number>();
  /** Pairs with enough evidence by themselves, the strongest first; groups that are gone may be among them. */
  #ranked: Pair[] = [];
  /** Whether two groups, by their ids, are two people. */
  readonly #apart = new Map<number, boolean>();
  /** What is seen of two groups, by their ids. */
  readonly #ties = new Map<number, Tie | undefined>();
  /** What speaks for a return before anybody is looked at, in nats. */
  #returns = 0;
  #made = 0;

  constructor(
    times: ArrayLike<number>,
    reach: Reach,
    kinds: readonly AppearanceEvidence[],
    options: AssociationOptions,
  ) {
    this.#times = times;
    this.#reach = reach;
    this.#kinds = kinds;
    this.#options = options;
  }

  /** Takes the parts of the next window and joins what can be. */
  add(people: readonly Part[]): void {
    const start = this.#times[people[0]!.tracklet.first]!;
    for (const group of this.#open) {
      const last = group.parts.reduce((latest, { last }) => Math.max(latest, last), 0);
      if (this.#times[last]! + this.#options.rejoinSeconds + OVERLAP_SECONDS >= start) continue;
      this.#done.push(group);
      this.#remove(group);
    }
    const groups = people.map(({ tracklet, sums }): Group => {
      return { id: this.#made++, parts: [tracklet], sums, embeddings: sums.map(embedded) };
    });
    const known = [...this.#open];
    this.#returns = returnEvidence(
      groups.map((group, i) => this.#returnsOf(group, [...known, ...groups.slice(0, i)])),
    );
    for (const group of groups) this.#insert(group);
    for (let best = this.#strongest(); best; best = this.#strongest()) this.#join(best);
    this.#apart.clear();
    this.#ties.clear();
  }

  /** All groups, once everything was added. */
  finish(): (readonly Tracklet[])[] {
    return [...this.#done, ...this.#open].map(({ parts }) => parts);
  }

  #insert(group: Group): void {
    const bonds = new Map<Group, Bond>();
    this.#open.add(group);
    this.#bonds.set(group, bonds);
    this.#changes.set(group, 0);
    for (const other of this.#open) {
      const bond = other === group ? undefined : this.#bond(group, other);
      if (!bond || !(bond.evidence > 0)) continue;
      bonds.set(other, bond);
      this.#bonds.get(other)!.set(group, bond);
      this.#change(other);
      if (bond.evidence < this.#options.joinEvidence) continue;
      this.#ranked.push({ a: other, b: group, bond, margin: 0, asOf: -1 });
    }
  }

  /** What looks say for a group being each of those who were there before, whom nothing but looks tells from it. */
  #returnsOf(group: Group, earlier: readonly Group[]): number[] {
    return earlier.flatMap((other) => {
      const tie = this.#tie(group, other);
      return tie?.alike === undefined || tie.motions.length > 0 ? [] : [tie.alike];
    });
  }

  #change(group: Group): void {
    this.#changes.set(group, this.#changes.get(group)! + 1);
  }

  #remove(group: Group): void {
    for (const other of this.#bonds.get(group)!.keys()) {
      this.#bonds.get(other)!.delete(group);
      this.#change(other);
    }
    this.#bonds.delete(group);
    this.#changes.delete(group);
    this.#open.delete(group);
  }

  #join({ a, b }: Pair): void {
    this.#remove(a);
    this.#remove(b);
    const sums = a.sums.map((sum, kind) => added(sum, b.sums[kind]));
    const parts = inOrder(a.parts, b.parts);
    this.#insert({ id: this.#made++, parts, sums, embeddings: sums.map(embedded) });
  }

  /** The pair to join next; undefined where none has evidence enough. */
  #strongest(): Pair | undefined {
    this.#ranked = this.#ranked
      .filter(({ a, b }) => this.#open.has(a) && this.#open.has(b))
      .sort((p, q) => q.bond.evidence - p.bond.evidence || p.a.id - q.a.id || p.b.id - q.b.id);
    let best: Pair | undefined;
    for (const pair of this.#ranked) {
      // The penalty only takes away: none of the rest can be stronger.
      if (best && pair.bond.evidence <= best.margin) break;
      const { a, b, bond } = pair;
      const asOf = this.#changes.get(a)! + this.#changes.get(b)!;
      if (pair.asOf !== asOf) {
        pair.asOf = asOf;
        pair.margin =
          bond.evidence -
          Math.max(this.#ambiguityPenalty(a, b, bond), this.#ambiguityPenalty(b, a, bond));
      }
      if (pair.margin < this.#leastMargin(pair) || (best && pair.margin <= best.margin)) continue;
      best = pair;
    }
    return best;
  }

  /**
   * How much better than any other a join must be: the less the shorter one of the two was there, for a wrong join of a moment
   * costs no more than that moment, and one that is left alone counts as one more person.
   */
  #leastMargin({ a, b, bond }: Pair): number {
    const { joinEvidence, shortSeconds } = this.#options;
    if (!bond.hasEmbeddings) return joinEvidence;
    const seconds = Math.min(this.#ownSeconds(a), this.#ownSeconds(b));
    return joinEvidence * Math.min(1, seconds / shortSeconds);
  }

  /** From where a group is surely somebody of their own to where it last is, in seconds. */
  #ownSeconds({ parts }: Group): number {
    const first = Math.min(...parts.map(({ ownFirst }) => ownFirst));
    const last = Math.max(...parts.map(({ ownLast }) => ownLast));
    return this.#times[last]! - this.#times[first]!;
  }

  /** How strongly somebody else, rather than `b`, might be the same as `a`. */
  #ambiguityPenalty(a: Group, b: Group, bond: Bond): number {
    let most = 0;
    for (const [other, rival] of this.#bonds.get(a)!) {
      if (other === b || rival.evidence <= most) continue;
      if (this.#areApart(other, b) || (!bond.hasEmbeddings && shareAnEnd(bond, rival))) {
        most = rival.evidence;
      }
    }
    return most;
  }

  /** Whether two groups are there together for so long that they are two people. */
  #areApart(a: Group, b: Group): boolean {
    return remembered(this.#apart, a, b, () => {
      let seconds = 0;
      for (const p of a.parts) {
        for (const q of b.parts) seconds += this.#reach.together(p, q);
      }
      return seconds > OVERLAP_SECONDS + TIME_EPSILON;
    });
  }

  /** What ties two groups; undefined where they cannot be one person. */
  #bond(a: Group, b: Group): Bond | undefined {
    const tie = this.#tie(a, b);
    if (!tie) return undefined;
    const { alike, motions } = tie;
    const hasEmbeddings = alike !== undefined;
    // Where nothing but looks tells, it matters how usual it is here that somebody comes back.
    const isReturn = hasEmbeddings && motions.length === 0;
    const other = isReturn ? this.#returns : this.#motionEvidence(motions);
    return { evidence: (alike ?? 0) + other, hasEmbeddings, motions };
  }

  /** What the motion that was seen last before the other part tells, in nats. */
  #motionEvidence(motions: readonly Continuation[]): number {
    if (motions.length === 0) return 0;
    const seconds = Math.max(0, Math.min(...motions.map(({ gap }) => gap)));
    return this.#options.motionEvidence * (1 - seconds / FADING_SECONDS);
  }

  #tie(a: Group, b: Group): Tie | undefined {
    return remembered(this.#ties, a, b, () => this.#compare(a, b));
  }

  /** What is seen of two groups; undefined where they cannot be one person. */
  #compare(a: Group, b: Group): Tie | undefined {
    let nearest = Infinity;
    const motions: Continuation[] = [];
    const parts = inOrder(a.parts, b.parts);
    for (let i = 1; i < parts.length; i++) {
      const before = parts[i - 1]!;
      const after = parts[i]!;
      if (a.parts.includes(before) === a.parts.includes(after)) continue;
      // The cheap question first: most pairs are too far apart in time.
      const seconds = this.#times[after.first]! - this.#times[before.last]!;
      if (seconds > this.#options.rejoinSeconds + TIME_EPSILON) return undefined;
      const passage = this.#reach.passage(before, after);
      if (!passage) return undefined;
      nearest = Math.min(nearest, passage.gap);
      if (passage.isInMotion) motions.push({ before, after, gap: passage.gap });
    }
    if (motions.length === 0 && (isRemainder(a) || isRemainder(b))) return undefined;
    if (this.#areApart(a, b)) return undefined;
    const alike = this.#appearanceEvidence(a, b, nearest);
    if (alike === 'unknown') return undefined;
    const { mostEvidence } = this.#options;
    const capped =
      alike === undefined ? undefined : Math.max(-mostEvidence, Math.min(mostEvidence, alike));
    return { alike: capped, motions };
  }

  /**
   * What embeddings say of two groups, in the mean of all kinds that both have and that tell something over such a gap,
   * since kinds are not independent of each other; {@link MOST_OVERRULED} above the least of them at most.
   * @returns undefined where they have none in common; `unknown` where none tells anything over such a gap
   */
  #appearanceEvidence(a: Group, b: Group, seconds: number): number | 'unknown' | undefined {
    const isShort = seconds <= SHORT_SECONDS + TIME_EPSILON;
    let common = 0;
    const told: number[] = [];
    for (const [kind, { short, long }] of this.#kinds.entries()) {
      const [x, y] = [a.embeddings[kind], b.embeddings[kind]];
      if (!x || !y) continue;
      common++;
      const appearance = long ?? (isShort ? short : undefined);
      if (!appearance) continue;
      told.push(appearance.logLikelihoodRatio(embeddingDistance(x, y)));
    }
    if (told.length > 0) {
      const mean = told.reduce((sum, nats) => sum + nats) / told.length;
      return Math.min(mean, Math.min(...told) + MOST_OVERRULED);
    }
    return common > 0 ? 'unknown' : undefined;
  }
}

/** What is known of two groups, worked out the first time. */
function remembered<Value>(
  known: Map<number, Value>,
  a: Group,
  b: Group,
  work: () => Value,
): Value {
  const key = Math.max(a.id, b.id) * MOST_GROUPS + Math.min(a.id, b.id);
  if (known.has(key)) return known.get(key)!;
  const value = work();
  known.set(key, value);
  return value;
}

/** Whether two bonds rest on the same end or the same beginning, of which only one can be the next. */
function shareAnEnd(a: Bond, b: Bond): boolean {
  return a.motions.some((p) =>
    b.motions.some(({ before, after }) => p.before === before || p.after === after),
  );
}

/** What is left of a double is somebody's who was there just before or after, and no return. */
function isRemainder({ parts }: Group): boolean {
  return parts.every((part) => part.isRemainder);
}

function inOrder(a: readonly Tracklet[], b: readonly Tracklet[]): Tracklet[] {
  return [...a, ...b].sort((p, q) => p.first - q.first || p.boxes[0]! - q.boxes[0]!);
}

function sumOf(windows: readonly Pick<WindowedEmbedding, 'sum'>[]): Float32Array | undefined {
  return windows.map(({ sum }) => sum).reduce<Float32Array | undefined>(added, undefined);
}

function added(a: Float32Array | undefined, b: Float32Array | undefined): Float32Array | undefined {
  return a && b ? a.map((value, k) => value + b[k]!) : (a ?? b);
}

function embedded(sum: Float32Array | undefined): Embedding | undefined {
  return sum && toEmbedding(sum);
}
