/** Bands of equal width that the scores below the threshold fall into. */
const BANDS = 4;
/** What is believed before anything is known: half are somebody's, as if so many had been seen. */
const ASSUMED_DETECTIONS = 20;
const ASSUMED_SHARE = 0.5;
/** Detections of one band that count; older ones fade, for the scene may change. */
const MOST_DETECTIONS = 4000;

/**
 * Learns while tracking from which score detections are to be believed. With one detector most detections below the
 * threshold are doubles and shadows; with another nearly all are people half hidden. What share of them continued a
 * track in this video tells, for each band of scores, drawn to a half where few were seen (Laplace's rule of
 * succession).
 */
export class Belief {
  readonly #threshold: number;
  readonly #leastShare: number;
  /** Of each band: detections, and those that were somebody's. */
  readonly #state = new Float64Array(2 * BANDS);

  /**
   * @param threshold score from which a detection is sure
   * @param leastShare of a band's detections that must have continued tracks for it to be believed; above 1: never
   */
  constructor(threshold: number, leastShare: number) {
    this.#threshold = threshold;
    this.#leastShare = leastShare;
  }

  /** The score from which detections are believed: the threshold, or a band's lower end. */
  get leastScore(): number {
    let band = BANDS;
    while (band > 0 && this.#share(band - 1) >= this.#leastShare) band--;
    return (this.#threshold * band) / BANDS;
  }

  #share(band: number): number {
    const taken = ASSUMED_DETECTIONS * ASSUMED_SHARE + this.#state[2 * band + 1]!;
    return taken / (ASSUMED_DETECTIONS + this.#state[2 * band]!);
  }

  /**
   * Learns what became of a detection; sure ones tell nothing.
   * @param score of it
   * @param isTaken whether it continued a track
   */
  observe(score: number, isTaken: boolean): void {
    if (score >= this.#threshold) return;
    const o = 2 * Math.min(BANDS - 1, Math.floor((BANDS * score) / this.#threshold));
    if (this.#state[o]! >= MOST_DETECTIONS) {
      this.#state[o]! /= 2;
      this.#state[o + 1]! /= 2;
    }
    this.#state[o]!++;
    if (isTaken) this.#state[o + 1]!++;
  }

  /** State as plain data. */
  snapshot(): number[] {
    return Array.from(this.#state);
  }

  /** Continues from a snapshot. */
  restore(snapshot: readonly number[]): void {
    this.#state.set(snapshot);
  }
}
