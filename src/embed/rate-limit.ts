/** Lets so many things a second through and no more: a flood costs what its allowance costs. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  #left: number;
  #atMs: number;

  /**
   * @param perSecond how many a second, and at once
   * @param now milliseconds of a clock that never goes back
   */
  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#left = perSecond;
    this.#atMs = now();
  }

  /** Whether one more may pass now. */
  pass(): boolean {
    const nowMs = this.#now();
    const gained = ((nowMs - this.#atMs) / 1000) * this.#perSecond;
    this.#left = Math.min(this.#perSecond, this.#left + gained);
    this.#atMs = nowMs;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
