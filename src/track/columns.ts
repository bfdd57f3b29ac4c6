/** A column of a structure of arrays. */
export type Column =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/**
 * A copy of a column in another length: what fits of its numbers, zeros behind them.
 * @param column of any type, which the copy has too
 * @param length how many numbers, from 0
 */
export function resized<Kind extends Column>(column: Kind, length: number): Kind {
  const copy = new (column.constructor as new (length: number) => Kind)(length);
  copy.set(column.subarray(0, Math.min(length, column.length)));
  return copy;
}

/**
 * A column for scratch with room for so many numbers: the given one where it has, else a new one of twice the length, all
 * zeros, so that a growing need seldom makes one.
 * @param column of any type, which the answer has too
 * @param length how many numbers, from 0
 */
export function withRoom<Kind extends Column>(column: Kind, length: number): Kind {
  if (column.length >= length) return column;
  return new (column.constructor as new (length: number) => Kind)(2 * length);
}
