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
    this.#stopAt(this.#current);
    if (!at && this.#hadFocus) this.#current?.focus();
  }

  get #focused(): Element | null {
    return this.#host.shadowRoot?.activeElement ?? null;
  }

  #rows(): Element[] {
    return [...this.#host.renderRoot.querySelectorAll(this.#selectors.row)];
  }

  #controls(row: Element | undefined): HTMLElement[] {
    return row ? [...row.querySelectorAll<HTMLElement>(this.#selectors.control)] : [];
  }

  #placeOf(rows: readonly Element[], control: Element): [number, number] | null {
    const row = rows.indexOf(control.closest(this.#selectors.row)!);
    const column = this.#controls(rows[row]).indexOf(control as HTMLElement);
    return column < 0 ? null : [row, column];
  }

  #at(rows: readonly Element[], row: number, column: number): HTMLElement | null {
    const controls = this.#controls(rows[Math.min(Math.max(0, row), rows.length - 1)]);
    return controls[Math.min(Math.max(0, column), controls.length - 1)] ?? null;
  }

  /** Of thousands of rows only those are touched that are new, or were the stop before. */
  #stopAt(control: HTMLElement | null): void {
    const { row, control: controls } = this.#selectors;
    const others = `${row} :is(${controls}):not([tabindex='-1'])`;
    for (const other of this.#host.renderRoot.querySelectorAll(others))
      if (other !== control) other.setAttribute('tabindex', '-1');
    if (control?.getAttribute('tabindex') !== '0') control?.setAttribute('tabindex', '0');
    this.#current = control;
  }

  readonly #onFocus = (): void => {
    const at = this.#focused && this.#placeOf(this.#rows(), this.#focused);
    if (!at) return;
    [this.#row, this.#column] = at;
    this.#stopAt(this.#focused as HTMLElement);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = this.#rows();
    const at = this.#focused && this.#placeOf(rows, this.#focused);
    if (!at) return;
    const [row, column] = at;
    const width = this.#controls(rows[row]).length;
    const to = target(this.#inReadingOrder(event.key), row, column, rows.length, width);
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

/** @param width controls of the row */
function target(
  key: string,
  row: number,
  column: number,
  rows: number,
  width: number,
): [number, number] | null {
  switch (key) {
    case 'ArrowUp':
      return [row - 1, column];
    case 'ArrowDown':
      return [row + 1, column];
    case 'Home':
      return [0, column];
    case 'End':
      return [rows - 1, column];
    case 'ArrowLeft':
      return width > 1 ? [row, column - 1] : null;
    case 'ArrowRight':
      return width > 1 ? [row, column + 1] : null;
    default:
      return null;
  }
}
