/**
 * Gives the focus back to the control that something was begun with, where it went nowhere else meanwhile: what is inert
 * for a while loses it, and a keyboard would begin anew at the top of the page.
 */
export class ReturnFocus {
  #from: Element | null = null;

  /** Remembers where the focus is. */
  leave(): void {
    this.#from = focused();
  }

  /** Gives the focus back; once. */
  comeBack(): void {
    const from = this.#from;
    this.#from = null;
    if (from instanceof HTMLElement && from.isConnected && isNowhere())
      from.focus({ preventScroll: true });
  }
}

/** What has the focus, through every shadow. */
function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

function isNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body;
}
