import { bufferedIou, displacement } from '../box.ts';
import { withRoom } from '../columns.ts';

/** Fewest people whose motion says something of the camera's. */
const FEWEST = 3;
/**
 * A shift counts when it stands out of the spread of its own evidence, its median deviation, by this factor: about one
 * standard deviation (1.4826 median deviations of a normal variable). The median of three or more pairs errs by less.
 */
const SIGNIFICANCE = 1.5;
/** Boxes are grown by this share to meet, and must overlap by so much, before the shift is known. */
const BUFFER = 0.2;
const LEAST_OVERLAP = 0.3;

/**
 * Estimates the camera's motion between two samples, as far as it is a shift of the whole picture, from the boxes alone: the median of how far people are
 * found from where they were expected, over pairs that are each other's best match. What each person's own
 * velocity already explains (a steady pan) is not in it. The median bears up to half of the pairs being wrong or
 * turning; a shift within the spread of the pairs is taken for none.
 */
export class GlobalMotion {
  /** Pixels to the right and down, of the last estimate. */
  x = 0;
  y = 0;
  #bestOfRow = new Int32Array(16);
  #bestOfColumn = new Int32Array(16);
  #mostOfColumn = new Float64Array(16);
  #dx = new Float64Array(16);
  #dy = new Float64Array(16);
  #spread = new Float64Array(16);

  /**
   * Estimates anew.
   * @param expected XyxyPx boxes where people seen a moment ago are expected
   * @param expectedCount how many
   * @param found XyxyPx boxes of this sample's detections of high confidence
   * @param foundCount how many
   * @returns whether there is a shift
   */
  estimate(
    expected: Float64Array,
    expectedCount: number,
    found: Float64Array,
    foundCount: number,
  ): boolean {
    this.x = 0;
    this.y = 0;
    if (expectedCount < FEWEST || foundCount < FEWEST) return false;
    const pairs = this.#residuals(expected, expectedCount, found, foundCount);
    if (pairs < FEWEST) return false;
    this.x = this.#significantMedian(this.#dx.subarray(0, pairs));
    this.y = this.#significantMedian(this.#dy.subarray(0, pairs));
    return this.x !== 0 || this.y !== 0;
  }

  /** Fills `#dx`, `#dy` with found minus expected centres of mutually best pairs; returns how many. */
  #residuals(expected: Float64Array, rows: number, found: Float64Array, columns: number): number {
    this.#reserve(Math.max(rows, columns));
    const bestOfRow = this.#bestOfRow.fill(-1, 0, rows);
    const bestOfColumn = this.#bestOfColumn.fill(-1, 0, columns);
    const mostOfColumn = this.#mostOfColumn.fill(0, 0, columns);
    for (let i = 0; i < rows; i++) {
      let most = LEAST_OVERLAP;
      for (let j = 0; j < columns; j++) {
        const overlap = bufferedIou(expected, i, found, j, BUFFER);
        if (overlap === 0) continue;
        if (overlap > mostOfColumn[j]!) {
          mostOfColumn[j] = overlap;
          bestOfColumn[j] = i;
        }
        if (overlap > most) {
          most = overlap;
          bestOfRow[i] = j;
        }
      }
    }
    let pairs = 0;
    for (let i = 0; i < rows; i++) {
      const j = bestOfRow[i]!;
      if (j < 0 || bestOfColumn[j] !== i) continue;
      this.#dx[pairs] = displacement(expected, i, found, j, 0);
      this.#dy[pairs++] = displacement(expected, i, found, j, 1);
    }
    return pairs;
  }

  #reserve(size: number): void {
    this.#bestOfRow = withRoom(this.#bestOfRow, size);
    this.#bestOfColumn = withRoom(this.#bestOfColumn, size);
    this.#mostOfColumn = withRoom(this.#mostOfColumn, size);
    this.#dx = withRoom(this.#dx, size);
    this.#dy = withRoom(this.#dy, size);
    this.#spread = withRoom(this.#spread, size);
  }

  /** Median of the values (which it sorts) where it stands out of their median deviation, else 0. */
  #significantMedian(values: Float64Array): number {
    const median = values.sort()[values.length >> 1]!;
    const spread = this.#spread.subarray(0, values.length);
    for (let i = 0; i < values.length; i++) spread[i] = Math.abs(values[i]! - median);
    spread.sort();
    return Math.abs(median) > SIGNIFICANCE * spread[values.length >> 1]! ? median : 0;
  }
}
