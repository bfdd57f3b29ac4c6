import { FadingShares } from './fading-shares.ts';

/** Bands of equal width that the scores below the threshold fall into. */
const BANDS = 4;
/** What is taken for known before anything was seen: half are somebody's, as if of so many detections. */
const ASSUMED_DETECTIONS = 20;
/** Detections of one band that count; older ones fade, for the scene may change. */
const MOST_DETECTIONS = 4000;

/**
 * Learns while tracking from which score detections are as good as those of high confidence. With one detector most
 * detections below the threshold are doubles and shadows; with another nearly all are people half hidden. What share of them continued a
 * track in this video tells, for each band of scores.
 */
export class AdaptiveThreshold {
  readonly #threshold: number;
  readonly #leastShare: number;
  readonly #bands = new FadingShares(BANDS, ASSUMED_DETECTIONS, MOST_DETECTIONS);

  /**
   * @param threshold score from which a detection is of high confidence
   * @param leastShare of a band's detections that must have continued tracks for the threshold to go down to it; above 1: never
   */
  constructor(threshold: number, leastShare: number) {
    this.#threshold = threshold;
    this.#leastShare = leastShare;
  }

  /** The adaptive threshold: the given one, or a band's lower end. */
  get leastScore(): number {
    let band = BANDS;
    while (band > 0 && this.#bands.share(band - 1) >= this.#leastShare) band--;
    return (this.#threshold * band) / BANDS;
  }

  /**
   * Learns what became of a detection; one of high confidence tells nothing.
   * @param score of it
   * @param isTaken whether it continued a track
   */
  observe(score: number, isTaken: boolean): void {
    if (score >= this.#threshold) return;
    const band = Math.min(BANDS - 1, Math.floor((BANDS * score) / this.#threshold));
    this.#bands.record(band, isTaken);
  }

  /** State as plain data. */
  snapshot(): number[] {
    return this.#bands.snapshot();
  }

  /** Continues from a snapshot. */
  restore(snapshot: readonly number[]): void {
    this.#bands.restore(snapshot);
  }
}
