/**
 * Gives an element's properties their defaults where a page gave nothing: frameworks set undefined for what they have nothing
 * for, an attribute that is taken away leaves null, an empty one no text or 0.
 */
export function giveDefaults<Given extends object>(element: Given, defaults: Given): void {
  for (const name of Object.keys(defaults) as (keyof Given)[]) element[name] ||= defaults[name];
}
