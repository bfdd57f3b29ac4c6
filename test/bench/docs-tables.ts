import { readFileSync, writeFileSync } from 'node:fs';

const END = '<!-- end -->';

/**
 * Puts tables into a document, each between `<!-- NAME -->` and `<!-- end -->`.
 * @throws Error when the document has no place for one
 */
export function writeTables(path: string, tables: ReadonlyMap<string, string>): void {
  let text = readFileSync(path, 'utf8');
  for (const [name, table] of tables) {
    const begin = `<!-- ${name} -->\n`;
    const from = text.indexOf(begin);
    if (from < 0) throw new Error(`${path}: there is no place "${begin.trim()}" for the table.`);
    text = `${text.slice(0, from + begin.length)}\n${table}\n${text.slice(text.indexOf(END, from))}`;
  }
  writeFileSync(path, text);
}
