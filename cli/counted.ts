/**
 * A number with what it counts, in English.
 * @param count a whole number
 * @param one the word for one
 * @param several the word for none and for several; default: `one` with an s
 */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/**
 * How many people and boxes a result holds, as every command that makes one ends with.
 * @param people numbers given
 * @param boxes rows of the result
 */
export function resultText(people: number, boxes: number): string {
  return `${counted(people, 'person', 'people')}, ${counted(boxes, 'box', 'boxes')}`;
}
