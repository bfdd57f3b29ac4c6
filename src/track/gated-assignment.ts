import { solveAssignment } from './assignment.ts';

/**
 * Pairs tracks (rows) with detections (columns) by similarity, with the gate inside the assignment: the sum of
 * what similarities exceed the gate by becomes the largest possible, so a pair below it is never forced on anyone.
 */
export class GatedAssignment {
  #columns = 0;
  #rows = 0;
  #cost = new Float64Array(256);
  #match = new Int32Array(16);

  /** Starts anew with no pair allowed. */
  reset(rows: number, columns: number): void {
    this.#rows = rows;
    this.#columns = columns;
    if (this.#cost.length < rows * columns) this.#cost = new Float64Array(2 * rows * columns);
    if (this.#match.length < rows) this.#match = new Int32Array(2 * rows);
    this.#cost.fill(0, 0, rows * columns);
  }

  /**
   * Allows a pair.
   * @param margin similarity minus gate; at or below 0 the pair is not allowed
   */
  set(row: number, column: number, margin: number): void {
    this.#cost[row * this.#columns + column] = margin > 0 ? -margin : 0;
  }

  /** @returns the column of each row, -1 for none; overwritten by the next call */
  solve(): Int32Array {
    solveAssignment(this.#cost, this.#rows, this.#columns, this.#match);
    for (let i = 0; i < this.#rows; i++) {
      const j = this.#match[i]!;
      // A pair that costs nothing is worth no more than none.
      if (j >= 0 && this.#cost[i * this.#columns + j] === 0) this.#match[i] = -1;
    }
    return this.#match;
  }
}
