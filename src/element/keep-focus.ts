import type { LitElement, ReactiveController } from 'lit';

/**
 * Where the control that has the focus goes away with what it did, the focus goes on to another: else a keyboard begins
 * anew at the top of the page, and a screen reader says nothing. Controls that stay and are of no use for a while are
 * `aria-disabled`, since the focus leaves those that are disabled, a moment later.
 */
export class KeepFocus implements ReactiveController {
  readonly #host: LitElement;
  readonly #goOn: () => void;
  #hadFocus = false;

  /** @param goOn gives the focus to what is next */
  constructor(host: LitElement, goOn: () => void) {
    this.#host = host;
    this.#goOn = goOn;
    host.addController(this);
  }

  hostUpdate(): void {
    this.#hadFocus = this.#hasFocus;
  }

  hostUpdated(): void {
    if (this.#hadFocus && !this.#hasFocus) this.#goOn();
  }

  get #hasFocus(): boolean {
    return (this.#host.shadowRoot?.activeElement ?? null) !== null;
  }
}
