import { type Appearance, type Embedding, embeddingDistance } from '../appearance/appearance.ts';
import { TIME_EPSILON } from '../time.ts';
import { Neighbours } from './neighbours.ts';
import type { Tracklet } from './tracklet.ts';
import { EMBEDDING_SECONDS, meanEmbedding, type WindowedEmbedding } from './windowed-embeddings.ts';

/** Windowed embeddings that are compared before and after a moment: two seconds. */
const REACH = 4;
/** Windowed embeddings that each part keeps. */
const FEWEST = 2;
/** A tracklet and its person's appearance. */
export interface EmbeddedTracklet {
  readonly tracklet: Tracklet;
  /** In order of time; none without embeddings. */
  readonly embeddings: readonly WindowedEmbedding[];
}

/**
 * Splits tracklets where the person looks like somebody else from then on: two people crossed and were mixed up. People
 * look different from one second to the next for other reasons too (they turn, step into the light, come into the
 * picture piece by piece), so somebody else must have been near and must explain what is seen better. They are split at the same moment.
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
  const splits = tracklets.map(({ embeddings }, index) =>
    changes(
      embeddings,
      appearance,
      leastEvidence,
      (change) => causeOf(index, change) !== undefined,
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
interface Change extends Sides {
  /** For one person, in nats. */
  readonly evidence: number;
}

/** Windows that begin another person: of those that have a cause, where the evidence is the strongest around. */
function changes(
  embeddings: readonly WindowedEmbedding[],
  appearance: Appearance,
  leastEvidence: number,
  hasCause: (change: Change) => boolean,
): number[] {
  const candidates: Change[] = [];
  for (let at = FEWEST; at <= embeddings.length - FEWEST; at++) {
    const { before, after } = sidesOf(embeddings, at);
    if (!before || !after) continue;
    const evidence = appearance.logLikelihoodRatio(embeddingDistance(before, after));
    const change = { at, before, after, evidence };
    if (evidence <= -leastEvidence && hasCause(change)) candidates.push(change);
  }
  const found: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { at, evidence } of candidates) {
    if (at - last < FEWEST) continue;
    const around = candidates.filter((other) => Math.abs(other.at - at) <= REACH);
    if (around.some((other) => other.evidence < evidence)) continue;
    found.push(at);
    last = at;
  }
  return found;
}
