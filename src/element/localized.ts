import { LitElement } from 'lit';
import { elementLanguages } from '../language/element/element-languages.ts';
import type { ElementTable, ElementTexts } from '../language/element/english.ts';
import type { Language } from '../language/language.ts';
import type { Languages } from '../language/languages.ts';
import type { Table } from '../language/message.ts';
import { adoptHere } from './document-styles.ts';

/** Every connected part, to be shown anew when a language changes. */
const connected = new Set<Localized<Table>>();
let observer: MutationObserver | undefined;

/** Shows every part anew, in the language that now holds where it is. */
function relocalize(): void {
  for (const part of connected) part.requestUpdate();
}

/**
 * A view part that speaks the language of the place where it is: of the nearest element with `lang`, through shadow
 * roots; where there is none, the first of the browser's languages that has a table; English otherwise. Nothing is shown before
 * the words of that language are there.
 */
export abstract class Localized<T extends Table> extends LitElement {
  /** The tables that the part speaks from. */
  protected abstract get languages(): Languages<T>;

  /** The language to speak in. */
  protected get language(): Language<T> {
    return this.#language ?? this.languages.at('en')!;
  }

  #language: Language<T> | undefined;

  static override get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: Lit gathers the attributes of the class that is asked.
    return [...super.observedAttributes, 'lang'];
  }

  override attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    super.attributeChangedCallback(name, before, now);
    // Parts inside speak it too.
    if (name === 'lang' && before !== now) relocalize();
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    if (this.ownerDocument === document) return super.createRenderRoot();
    // Lit gives it the sheets of this document, which another refuses.
    const { shadowRootOptions, elementStyles } = this.constructor as typeof LitElement;
    const root = this.shadowRoot ?? this.attachShadow(shadowRootOptions);
    adoptHere(root, elementStyles);
    return root;
  }

  /** Called by the browser once the part is in another document, where it has lost its sheets. */
  adoptedCallback(): void {
    if (!this.shadowRoot) return;
    adoptHere(this.shadowRoot, (this.constructor as typeof LitElement).elementStyles);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    connected.add(this as unknown as Localized<Table>);
    if (this.hasUpdated) this.requestUpdate();
    if (observer) return;
    observer = new MutationObserver(relocalize);
    observer.observe(document, { subtree: true, attributeFilter: ['lang'] });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    connected.delete(this as unknown as Localized<Table>);
  }

  protected override async scheduleUpdate(): Promise<unknown> {
    const tag = languageAt(this) ?? this.languages.choose(navigator.languages);
    const before = this.#language;
    this.#language = this.languages.at(tag) ?? (await this.languages.load(tag));
    await super.scheduleUpdate();
    // Parts inside look at the `lang` that is only now another one.
    if (before && before !== this.#language) relocalize();
    return undefined;
  }
}

/** A view part with the elements' words. */
export abstract class LocalizedElement extends Localized<ElementTexts> {
  protected override get languages(): Languages<ElementTexts> {
    return elementLanguages;
  }
}

/**
 * Gives the elements of the page a language that does not come along, or other words for one that does. Texts that are
 * missing in it are English.
 * @param tag BCP 47: `fr`
 * @param table texts by the keys of `ElementTable`, with the same `{names}`
 */
export function addLanguage(tag: string, table: Partial<ElementTable>): void {
  elementLanguages.add(tag, table);
  relocalize();
}

/** What `lang` says of a place in the page, or null where none does. */
function languageAt(element: Element): string | null {
  for (let at: Node | null = element; at; at = at.parentNode ?? (at as ShadowRoot).host ?? null) {
    // Elements of a frame's document are no `Element` of this one.
    const lang = at.nodeType === Node.ELEMENT_NODE ? (at as Element).getAttribute('lang') : null;
    if (lang !== null) return lang;
  }
  return null;
}
