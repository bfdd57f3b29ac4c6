/**
 * Keeps the screen on while a job is at work: a phone that locks itself puts the page to sleep, and its job with it.
 * The browser takes the lock away from a page that is not seen; it is taken again when the page is.
 */
export class StayAwake {
  #isWanted = false;
  #lock: WakeLockSentinel | undefined;
  #turn: Promise<void> = Promise.resolve();

  constructor() {
    document.addEventListener('visibilitychange', this.#renew);
  }

  /** @param isAtWork whether there is a reason to stay awake */
  set(isAtWork: boolean): void {
    if (isAtWork === this.#isWanted) return;
    this.#isWanted = isAtWork;
    this.#renew();
  }

  /** One change at a time: the browser may take a while over each, and what is wanted may change meanwhile. */
  readonly #renew = (): void => {
    this.#turn = this.#turn.then(async () => {
      if (!this.#isWanted) {
        await this.#lock?.release();
        this.#lock = undefined;
      } else if (document.visibilityState === 'visible' && this.#lock?.released !== false) {
        // A battery that runs low, a frame without leave and older browsers refuse: the screen goes off as ever.
        this.#lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
      }
    });
  };
}
