import { css, html, LitElement } from 'lit';
import { theme } from '../../element/theme.ts';

/** Characters that a name has at most. */
const MOST = 200;

/**
 * `<name-field>`: one line of text to be changed. Not an input field: browsers tell a server of theirs about the fields of
 * a page, to fill them in, and nothing is to leave this one.
 *
 * @fires name-change - the text, once it was changed and left, or Enter pressed: at least one character
 */
export class NameField extends LitElement {
  static override properties = { label: {}, value: {} };

  /** What it is called, for screen readers; the words on the screen stand outside. */
  declare label: string;
  declare value: string;
  /** The text as it was last put into the field: another one there is being typed. */
  #put = '';

  constructor() {
    super();
    this.label = '';
    this.value = '';
  }

  protected override render() {
    return html`<span
      role="textbox"
      contenteditable="plaintext-only"
      tabindex="0"
      spellcheck="false"
      dir="auto"
      aria-label=${this.label}
      @keydown=${this.#onKey}
      enterkeyhint="done"
      @blur=${this.#onLeave}
    ></span>`;
  }

  protected override updated(): void {
    // What somebody types stays, whatever another tab calls it meanwhile.
    if (this.#field.textContent === this.#put) this.#show(this.value);
  }

  #show(text: string): void {
    this.#put = text;
    if (this.#field.textContent !== text) this.#field.textContent = text;
  }

  get #field(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('[role=textbox]')!;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#show(this.value);
    if (event.key !== 'Enter' && event.key !== 'Escape') return;
    event.preventDefault();
    // Where a keyboard lies over the page it goes away with the focus; else whoever types goes on from here.
    if (matchMedia('(pointer: coarse)').matches) this.#field.blur();
    else this.#onLeave();
  };

  readonly #onLeave = (): void => {
    const text = (this.#field.textContent ?? '').replace(/\s+/g, ' ').trim();
    const name = [...text].slice(0, MOST).join('');
    this.#show(name === '' ? this.value : name);
    if (name === '' || name === this.value) return;
    this.value = name;
    this.dispatchEvent(new CustomEvent<string>('name-change', { detail: name }));
  };

  static override styles = [
    theme,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      span {
        display: block;
        min-height: 2.75rem;
        padding: 0.5rem 0.625rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--card);
        color: var(--ink);
        font-size: 1rem;
        overflow-wrap: anywhere;
        cursor: text;
      }
    `,
  ];
}

customElements.define('name-field', NameField);

declare global {
  interface HTMLElementTagNameMap {
    'name-field': NameField;
  }
}
