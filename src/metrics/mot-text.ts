/**
 * MOTChallenge's text form, one box a line: `frame,id,left,top,width,height,score,class,visibility`
 * in ground truth from MOT16 on, `frame,id,left,top,width,height,score,x,y,z` in MOT15, in detections
 * and in results. Frames count from 1; boxes are in pixels.
 * Source: MOTChallenge, https://motchallenge.net/instructions/.
 */

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
  /** Column 8 of ground truth that has classes: 1 (pedestrian) to 13. Absent in everything else. */
  readonly classes?: Uint8Array;
}

/** Frame, id, four of the box, score. */
const FEWEST_COLUMNS = 7;
/** MOT15's truth has three world coordinates where later ones have class and visibility. */
const COLUMNS_WITH_WORLD = 10;
const CLASS_COLUMN = 7;
const LAST_CLASS = 13;
const COLUMN_NAMES = ['frame', 'id', 'left', 'top', 'width', 'height', 'score'];

/**
 * Reads results or detections. Columns after the seventh are not looked at. Columns are parted by
 * commas or blanks, empty lines are skipped.
 * @param text the file's whole text
 * @param name the file's name, for messages
 * @throws MotDataError with `name:line` for a line with fewer than seven columns, a value that is no
 * number, or a frame or id that is no whole number
 */
export function parseMot(text: string, name: string): MotRows {
  return parse(text, name, false);
}

/**
 * Reads ground truth. The eighth column is a class where the file has fewer than ten columns and it is
 * not -1 throughout; otherwise the truth has no classes (MOT15).
 * @param text the file's whole text
 * @param name the file's name, for messages
 * @throws MotDataError as {@link parseMot} does, and for a class outside 1 to 13
 */
export function parseMotTruth(text: string, name: string): MotRows {
  return parse(text, name, true);
}

function parse(text: string, name: string, isTruth: boolean): MotRows {
  const lines = text.split('\n');
  const frames = new Int32Array(lines.length);
  const ids = new Int32Array(lines.length);
  const boxes = new Float64Array(lines.length * 4);
  const scores = new Float64Array(lines.length);
  const classes = new Float64Array(isTruth ? lines.length : 0);
  const lineOf = new Int32Array(lines.length);
  let hasClasses = isTruth;
  let count = 0;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index].trim();
    if (line === '') continue;
    const columns = line.split(/\s*,\s*|\s+/);
    const place = () => `${name}:${index + 1}`;
    if (columns.length < FEWEST_COLUMNS) {
      throw new MotDataError(
        `${place()}: ${columns.length} columns, but at least ${FEWEST_COLUMNS} are needed (${COLUMN_NAMES.join(',')}).`,
      );
    }
    for (let column = 0; column < FEWEST_COLUMNS; column++) {
      const value = columns[column] === '' ? Number.NaN : Number(columns[column]);
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
    if (isTruth) {
      if (columns.length >= COLUMNS_WITH_WORLD || columns.length <= CLASS_COLUMN)
        hasClasses = false;
      else classes[count] = Number(columns[CLASS_COLUMN]);
    }
    lineOf[count++] = index + 1;
  }
  const rows = {
    count,
    frames: frames.slice(0, count),
    ids: ids.slice(0, count),
    boxes: boxes.slice(0, 4 * count),
    scores: scores.slice(0, count),
  };
  if (!hasClasses || classes.subarray(0, count).every((value) => value === -1)) return rows;
  for (let row = 0; row < count; row++) {
    const value = classes[row];
    if (Number.isInteger(value) && value >= 1 && value <= LAST_CLASS) continue;
    throw new MotDataError(
      `${name}:${lineOf[row]}: class ${value} is not a whole number from 1 (pedestrian) to ${LAST_CLASS}.`,
    );
  }
  return { ...rows, classes: Uint8Array.from(classes.subarray(0, count)) };
}

/**
 * Writes rows as results or detections in ten columns: boxes to a hundredth of a pixel, scores to a
 * ten-thousandth, the last three columns -1. Classes are not written.
 */
export function formatMot(rows: MotRows): string {
  const lines: string[] = [];
  for (let row = 0; row < rows.count; row++) {
    const box = Array.from(rows.boxes.subarray(4 * row, 4 * row + 4), (value) => value.toFixed(2));
    const score = Number(rows.scores[row].toFixed(4));
    lines.push(`${rows.frames[row]},${rows.ids[row]},${box.join(',')},${score},-1,-1,-1\n`);
  }
  return lines.join('');
}
