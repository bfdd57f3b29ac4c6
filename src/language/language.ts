import { type Message, piecesOf, type Table, type Values } from './message.ts';

/** First strong isolate and its end: what stands between keeps its own direction (Unicode Bidirectional Algorithm). */
const [ISOLATE, END] = ['\u2068', '\u2069'];
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A language to speak in: a table of words, and how its country writes numbers, dates and lists. Digits are those of
 * Latin script and days those of the Gregorian calendar everywhere, since the numbers of people are drawn over the picture and both stand in
 * files and in the fields of browsers.
 */
export class Language<T extends Table = Table> {
  /** Of its table, BCP 47: `de`. */
  readonly tag: string;
  /** Of its numbers and dates, BCP 47, with a country where one is known: `de-AT`. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  readonly #table: Table;
  readonly #plurals: Intl.PluralRules;
  readonly #formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

  /** @param table every text */
  constructor(tag: string, locale: string, direction: 'ltr' | 'rtl', table: T) {
    this.tag = tag;
    this.locale = locale;
    this.direction = direction;
    this.#table = table;
    this.#plurals = new Intl.PluralRules(tag);
  }

  /**
   * The text of a key.
   * @param values what its names stand for; numbers are written as the country does, names of files keep their direction
   */
  say<K extends keyof T & string>(key: K, ...values: Values<T[K], string | number>): string {
    const [given = {}] = values as [Record<string, string | number>?];
    return piecesOf(this.#textOf(key, given), (name) => this.#write(given[name]!)).join('');
  }

  /** The text of a key in pieces, where values are no text: links, say, or buttons. */
  pieces<K extends keyof T & string, V>(key: K, ...values: Values<T[K], V>): (string | V)[] {
    const [given = {}] = values as [Record<string, V>?];
    return piecesOf(this.#textOf(key, given), (name) => given[name]!);
  }

  /** A number as the country writes it. */
  number(value: number, options: Intl.NumberFormatOptions = {}): string {
    const format = this.#format(`n${JSON.stringify(options)}`, () => {
      return new Intl.NumberFormat(this.locale, { numberingSystem: 'latn', ...options });
    });
    return (format as Intl.NumberFormat).format(value);
  }

  /** A date and a time of the day, by default in the device's time zone. */
  date(
    value: Date,
    options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' },
  ): string {
    return this.#dates(options).format(value);
  }

  /** From one date and time to another, what both share said once: `1 Mar 2026, 09:00–10:00`. */
  dateRange(from: Date, to: Date, options: Intl.DateTimeFormatOptions): string {
    return this.#dates(options).formatRange(from, to);
  }

  /** `a, b and c`. */
  list(items: readonly string[]): string {
    return new Intl.ListFormat(this.locale, { style: 'long' }).format(
      items.map((it) => this.#write(it)),
    );
  }

  #dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return this.#format(`d${JSON.stringify(options)}`, () => {
      return new Intl.DateTimeFormat(this.locale, {
        numberingSystem: 'latn',
        calendar: 'gregory',
        ...options,
      });
    }) as Intl.DateTimeFormat;
  }

  #textOf(key: string, values: Readonly<Record<string, unknown>>): string {
    const message = this.#table[key] as Message;
    if (typeof message === 'string') return message;
    return message[this.#plurals.select(Number(values.count))] ?? message.other;
  }

  #write(value: string | number): string {
    if (typeof value === 'number') return this.number(value);
    const isForeign = this.direction === 'rtl' ? /[a-z]/i.test(value) : RIGHT_TO_LEFT.test(value);
    return isForeign ? ISOLATE + value + END : value;
  }

  #format(key: string, make: () => Intl.NumberFormat | Intl.DateTimeFormat) {
    const found = this.#formats.get(key) ?? make();
    this.#formats.set(key, found);
    return found;
  }
}
