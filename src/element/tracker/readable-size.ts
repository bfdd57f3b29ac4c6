import type { LitElement, ReactiveController } from 'lit';

/**
 * How much larger than its page's root says an element's parts are to be: some pages set `font-size: 62.5%` there, to reckon
 * in tens, and `rem` of the element's own styles would be small. Text is never smaller than that of a page without; a larger root
 * counts.
 */
export class ReadableSize implements ReactiveController {
  /** For CSS `zoom`. */
  zoom = 1;
  readonly #host: LitElement;

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('resize', this.#measure);
    this.#measure();
  }

  hostDisconnected(): void {
    window.removeEventListener('resize', this.#measure);
  }

  /** Roots go by the window's width in some pages. */
  readonly #measure = (): void => {
    const probe = document.createElement('span');
    // As the reader's browser has it.
    probe.style.fontSize = 'medium';
    document.documentElement.append(probe);
    const [usual, own] = [probe, document.documentElement].map((element) =>
      Number.parseFloat(getComputedStyle(element).fontSize),
    );
    probe.remove();
    const zoom = Math.max(1, usual! / own!);
    if (zoom === this.zoom || !Number.isFinite(zoom)) return;
    this.zoom = zoom;
    this.#host.requestUpdate();
  };
}
