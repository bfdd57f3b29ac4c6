/** Score from which a beginning is strong, as a share of the way from the threshold to this video's typical score. */
const STRONG = 0.6;
/** Kinds of beginning: weak or strong, each alone or covered by somebody. */
const KINDS = 4;
/** What is believed before anything is known: half of the tracks last, as if so many had been seen. */
const BELIEVED_TRACKS = 4;
const BELIEVED_CHANCE = 0.5;
/** Tracks of one kind that count; older ones fade, for the scene may change. */
const MOST_TRACKS = 200;

/**
 * Learns while tracking how likely a track lasts, by how it began: how sure its detections are for this video, and
 * whether somebody else covers it, as shadows, reflections and doubled boxes are. With one detector most weak
 * beginnings are people stepping into view, with another hardly any; what became of earlier ones tells. The chance
 * is the share that lasted, drawn to a half where few were seen (Laplace's rule of succession).
 */
export class Survival {
  readonly #threshold: number;
  /** Sure detections and their sum of scores, then tracks and lasting tracks of each kind. */
  readonly #state = new Float64Array(2 + 2 * KINDS);

  /** @param threshold score from which a detection is sure */
  constructor(threshold: number) {
    this.#threshold = threshold;
  }

  /** Takes the score of a sure detection, so that the typical one is known. */
  addScore(score: number): void {
    this.#state[0]!++;
    this.#state[1]! += score;
  }

  /**
   * The kind of a beginning.
   * @param meanScore of the track so far
   * @param isCovered whether it began on somebody else
   */
  kindOf(meanScore: number, isCovered: boolean): number {
    const [count, sum] = this.#state;
    const typical = count === 0 ? this.#threshold : sum! / count!;
    const isStrong = meanScore >= this.#threshold + STRONG * (typical - this.#threshold);
    return (isStrong ? 1 : 0) + (isCovered ? 2 : 0);
  }

  /** How likely a track of a kind lasts, 0 to 1. */
  chance(kind: number): number {
    const o = 2 + 2 * kind;
    const lasted = BELIEVED_TRACKS * BELIEVED_CHANCE + this.#state[o + 1]!;
    return lasted / (BELIEVED_TRACKS + this.#state[o]!);
  }

  /** Learns what became of a track. */
  record(kind: number, lasted: boolean): void {
    const o = 2 + 2 * kind;
    if (this.#state[o]! >= MOST_TRACKS) {
      this.#state[o]! /= 2;
      this.#state[o + 1]! /= 2;
    }
    this.#state[o]!++;
    if (lasted) this.#state[o + 1]!++;
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
