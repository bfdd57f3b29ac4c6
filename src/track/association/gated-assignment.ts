import { withRoom } from '../columns.ts';
import { solveAssignment } from './assignment.ts';

/**
 * Pairs tracks (rows) with detections (columns) by similarity, with the gate inside the assignment: the sum of
 * what similarities exceed the gate by becomes the largest possible, so a pair below it is never forced on anyone.
 * Who has no allowed pair with a group's members does not bear on it, so each group is solved by itself: in a crowd
 * that is many small problems instead of a large one.
 */
export class GatedAssignment {
  #columns = 0;
  #rows = 0;
  #cost = new Float64Array(256);
  #match = new Int32Array(16);
  // One group: its rows and columns, and its own problem.
  #groupRows = new Int32Array(16);
  #groupColumns = new Int32Array(16);
  #rowSeen = new Uint8Array(16);
  #columnSeen = new Uint8Array(16);
  #groupCost = new Float64Array(256);
  #groupMatch = new Int32Array(16);

  /** Starts anew with no pair allowed. */
  reset(rows: number, columns: number): void {
    this.#rows = rows;
    this.#columns = columns;
    this.#cost = withRoom(this.#cost, rows * columns);
    this.#groupCost = withRoom(this.#groupCost, rows * columns);
    this.#match = withRoom(this.#match, rows);
    this.#groupMatch = withRoom(this.#groupMatch, rows);
    this.#groupRows = withRoom(this.#groupRows, rows);
    this.#rowSeen = withRoom(this.#rowSeen, rows);
    this.#groupColumns = withRoom(this.#groupColumns, columns);
    this.#columnSeen = withRoom(this.#columnSeen, columns);
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
    this.#match.fill(-1, 0, this.#rows);
    this.#rowSeen.fill(0, 0, this.#rows);
    this.#columnSeen.fill(0, 0, this.#columns);
    for (let row = 0; row < this.#rows; row++) {
      if (this.#rowSeen[row] === 0) this.#solveGroup(row);
    }
    return this.#match;
  }

  /** Gathers all that hang together with a row by allowed pairs, and pairs them. */
  #solveGroup(first: number): void {
    const cost = this.#cost;
    const width = this.#columns;
    const groupRows = this.#groupRows;
    const groupColumns = this.#groupColumns;
    groupRows[0] = first;
    this.#rowSeen[first] = 1;
    let rows = 1;
    let columns = 0;
    for (let r = 0; r < rows; r++) {
      const base = groupRows[r]! * width;
      for (let column = 0; column < width; column++) {
        if (cost[base + column] === 0 || this.#columnSeen[column] === 1) continue;
        this.#columnSeen[column] = 1;
        groupColumns[columns++] = column;
        for (let row = 0; row < this.#rows; row++) {
          if (cost[row * width + column] === 0 || this.#rowSeen[row] === 1) continue;
          this.#rowSeen[row] = 1;
          groupRows[rows++] = row;
        }
      }
    }
    if (columns === 0) return;
    if (rows === 1 && columns === 1) {
      this.#match[first] = groupColumns[0]!;
      return;
    }
    const groupCost = this.#groupCost;
    for (let r = 0; r < rows; r++) {
      const base = groupRows[r]! * width;
      for (let c = 0; c < columns; c++) groupCost[r * columns + c] = cost[base + groupColumns[c]!]!;
    }
    solveAssignment(groupCost, rows, columns, this.#groupMatch);
    for (let r = 0; r < rows; r++) {
      const c = this.#groupMatch[r]!;
      // A pair that costs nothing is worth no more than none.
      if (c < 0 || groupCost[r * columns + c] === 0) continue;
      this.#match[groupRows[r]!] = groupColumns[c]!;
    }
  }
}
