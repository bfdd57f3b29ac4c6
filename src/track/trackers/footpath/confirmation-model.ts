import { FadingShares } from './fading-shares.ts';

/**
 * Score from which a beginning is strong, as a share of the way from the threshold to this video's typical score: nearer
 * to the typical, since a mean of few scores strays, and still reached by most who step into view.
 */
const STRONG = 0.6;
/** Kinds of beginning: weak or strong, each alone or covered by somebody. */
const KINDS = 4;
/** What is taken for known before anything was seen: half of the tracks last, as if of so many. */
const ASSUMED_TRACKS = 4;
/** Tracks of one kind that count, as many as pass through a busy scene in some minutes; older ones fade, for the scene may change. */
const MOST_TRACKS = 200;

/**
 * Learns while tracking how likely a track lasts, by how it began: how confident its detections are for this video, and
 * whether somebody else covers it, as shadows, reflections and doubled boxes are. With one detector most weak
 * beginnings are people stepping into view, with another hardly any; what became of earlier ones tells. The chance
 * is the share that lasted, drawn to a half where few were seen (Laplace's rule of succession). A single detection that
 * nothing followed tells of detections, not of tracks: it counts for those who were seen once so far, and for nobody
 * else, so that a false box now and then does not delay whoever was seen twice.
 */
export class ConfirmationModel {
  readonly #threshold: number;
  /** Of each kind: what share of its tracks lasted, of all and of those that were seen a second time. */
  readonly #begun = new FadingShares(KINDS, ASSUMED_TRACKS, MOST_TRACKS);
  readonly #followed = new FadingShares(KINDS, ASSUMED_TRACKS, MOST_TRACKS);
  #highCount = 0;
  #highSum = 0;

  /** @param threshold score from which a detection is of high confidence */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Takes the score of a detection of high confidence, so that the typical one is known. */
  addScore(score: number): void {
    this.#highCount++;
    this.#highSum += score;
  }

  /**
   * The kind of a beginning.
   * @param meanScore of the track so far
   * @param isCovered whether it began on somebody else
   */
  kindOf(meanScore: number, isCovered: boolean): number {
    const typical = this.#highCount === 0 ? this.#threshold : this.#highSum / this.#highCount;
    const isStrong = meanScore >= this.#threshold + STRONG * (typical - this.#threshold);
    return (isStrong ? 1 : 0) + (isCovered ? 2 : 0);
  }

  /**
   * How likely a track lasts, 0 to 1.
   * @param kind of its beginning
   * @param hits how often it was seen so far, from 1
   */
  chance(kind: number, hits: number): number {
    return (hits > 1 ? this.#followed : this.#begun).share(kind);
  }

  /**
   * Learns what became of a track.
   * @param kind of its beginning
   * @param hits how often it was seen in all, from 1
   * @param lasted whether long enough
   */
  record(kind: number, hits: number, lasted: boolean): void {
    this.#begun.record(kind, lasted);
    if (hits > 1) this.#followed.record(kind, lasted);
  }

  /** State as plain data. */
  snapshot(): number[] {
    const shares = [...this.#begun.snapshot(), ...this.#followed.snapshot()];
    return [this.#highCount, this.#highSum, ...shares];
  }

  /** Continues from a snapshot. */
  restore(snapshot: readonly number[]): void {
    [this.#highCount = 0, this.#highSum = 0] = snapshot;
    this.#begun.restore(snapshot.slice(2, 2 + 2 * KINDS));
    this.#followed.restore(snapshot.slice(2 + 2 * KINDS));
  }
}
