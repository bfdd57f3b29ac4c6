/** What is kept with an entry of the history. */
interface PlacedState {
  /** How the entry is known again. */
  readonly place?: number;
}

/** A screen that is read from storage grows for so long. */
const PATIENCE_MS = 3000;
/** Whoever does one of these goes somewhere else. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Where each screen of the history was scrolled to: who comes back to a long list by the back button finds it where it was
 * left. The browser itself would scroll before the screen is there.
 */
export class ScrollPlaces {
  readonly #tops = new Map<number, number>();
  #place = 0;
  #going = new AbortController();

  constructor() {
    history.scrollRestoration = 'manual';
    this.arrive();
  }

  /** Remembers how far the screen that is being left is scrolled. */
  leave(): void {
    this.#tops.set(this.#place, window.scrollY);
  }

  /** @returns how far the screen that the history is at now was scrolled, in CSS pixels */
  arrive(): number {
    const { place } = (history.state ?? {}) as PlacedState;
    if (place !== undefined) {
      this.#place = place;
      return this.#tops.get(place) ?? 0;
    }
    // None is given twice, also after the page was loaded anew.
    this.#place = Date.now();
    history.replaceState({ place: this.#place }, '');
    return 0;
  }

  /** Scrolls as far as the screen is long, and on while it grows. */
  scrollTo(top: number): void {
    this.#going.abort();
    window.scrollTo(0, top);
    if (top === 0) return;
    this.#going = new AbortController();
    const signal = AbortSignal.any([this.#going.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const growing = new ResizeObserver(() => {
      window.scrollTo(0, top);
      if (window.scrollY >= top - 1) this.#going.abort();
    });
    signal.addEventListener('abort', () => growing.disconnect());
    for (const type of MOVES)
      window.addEventListener(type, () => this.#going.abort(), { signal, passive: true });
    growing.observe(document.body);
  }
}
