/** A text with its forms for counts, by the plural categories of Unicode CLDR; `count` chooses, `other` is the rest. */
export type Plural = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & {
  readonly other: string;
};

/** One text of a table. `{name}` in it stands for a value. */
export type Message = string | Plural;

/** Every text of a room in one language, by key. */
export type Table = Readonly<Record<string, Message>>;

/** A table in another language: the same keys, a plural where the first has one. */
export type Translation<T extends Table> = {
  readonly [K in keyof T]: T[K] extends string ? string : Plural;
};

type Names<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type TextOf<M> = M extends string ? M : M[keyof M];

/** What a text needs: its values by name, or nothing. */
export type Values<M, V> = [Names<TextOf<M>>] extends [never]
  ? []
  : [values: Readonly<Record<Names<TextOf<M>>, V>>];

/** Names of the values in a text, in order, each once. */
export function namesIn(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(/\{(\w+)\}/g), (match) => match[1]!))];
}

/** A text in pieces, with each `{name}` replaced by what `valueFor` gives for it. */
export function piecesOf<V>(text: string, valueFor: (name: string) => V): (string | V)[] {
  return text
    .split(/\{(\w+)\}/)
    .map((piece, i) => (i % 2 === 0 ? piece : valueFor(piece)))
    .filter((piece) => piece !== '');
}
