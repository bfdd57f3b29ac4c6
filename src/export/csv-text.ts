/** How a table is written: which sign parts columns, and which a number's whole from its fraction. */
export interface CsvLocale {
  /** `,` goes with decimal points, `;` with decimal commas, as spreadsheets of either kind of country read them. */
  readonly separator: ',' | ';';
}

/** A cell: a text, a number, or nothing. */
export type CsvCell = string | number | undefined;

/** A row of a table (RFC 4180): its cells as {@link csvCell} writes them. */
export function csvRow(cells: readonly CsvCell[], locale: CsvLocale): string {
  return `${cells.map((cell) => csvCell(cell, locale)).join(locale.separator)}\r\n`;
}

/**
 * A cell of a table. A text that a spreadsheet would run as a formula gets an apostrophe before it, as OWASP's page on CSV
 * injection has it, the wide signs of East Asian keyboards among them; numbers are written as they are, `NaN` as nothing.
 */
export function csvCell(cell: CsvCell, { separator }: CsvLocale): string {
  if (cell === undefined || Number.isNaN(cell)) return '';
  if (typeof cell === 'number') {
    const text = String(cell);
    return separator === ';' ? text.replace('.', ',') : text;
  }
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
