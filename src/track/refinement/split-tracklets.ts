import { type Appearance, type Embedding, embeddingDistance } from '../appearance/appearance.ts';
import { FULL_VIEW } from '../appearance/visible-share.ts';
import { TIME_EPSILON } from '../time.ts';
import { Neighbours } from './neighbours.ts';
import type { Tracklet } from './tracklet.ts';
import { EMBEDDING_SECONDS, meanEmbedding, type WindowedEmbedding } from './windowed-embeddings.ts';

/** Windowed embeddings that are compared before and after a moment: two seconds. */
const REACH = 4;
/** Windowed embeddings that each part keeps. */
const FEWEST = 2;
/**
 * Evidence against one person, in nats, from which nobody need have been near: somebody was hidden as somebody else came out in the same
 * place. Such a change is rare beforehand, so looks must say much more than where somebody near explains it.
 */
const SURE_EVIDENCE = 10;
/** Share of somebody in view, in the mean of both sides of such a change: of whoever stands behind somebody, others' colours are seen. */
const SURE_VIEW = 0.5;
/** Windows before and after such a change in which somebody was hidden, or may not have been exchanged: a second. */
const HIDDEN_REACH = 2;
/** A tracklet and its person's appearance. */
export interface EmbeddedTracklet {
  readonly tracklet: Tracklet;
  /** In order of time; none without embeddings. */
  readonly embeddings: readonly WindowedEmbedding[];
}

/**
 * Splits tracklets where the person looks like somebody else from then on: two people crossed and were mixed up. People
 * look different from one second to the next for other reasons too (they turn, step into the light, come into the
 * picture piece by piece), so somebody else must have been near and must explain what is seen better. They are split at the same moment. Where
 * nobody was near, whoever is seen well for two seconds before and after must look like two people beyond doubt.
 * A part of which too little is its own, as what was doubled or unsure of the whole is nearly all of it, counts from end to end: what was noted
 * of two people tells nothing of one of them.
 * @param tracklets are shortened
 * @param times of all samples in seconds
 * @param appearance what it tells in this video
 * @param leastEvidence against one person, and for an exchange rather than none, in nats
 * @param minimumSeconds that are a part's own at least, the least length of a track
 * @returns all parts
 */
export function splitTracklets(
  tracklets: readonly EmbeddedTracklet[],
  times: ArrayLike<number>,
  appearance: Appearance,
  leastEvidence: number,
  minimumSeconds: number,
): EmbeddedTracklet[] {
  const neighbours = new Neighbours(
    tracklets.map(({ tracklet }) => tracklet),
    times,
  );
  const secondsOf = (index: number, at: number): number => {
    const { tracklet, embeddings } = tracklets[index]!;
    return times[tracklet.samples[embeddings[at]!.element]!]!;
  };
  /** Who near explains a change best, if well enough. */
  const causeOf = (index: number, { at, before, after }: Sides): number | undefined => {
    let cause: number | undefined;
    let most = leastEvidence;
    const seconds = secondsOf(index, at);
    for (const other of neighbours.near(index, seconds)) {
      const found = exchange(tracklets[other]!, seconds, times, appearance, before, after);
      if (found <= most) continue;
      most = found;
      cause = other;
    }
    return cause;
  };
  const splits = tracklets.map((person, index) =>
    changes(
      person,
      appearance,
      leastEvidence,
      (at) => causeOf(index, sidesOf(person.embeddings, at)) !== undefined,
    ),
  );
  // Two who were exchanged are both two people, though the one that was half hidden by then tells less of it by itself.
  const others: [index: number, at: number][] = [];
  for (const [index, moments] of splits.entries()) {
    for (const at of moments) {
      const cause = causeOf(index, sidesOf(tracklets[index]!.embeddings, at));
      if (cause === undefined) continue;
      const { tracklet, embeddings } = tracklets[cause]!;
      // The window that begins nearest to the moment.
      const seconds = secondsOf(index, at) - EMBEDDING_SECONDS / 2;
      others.push([cause, windowFrom(tracklet, embeddings, times, seconds)]);
    }
  }
  for (const [index, at] of others) {
    const { embeddings } = tracklets[index]!;
    if (at < FEWEST || at > embeddings.length - FEWEST) continue;
    const { before, after } = sidesOf(embeddings, at);
    if (!before || !after) continue;
    if (splits[index]!.some((other) => Math.abs(other - at) < FEWEST)) continue;
    splits[index]!.push(at);
  }
  return tracklets.flatMap(({ tracklet, embeddings }, index) => {
    const parts: EmbeddedTracklet[] = [];
    let end = embeddings.length;
    for (const at of splits[index]!.sort((a, b) => b - a)) {
      const rest = tracklet.split(embeddings[at]!.element);
      parts.push({ tracklet: rest, embeddings: embeddings.slice(at, end) });
      end = at;
    }
    parts.push({ tracklet, embeddings: embeddings.slice(0, end) });
    for (const part of parts) takeWhole(part.tracklet, times, minimumSeconds);
    return parts;
  });
}

/** Makes all of a tracklet its own where too little of it is. */
function takeWhole(tracklet: Tracklet, times: ArrayLike<number>, minimumSeconds: number): void {
  const own = times[tracklet.ownLast]! - times[tracklet.ownFirst]!;
  if (own >= minimumSeconds - TIME_EPSILON) return;
  tracklet.doubledStart = 0;
  tracklet.doubledEnd = 0;
}

/**
 * How much better somebody near explains a change of appearance, in nats: whoever was there before and after by how the two
 * fit having been exchanged rather than having stayed, whoever came or left then by how they fit the other part.
 */
function exchange(
  { tracklet, embeddings }: EmbeddedTracklet,
  seconds: number,
  times: ArrayLike<number>,
  appearance: Appearance,
  before: Embedding | undefined,
  after: Embedding | undefined,
): number {
  const at = windowFrom(tracklet, embeddings, times, seconds);
  const { before: earlier, after: later } = sidesOf(embeddings, at);
  if (!earlier && !later) return Number.NEGATIVE_INFINITY;
  const exchanged = evidenceOf(earlier, after, appearance) + evidenceOf(before, later, appearance);
  const stayed = evidenceOf(before, after, appearance) + evidenceOf(earlier, later, appearance);
  return exchanged - stayed;
}

/** What appearance says of two being one person; nothing where one of them was not there. */
function evidenceOf(
  a: Embedding | undefined,
  b: Embedding | undefined,
  appearance: Appearance,
): number {
  return a && b ? appearance.logLikelihoodRatio(embeddingDistance(a, b)) : 0;
}

/** How somebody looks before a window and from it on; undefined where nothing of them was visible. */
interface Sides {
  readonly at: number;
  readonly before: Embedding | undefined;
  readonly after: Embedding | undefined;
}

function sidesOf(embeddings: readonly WindowedEmbedding[], at: number): Sides {
  return {
    at,
    before: meanEmbedding(embeddings, Math.max(0, at - REACH), at),
    after: meanEmbedding(embeddings, at, Math.min(embeddings.length, at + REACH)),
  };
}

/** The first window that begins at a time or later; one behind the last where there is none. */
function windowFrom(
  tracklet: Tracklet,
  embeddings: readonly WindowedEmbedding[],
  times: ArrayLike<number>,
  seconds: number,
): number {
  let at = 0;
  let end = embeddings.length;
  while (at < end) {
    const middle = (at + end) >> 1;
    if (times[tracklet.samples[embeddings[middle]!.element]!]! < seconds) at = middle + 1;
    else end = middle;
  }
  return at;
}

/** A window from which on somebody looks otherwise. */
interface Change {
  readonly at: number;
  /** How far what is seen from it on lies from what was before. */
  readonly distance: number;
  /** For one person, in nats. */
  readonly evidence: number;
}

/** Windows that begin another person: of those that are sure or have a cause, where the evidence is the strongest around. */
function changes(
  { tracklet, embeddings }: EmbeddedTracklet,
  appearance: Appearance,
  leastEvidence: number,
  hasCause: (at: number) => boolean,
): number[] {
  const all: Change[] = [];
  for (let at = FEWEST; at <= embeddings.length - FEWEST; at++) {
    const { before, after } = sidesOf(embeddings, at);
    if (!before || !after) continue;
    const distance = embeddingDistance(before, after);
    all.push({ at, distance, evidence: appearance.logLikelihoodRatio(distance) });
  }
  const around = (changes: readonly Change[], i: number) =>
    changes
      .slice(Math.max(0, i - REACH), i + REACH + 1)
      .filter(({ at }) => Math.abs(at - changes[i]!.at) <= REACH);
  const elementOf = (at: number) => embeddings[at]?.element ?? tracklet.length;
  // Whoever comes in or goes out looks otherwise piece by piece: the whole reach is seen of both, and no change near it is greater.
  const isSure = ({ at, distance, evidence }: Change, i: number) =>
    evidence <= -SURE_EVIDENCE &&
    at >= REACH &&
    at <= embeddings.length - REACH &&
    viewOf(tracklet, elementOf(at - REACH), elementOf(at)) >= SURE_VIEW &&
    viewOf(tracklet, elementOf(at), elementOf(at + REACH)) >= SURE_VIEW &&
    isHidden(tracklet, elementOf(at - HIDDEN_REACH), elementOf(at + HIDDEN_REACH)) &&
    around(all, i).every((other) => other.distance <= distance);
  const candidates = all.filter(
    (change, i) => change.evidence <= -leastEvidence && (isSure(change, i) || hasCause(change.at)),
  );
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const [i, { at, evidence }] of candidates.entries()) {
    if (at - last < FEWEST) continue;
    if (around(candidates, i).some((other) => other.evidence < evidence)) continue;
    found.push(at);
    last = at;
  }
  return found;
}

/** Share of somebody in view, in the mean from one element to before another. */
function viewOf({ visible }: Tracklet, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += visible[i]!;
  return sum / (to - from);
}

/** Whether somebody was partly hidden, or missed, from one element to before another: in full view nobody becomes somebody else. */
function isHidden({ samples, visible }: Tracklet, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (visible[i]! < FULL_VIEW || (i > from && samples[i]! - samples[i - 1]! > 1)) return true;
  }
  return false;
}
