import type { SuiteFigures } from './grade-suite.ts';

/** A column of a table of figures: a figure's name and how it is written. */
export interface FigureColumn<Figures> {
  readonly name: keyof Figures & string;
  /** Digits after the point: per cent have some, counts have none. */
  readonly digits: number;
}

/**
 * A suite's figures as plain text: a line for each sequence and one for all of them combined.
 * @param title heading of the first column
 */
export function figuresTable<Figures>(
  title: string,
  suite: SuiteFigures<Figures>,
  columns: readonly FigureColumn<Figures>[],
): string {
  const entries: [string, Figures][] = [
    ...Object.entries(suite.sequences),
    ['COMBINED', suite.COMBINED],
  ];
  const lines = [
    [title, ...columns.map((column) => column.name)],
    ...entries.map(([name, figures]) => [
      name,
      ...columns.map(({ name, digits }) => format(figures[name], digits)),
    ]),
  ];
  const widths = lines[0]!.map((_, column) =>
    Math.max(...lines.map((line) => line[column]!.length)),
  );
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return lines.map((line) => `${line.map(pad).join('  ')}\n`).join('');
}

/** A figure that does not exist (of nobody, say) is null. */
function format(value: unknown, digits: number): string {
  return typeof value === 'number' ? value.toFixed(digits) : '-';
}
