/**
 * Characters that a terminal obeys or turns the writing round for: control characters but for tabs and line ends, and the
 * embeddings, overrides and isolates of bidirectional text.
 */
const OBEYED = /\r(?!\n)|[^\P{Cc}\r\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text for a terminal. Names of files, of lines and of topics, and what a file holds, may be written to give it a title, clear
 * it, or hide what stands beside them. Each such character is told as JSON writes it, so that JSON stays what it is.
 */
export function visible(text: string): string {
  return text.replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Says something to people, on standard error. */
export function tell(text: string): void {
  process.stderr.write(visible(text));
}

/** Gives a result on standard output: as it is where a file or another program takes it. */
export function give(text: string): void {
  process.stdout.write(process.stdout.isTTY ? visible(text) : text);
}
