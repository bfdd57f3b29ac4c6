/** Characters of a value that a message shows. */
const MOST = 80;

/**
 * A value as an error's message shows it: as JSON, and short, however much it is.
 * @param none what is shown of a value that JSON has no word for. Default: the value as text
 */
export function shownValue(value: unknown, none = String(value)): string {
  const text = JSON.stringify(value) ?? none;
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
