import { type Appearance, type Embedding, embeddingDistance } from '../appearance/appearance.ts';
import { Neighbours } from './neighbours.ts';
import type { Tracklet } from './tracklet.ts';
import { meanEmbedding, type WindowedEmbedding } from './windowed-embeddings.ts';

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
 * picture piece by piece), so somebody else must have been near and must explain what is seen better.
 * @param tracklets are shortened
 * @param times of all samples in seconds
 * @param appearance what it tells in this video
 * @param leastEvidence against one person, and for an exchange rather than none, in nats
 * @returns all parts
 */
export function splitTracklets(
  tracklets: readonly EmbeddedTracklet[],
  times: ArrayLike<number>,
  appearance: Appearance,
  leastEvidence: number,
): EmbeddedTracklet[] {
  const neighbours = new Neighbours(
    tracklets.map(({ tracklet }) => tracklet),
    times,
  );
  const splits = tracklets.map(({ tracklet, embeddings }, index) =>
    changes(embeddings, appearance, leastEvidence, ({ at, before, after }) => {
      const seconds = times[tracklet.samples[embeddings[at]!.element]!]!;
      return neighbours
        .near(index, seconds)
        .some(
          (other) =>
            exchange(tracklets[other]!, seconds, times, appearance, before, after) > leastEvidence,
        );
    }),
  );
  return tracklets.flatMap(({ tracklet, embeddings }, index) => {
    const parts: EmbeddedTracklet[] = [];
    let end = embeddings.length;
    for (const at of splits[index]!.reverse()) {
      const rest = tracklet.split(embeddings[at]!.element);
      parts.push({ tracklet: rest, embeddings: embeddings.slice(at, end) });
      end = at;
    }
    parts.push({ tracklet, embeddings: embeddings.slice(0, end) });
    return parts;
  });
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
  let at = 0;
  let end = embeddings.length;
  while (at < end) {
    const middle = (at + end) >> 1;
    if (times[tracklet.samples[embeddings[middle]!.element]!]! < seconds) at = middle + 1;
    else end = middle;
  }
  const earlier = meanEmbedding(embeddings, Math.max(0, at - REACH), at);
  const later = meanEmbedding(embeddings, at, Math.min(embeddings.length, at + REACH));
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

/** A window from which on somebody looks otherwise, and how they look on both sides of it. */
interface Change {
  readonly at: number;
  readonly before: Embedding;
  readonly after: Embedding;
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
    const before = meanEmbedding(embeddings, Math.max(0, at - REACH), at);
    const after = meanEmbedding(embeddings, at, Math.min(embeddings.length, at + REACH));
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
