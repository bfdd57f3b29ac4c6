import type { LitElement, ReactiveController } from 'lit';

/** What a list's rows and the controls in a row are, as selectors inside the host's shadow. */
export interface RovingSelectors {
  readonly row: string;
  readonly control: string;
}

/**
 * Makes the controls of a list one stop for the Tab key, however long the list ("roving tabindex", WAI-ARIA Authoring
 * Practices): up and down go from row to row, left and right between the controls of a row that has several, Home and
 * End to the first and last row. Where the row with the focus goes away, its neighbour gets the focus.
 */
export class RovingFocus implements ReactiveController {
  readonly #host: LitElement;
  readonly #selectors: RovingSelectors;
  #row = 0;
  #column = 0;
  #current: HTMLElement | null = null;
  #hadFocus = false;

  constructor(host: LitElement, selectors: RovingSelectors) {
    this.#host = host;
    this.#selectors = selectors;
    host.addController(this);
  }

  hostConnected(): void {
    // Inside the shadow: a move from one of its controls to another is not told of outside.
    const root = this.#host.renderRoot;
    root.addEventListener('keydown', this.#onKey as EventListener);
    root.addEventListener('focusin', this.#onFocus);
  }

  hostDisconnected(): void {
    const root = this.#host.renderRoot;
    root.removeEventListener('keydown', this.#onKey as EventListener);
    root.removeEventListener('focusin', this.#onFocus);
  }

  hostUpdate(): void {
    this.#hadFocus = this.#current !== null && this.#focused === this.#current;
  }

  hostUpdated(): void {
    const rows = this.#rows();
    const at = this.#current?.isConnected ? this.#placeOf(rows, this.#current) : null;
    if (at) [this.#row, this.#column] = at;
    else this.#current = this.#at(rows, this.#row, this.#column);
    this.#stopAt(rows, this.#current);
    if (!at && this.#hadFocus) this.#current?.focus();
  }

  get #focused(): Element | null {
    return this.#host.shadowRoot?.activeElement ?? null;
  }

  #rows(): HTMLElement[][] {
    const { row, control } = this.#selectors;
    return [...this.#host.renderRoot.querySelectorAll(row)].map((found) => [
      ...found.querySelectorAll<HTMLElement>(control),
    ]);
  }

  #placeOf(rows: readonly HTMLElement[][], control: Element): [number, number] | null {
    const row = rows.findIndex((controls) => controls.includes(control as HTMLElement));
    return row < 0 ? null : [row, rows[row]!.indexOf(control as HTMLElement)];
  }

  #at(rows: readonly HTMLElement[][], row: number, column: number): HTMLElement | null {
    const controls = rows[Math.min(Math.max(0, row), rows.length - 1)];
    return controls?.[Math.min(Math.max(0, column), controls.length - 1)] ?? null;
  }

  #stopAt(rows: readonly HTMLElement[][], control: HTMLElement | null): void {
    for (const other of rows.flat()) {
      const stop = other === control ? '0' : '-1';
      if (other.getAttribute('tabindex') !== stop) other.setAttribute('tabindex', stop);
    }
    this.#current = control;
  }

  readonly #onFocus = (): void => {
    const rows = this.#rows();
    const at = this.#focused && this.#placeOf(rows, this.#focused);
    if (!at) return;
    [this.#row, this.#column] = at;
    this.#stopAt(rows, this.#focused as HTMLElement);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.#rows();
    const at = this.#focused && this.#placeOf(rows, this.#focused);
    if (!at) return;
    const [row, column] = at;
    const to = target(this.#inReadingOrder(event.key), row, column, rows);
    if (!to) return;
    event.preventDefault();
    this.#at(rows, ...to)?.focus();
  };

  /** The key that would do the same where one reads from left to right. */
  #inReadingOrder(key: string): string {
    if (getComputedStyle(this.#host).direction === 'ltr') return key;
    return key === 'ArrowLeft' ? 'ArrowRight' : key === 'ArrowRight' ? 'ArrowLeft' : key;
  }
}

function target(
  key: string,
  row: number,
  column: number,
  rows: readonly HTMLElement[][],
): [number, number] | null {
  switch (key) {
    case 'ArrowUp':
      return [row - 1, column];
    case 'ArrowDown':
      return [row + 1, column];
    case 'Home':
      return [0, column];
    case 'End':
      return [rows.length - 1, column];
    case 'ArrowLeft':
      return rows[row]!.length > 1 ? [row, column - 1] : null;
    case 'ArrowRight':
      return rows[row]!.length > 1 ? [row, column + 1] : null;
    default:
      return null;
  }
}
