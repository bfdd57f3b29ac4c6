/**
 * MOTChallenge's text form, one box a line: `frame,id,left,top,width,height,score,class,visibility`
 * in ground truth from MOT16 on, `frame,id,left,top,width,height,score,x,y,z` in MOT15, in detections
 * and in results. Frames count from 1; boxes are in pixels.
 * Source: MOTChallenge, https://motchallenge.net/instructions/.
 */

import { PEDESTRIAN } from './mot-classes.ts';

/** A text or table that cannot be graded; the message names the place, the rule and the value. */
export class MotDataError extends Error {
  override readonly name = 'MotDataError';
}

/** Rows of a MOTChallenge text in the file's order; a structure of arrays, `count` long. */
export interface MotRows {
  readonly count: number;
  /** Frame numbers, from 1. */
  readonly frames: Int32Array;
  /** Ids of people; -1 in detections. */
  readonly ids: Int32Array;
  /** 4 x count: left, top, width, height in pixels. */
  readonly boxes: Float64Array;
  /** Column 7: the score of a detection; in ground truth 0 where the box does not count. */
  readonly scores: Float64Array;
  /** Line of each row, from 1, where the rows were read from a text. */
  readonly lines?: Int32Array;
  /** Column 8 of ground truth that has classes: 1 (pedestrian) to 13. Absent in everything else. */
  readonly classes?: Uint8Array;
}

/** Frame, id, four of the box, score. */
const FEWEST_COLUMNS = 7;
/** From here on the eighth column may be MOT15's first world coordinate instead of a class. */
const COLUMNS_WITH_WORLD = 10;
const CLASS_COLUMN = 7;
const LAST_CLASS = 13;
const COLUMN_NAMES = ['frame', 'id', 'left', 'top', 'width', 'height', 'score'];

/** The form of a file: what its columns after the seventh mean. */
type Form = 'detections' | 'results' | 'truth';

/**
 * Reads detections. Columns after the seventh are not looked at. Columns are parted by commas or blanks, lines by any
 * of the three line ends; empty lines are skipped.
 * @param text the file's whole text
 * @param name the file's name, for messages
 * @throws MotDataError with `name:line` for a line with fewer than seven columns, a value that is no
 * number, or a frame or id that is no whole number
 */
export function parseMot(text: string, name: string): MotRows {
  return parse(text, name, 'detections').rows;
}

/**
 * Reads a tracker's results. Where there is an eighth column it is a class, as TrackEval reads it: what is above 1,
 * a pedestrian, cannot be graded.
 * @param text the file's whole text
 * @param name the file's name, for messages
 * @throws MotDataError as {@link parseMot} does, and for a class above 1 or one that is no number
 */
export function parseMotResults(text: string, name: string): MotRows {
  const { rows, classes, place } = parse(text, name, 'results');
  for (let row = 0; row < rows.count; row++) {
    if (Math.trunc(classes[row]!) <= PEDESTRIAN) continue;
    throw new MotDataError(
      `${place(row)}: class ${classes[row]} (column 8) is not that of a pedestrian (${PEDESTRIAN}); only pedestrians are graded.`,
    );
  }
  return rows;
}

/**
 * Reads ground truth. In eight or nine columns the eighth is a class, unless it is -1 throughout. In ten and more it is
 * one (VisDrone's form: class, truncation, occlusion) where the file says no otherwise: the eighth column is a whole
 * number from 0 up in every row, and not 0 throughout, and the ninth lies within -1 to 1. Else these are MOT15's
 * coordinates in the world, and the truth has no classes.
 * @param text the file's whole text
 * @param name the file's name, for messages
 * @throws MotDataError as {@link parseMot} does, for a class outside 1 to 13, and for lines of different width
 */
export function parseMotTruth(text: string, name: string): MotRows {
  const { rows, classes, width, ninths, place } = parse(text, name, 'truth');
  if (!hasClasses(classes, width, ninths)) return rows;
  for (let row = 0; row < rows.count; row++) {
    const value = classes[row]!;
    if (Number.isInteger(value) && value >= 1 && value <= LAST_CLASS) continue;
    throw new MotDataError(
      `${place(row)}: class ${value} is not a whole number from 1 (pedestrian) to ${LAST_CLASS}.`,
    );
  }
  return { ...rows, classes: Uint8Array.from(classes) };
}

/** See {@link parseMotTruth}. */
function hasClasses(classes: Float64Array, width: number, ninths: Float64Array): boolean {
  if (width <= CLASS_COLUMN) return false;
  if (width < COLUMNS_WITH_WORLD) return !classes.every((value) => value === -1);
  return (
    classes.every((value) => Number.isInteger(value) && value >= 0) &&
    classes.some((value) => value > 0) &&
    ninths.every((value) => value >= -1 && value <= 1)
  );
}

interface Parsed {
  readonly rows: MotRows;
  /** Columns of a row of truth; 0 where there is none. */
  readonly width: number;
  /** Column 8 of results and truth, one a row; in results without it that of a pedestrian. */
  readonly classes: Float64Array;
  /** Column 9 of truth. */
  readonly ninths: Float64Array;
  /** `name:line` of a row. */
  place(row: number): string;
}

/** A column's number; not one (NaN) for anything else, an empty column among it. */
function numberOf(column: string | undefined): number {
  return column === undefined || column === '' ? Number.NaN : Number(column);
}

function parse(text: string, name: string, form: Form): Parsed {
  const lines = text.split(/\r\n|\r|\n/);
  const frames = new Int32Array(lines.length);
  const ids = new Int32Array(lines.length);
  const boxes = new Float64Array(lines.length * 4);
  const scores = new Float64Array(lines.length);
  const classes = new Float64Array(form === 'detections' ? 0 : lines.length);
  const ninths = new Float64Array(form === 'truth' ? lines.length : 0);
  const lineOf = new Int32Array(lines.length);
  let width = 0;
  let count = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trim();
    if (line === '') continue;
    const columns = line.split(/\s*,\s*|\s+/);
    // A comma at the end parts nothing.
    if (columns.at(-1) === '') columns.pop();
    const place = () => `${name}:${index + 1}`;
    if (columns.length < FEWEST_COLUMNS) {
      throw new MotDataError(
        `${place()}: ${columns.length} columns, but at least ${FEWEST_COLUMNS} are needed (${COLUMN_NAMES.join(',')}).`,
      );
    }
    for (let column = 0; column < FEWEST_COLUMNS; column++) {
      const value = numberOf(columns[column]);
      const isWhole = column < 2;
      if (!Number.isFinite(value) || (isWhole && value !== (value | 0))) {
        throw new MotDataError(
          `${place()}: ${COLUMN_NAMES[column]} "${columns[column]}" is not a ${isWhole ? 'whole ' : ''}number.`,
        );
      }
      if (column === 0) frames[count] = value;
      else if (column === 1) ids[count] = value;
      else if (column < 6) boxes[4 * count + column - 2] = value;
      else scores[count] = value;
    }
    if (form === 'truth') {
      // Read by its width, a truth must have one: where some rows had no class, cars would count as people.
      if (width !== 0 && columns.length !== width) {
        throw new MotDataError(
          `${place()}: ${columns.length} columns, but the rows before have ${width}.`,
        );
      }
      width = columns.length;
      classes[count] = numberOf(columns[CLASS_COLUMN]);
      ninths[count] = numberOf(columns[CLASS_COLUMN + 1]);
    } else if (form === 'results') {
      classes[count] =
        columns.length <= CLASS_COLUMN ? PEDESTRIAN : numberOf(columns[CLASS_COLUMN]);
    }
    lineOf[count++] = index + 1;
  }
  return {
    rows: {
      count,
      frames: frames.slice(0, count),
      ids: ids.slice(0, count),
      boxes: boxes.slice(0, 4 * count),
      scores: scores.slice(0, count),
      lines: lineOf.slice(0, count),
    },
    width,
    classes: classes.slice(0, count),
    ninths: ninths.slice(0, count),
    place: (row) => `${name}:${lineOf[row]}`,
  };
}

/**
 * Writes rows as results or detections in ten columns: boxes to a hundredth of a pixel, scores to a
 * ten-thousandth, the last three columns -1. Classes are not written.
 */
export function formatMot(rows: MotRows): string {
  const lines: string[] = [];
  for (let row = 0; row < rows.count; row++) {
    const box = Array.from(rows.boxes.subarray(4 * row, 4 * row + 4), (value) => value.toFixed(2));
    const score = Number(rows.scores[row]!.toFixed(4));
    lines.push(`${rows.frames[row]},${rows.ids[row]},${box.join(',')},${score},-1,-1,-1\n`);
  }
  return lines.join('');
}
