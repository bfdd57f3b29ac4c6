/**
 * Tables of 8-bit integers in NumPy's file format, version 1.0.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
 */

const MAGIC = Buffer.from('\x93NUMPY\x01\x00', 'latin1');
/** Bytes of the magic, the version and the header's length. */
const PREFIX = MAGIC.length + 2;
const ALIGNMENT = 64;

/** A table of rows of one length. */
export interface Int8Table {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns, row by row. */
  readonly values: Int8Array;
}

/** @returns a file for `numpy.load` */
export function formatNpy({ rows, columns, values }: Int8Table): Buffer {
  const text = `{'descr': '|i1', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const prefix = Buffer.alloc(PREFIX);
  MAGIC.copy(prefix);
  prefix.writeUInt16LE(length, MAGIC.length);
  const header = Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1');
  return Buffer.concat([
    prefix,
    header,
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  ]);
}

/** @returns undefined where the file is no such table, or not whole */
export function parseNpy(file: Buffer): Int8Table | undefined {
  if (file.length < PREFIX || !file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const start = PREFIX + file.readUInt16LE(MAGIC.length);
  const header = file.subarray(PREFIX, start).toString('latin1');
  const shape = /'shape':\s*\((\d+),\s*(\d+)\)/.exec(header);
  if (!shape || !/'descr':\s*'\|i1'/.test(header) || !/'fortran_order':\s*False/.test(header)) {
    return undefined;
  }
  const [rows, columns] = [Number(shape[1]), Number(shape[2])];
  if (file.length - start !== rows * columns) return undefined;
  return { rows, columns, values: new Int8Array(file.subarray(start)) };
}
