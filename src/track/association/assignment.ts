let capacity = 0;
let rowPotential = new Float64Array(0);
let columnPotential = new Float64Array(0);
let distance = new Float64Array(0);
let previous = new Int32Array(0);
let columnToRow = new Int32Array(0);
let settled = new Uint8Array(0);

/** The scratch arrays are kept between calls: a call is synchronous, so nobody else can see them. */
function reserve(size: number): void {
  if (size <= capacity) return;
  capacity = Math.max(64, 2 * size);
  rowPotential = new Float64Array(capacity);
  columnPotential = new Float64Array(capacity);
  distance = new Float64Array(capacity);
  previous = new Int32Array(capacity);
  columnToRow = new Int32Array(capacity);
  settled = new Uint8Array(capacity);
}

/**
 * Optimal rectangular assignment: the least sum of costs over all ways of giving each row a column of its own
 * (each column a row, when there are fewer columns). Shortest augmenting paths on potentials, as in Jonker and
 * Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems" (1987);
 * time O(min² max), no allocation once warm. Of equally good answers the same one comes every time.
 *
 * Pairs that must not be made: give them the cost of leaving a row free and drop them from the answer.
 *
 * @param cost `rows x columns` finite numbers, row by row; negative ones are allowed
 * @param rows how many rows, 0 or more
 * @param columns how many columns, 0 or more
 * @param rowToColumn takes the column of each row, -1 where a row has none (more rows than columns)
 * @throws RangeError when an array is too short or a cost is not finite
 */
export function solveAssignment(
  cost: Float64Array,
  rows: number,
  columns: number,
  rowToColumn: Int32Array,
): void {
  if (cost.length < rows * columns) {
    throw new RangeError(`cost holds ${cost.length} numbers, ${rows} x ${columns} are needed`);
  }
  if (rowToColumn.length < rows) {
    throw new RangeError(`rowToColumn holds ${rowToColumn.length} numbers, ${rows} are needed`);
  }
  rowToColumn.fill(-1, 0, rows);
  if (rows === 0 || columns === 0) return;

  // The short side is augmented row by row; `n` is its length, the strides turn the matrix where needed.
  const turned = rows > columns;
  const n = turned ? columns : rows;
  const m = turned ? rows : columns;
  const rowStride = turned ? 1 : columns;
  const columnStride = turned ? columns : 1;
  reserve(m + 1);
  rowPotential.fill(0, 0, n);
  columnPotential.fill(0, 0, m + 1);
  columnToRow.fill(-1, 0, m + 1);

  for (let i = 0; i < n; i++) {
    // Column m is the root of the path: it stands for row i's own, still empty place.
    let column = m;
    columnToRow[m] = i;
    distance.fill(Infinity, 0, m);
    settled.fill(0, 0, m + 1);
    do {
      settled[column] = 1;
      const row = columnToRow[column]!;
      const base = row * rowStride;
      const potential = rowPotential[row]!;
      let delta = Infinity;
      let next = -1;
      for (let j = 0; j < m; j++) {
        if (settled[j] === 1) continue;
        const reduced = cost[base + j * columnStride]! - potential - columnPotential[j]!;
        if (reduced < distance[j]!) {
          distance[j] = reduced;
          previous[j] = column;
        }
        if (distance[j]! < delta) {
          delta = distance[j]!;
          next = j;
        }
      }
      if (next < 0 || delta === -Infinity) throw new RangeError('a cost is not a finite number');
      for (let j = 0; j < m; j++) {
        if (settled[j] === 1) {
          rowPotential[columnToRow[j]!]! += delta;
          columnPotential[j]! -= delta;
        } else {
          distance[j]! -= delta;
        }
      }
      rowPotential[i]! += delta;
      column = next;
    } while (columnToRow[column]! >= 0);
    while (column !== m) {
      const from = previous[column]!;
      columnToRow[column] = columnToRow[from]!;
      column = from;
    }
  }

  for (let j = 0; j < m; j++) {
    const row = columnToRow[j]!;
    if (row < 0) continue;
    if (turned) rowToColumn[j] = row;
    else rowToColumn[row] = j;
  }
}
