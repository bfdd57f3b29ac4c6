/**
 * Has the browser ask whoever closes or reloads the page, while that would lose what they gave: the browser hands over a file once,
 * and another page does not have it.
 */
export class AskBeforeLeaving {
  /** @param isNeeded whether something would be lost just now */
  set(isNeeded: boolean): void {
    if (isNeeded) window.addEventListener('beforeunload', this.#ask);
    else window.removeEventListener('beforeunload', this.#ask);
  }

  readonly #ask = (event: BeforeUnloadEvent): void => event.preventDefault();
}
