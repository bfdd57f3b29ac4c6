/**
 * Colours of persons. Seven that stay apart for people with any common colour blindness (Okabe and Ito,
 * "Color Universal Design", 2008), ordered so that neighbours differ in hue and lightness. Past the seventh person
 * they repeat: the number on each label is what tells persons apart.
 */
const COLOURS = [
  '#e69f00',
  '#56b4e9',
  '#cc79a7',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
] as const;

/** Colour of a person as `#rrggbb`; the same for an Index always. */
export function personColour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

/** Black or white: whichever reads better on the person's colour (at least 4.5:1). */
export function personInk(index: number): '#000000' | '#ffffff' {
  return personColour(index) === '#0072b2' ? '#ffffff' : '#000000';
}
