/**
 * What share of each kind of thing came out well, drawn to a half where few were seen (Laplace's rule of succession);
 * older ones fade, for the scene may change.
 */
export class FadingShares {
  readonly #assumed: number;
  readonly #most: number;
  /** Of each kind: how many, and those that came out well. */
  readonly #state: Float64Array;

  /**
   * @param kinds how many
   * @param assumed as many are taken for seen beforehand, half of them well
   * @param most of one kind that count
   */
  constructor(kinds: number, assumed: number, most: number) {
    this.#assumed = assumed;
    this.#most = most;
    this.#state = new Float64Array(2 * kinds);
  }

  /** The share of a kind, 0 to 1. */
  share(kind: number): number {
    const well = this.#assumed / 2 + this.#state[2 * kind + 1]!;
    return well / (this.#assumed + this.#state[2 * kind]!);
  }

  /** Learns how one came out. */
  record(kind: number, isWell: boolean): void {
    const o = 2 * kind;
    if (this.#state[o]! >= this.#most) {
      this.#state[o]! /= 2;
      this.#state[o + 1]! /= 2;
    }
    this.#state[o]!++;
    if (isWell) this.#state[o + 1]!++;
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
