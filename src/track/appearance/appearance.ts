/** Distances of one kind: their median and their robust standard deviation. */
export interface Spread {
  readonly median: number;
  readonly deviation: number;
}

/**
 * Share of a person below which what is seen of them are mostly others' colours: two thirds of the box are somebody else,
 * and the embedding covers the middle of the box only.
 */
export const LEAST_VISIBLE = 0.35;

/**
 * What appearance tells in one video: how far apart one person's embeddings usually lie, and those of two people. People
 * differ in some videos and wear the same in others, so the evidence weighs what it weighed there.
 */
export class Appearance {
  readonly #scale: number;
  readonly #middle: number;
  readonly #nearest: number;
  readonly #farthest: number;
  readonly #most: number;
  readonly #excess: number;

  /**
   * @param same distances of a person from themselves
   * @param different distances of people from each other
   * @param most that the spreads ever tell for one person, in nats. Default: no limit
   * @param excess by how much they tell too much, in nats. Default 0
   */
  constructor(same: Spread, different: Spread, most = Number.POSITIVE_INFINITY, excess = 0) {
    this.#most = most;
    this.#excess = excess;
    const variance =
      (same.deviation * same.deviation + different.deviation * different.deviation) / 2;
    this.#scale = Math.max(0, different.median - same.median) / Math.max(1e-6, variance);
    this.#middle =
      (same.median * different.deviation + different.median * same.deviation) /
      Math.max(1e-6, same.deviation + different.deviation);
    this.#nearest = same.median - same.deviation;
    this.#farthest = different.median + different.deviation;
  }

  /**
   * Evidence that two embeddings are one person's: a log-likelihood ratio in nats, by a linear discriminant between the
   * two spreads. Positive for it, negative against it, near 0 where appearance tells nobody apart. What lies beyond a
   * deviation from either median tells no more than that.
   * @param distance as {@link embeddingDistance} gives it
   */
  logLikelihoodRatio(distance: number): number {
    const usual = Math.max(this.#nearest, Math.min(this.#farthest, distance));
    return Math.min(this.#most, this.#scale * (this.#middle - usual)) - this.#excess;
  }
}

/** Spreads of colour histograms, as measured on real people: for a video too short to measure its own. */
export const USUAL_SAME: Spread = { median: 0.19, deviation: 0.08 };
/** See {@link USUAL_SAME}. */
export const USUAL_DIFFERENT: Spread = { median: 0.57, deviation: 0.16 };

/** What appearance tells when nothing is known of the video. */
export const USUAL_APPEARANCE = new Appearance(USUAL_SAME, USUAL_DIFFERENT);

/** An appearance embedding: a vector of length 1, of one image or the mean of several. */
export type Embedding = Float32Array;

/**
 * Distance of two appearance embeddings, 0 (alike) to 1: Hellinger's where they are roots of histograms.
 * @param a of length 1
 * @param b of length 1
 */
export function embeddingDistance(a: Embedding, b: Embedding): number {
  let product = 0;
  for (let k = 0; k < a.length; k++) product += a[k]! * b[k]!;
  return Math.sqrt(Math.max(0, 1 - product));
}

/**
 * Scales a sum of embeddings to length 1.
 * @returns undefined where there is nothing to scale
 */
export function toEmbedding(sum: Float32Array): Embedding | undefined {
  let squares = 0;
  for (let k = 0; k < sum.length; k++) squares += sum[k]! * sum[k]!;
  if (!(squares > 0)) return undefined;
  const scale = 1 / Math.sqrt(squares);
  return sum.map((value) => scale * value);
}
