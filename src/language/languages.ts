import { Language } from './language.ts';
import type { Table, Translation } from './message.ts';

/** The languages that come along, by BCP 47 tag, each with its own name for itself. */
export const LANGUAGE_NAMES = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  ar: 'العربية',
} as const;

/** Tag of a language that comes along. */
export type LanguageTag = keyof typeof LANGUAGE_NAMES;

/** Languages written from right to left, of those that have a table or may be given one. */
const RIGHT_TO_LEFT = ['ar', 'dv', 'fa', 'he', 'ku', 'ps', 'sd', 'ug', 'ur', 'yi'];

/** How the table of a language is fetched, for each but English, which is at hand. */
export type TableLoaders<T extends Table> = {
  readonly [Tag in Exclude<LanguageTag, 'en'>]: () => Promise<Translation<T>>;
};

/** The tables of a room: English at hand, others loaded when they are first spoken, and those that a page adds. */
export class Languages<T extends Table> {
  readonly #english: T;
  readonly #loaders: Map<string, () => Promise<Partial<Translation<T>>>>;
  readonly #loaded = new Map<string, Language<T>>();

  constructor(english: T, loaders: TableLoaders<T>) {
    this.#english = english;
    this.#loaders = new Map(Object.entries(loaders));
  }

  /** Adds a language, or other words for one that is there; texts that are missing stay English. */
  add(tag: string, table: Partial<Translation<T>>): void {
    const base = primaryOf(tag);
    this.#loaders.set(base, async () => table);
    for (const key of this.#loaded.keys()) if (primaryOf(key) === base) this.#loaded.delete(key);
  }

  /** Tag of the first wanted language that there is a table of, country included; `en` where there is none. */
  choose(wanted: readonly string[]): string {
    return wanted.find((tag) => this.#has(primaryOf(tag)) && isTag(tag)) ?? 'en';
  }

  /** The language of a tag if it can be spoken at once. */
  at(tag: string): Language<T> | undefined {
    const known = this.choose([tag]);
    if (primaryOf(known) === 'en' && !this.#loaders.has('en') && !this.#loaded.has(known))
      this.#loaded.set(known, new Language('en', known, 'ltr', this.#english));
    return this.#loaded.get(known);
  }

  /** The language of a tag, once its table is there. Never rejects: where it cannot be loaded it is English. */
  async load(tag: string): Promise<Language<T>> {
    const known = this.choose([tag]);
    const found = this.at(known);
    if (found) return found;
    const base = primaryOf(known);
    try {
      const table = { ...this.#english, ...(await this.#loaders.get(base)!()) } as unknown as T;
      const direction = RIGHT_TO_LEFT.includes(base) ? 'rtl' : 'ltr';
      const language = this.#loaded.get(known) ?? new Language(base, known, direction, table);
      this.#loaded.set(known, language);
      return language;
    } catch {
      const english = new Language('en', 'en', 'ltr', this.#english);
      // Not asked for again at each update: a page that is loaded anew tries again.
      this.#loaded.set(known, english);
      return english;
    }
  }

  #has(base: string): boolean {
    return base === 'en' || this.#loaders.has(base);
  }
}

/** `de` of `de-AT`. */
function primaryOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/)[0]!;
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length > 0;
  } catch {
    return false;
  }
}
