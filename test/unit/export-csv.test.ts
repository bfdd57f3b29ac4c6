import { expect, test } from 'vitest';
import { csvRows } from '../../src/export/csv-rows.ts';
import { FILLED, OBSERVED, RECOVERED } from '../../src/track/track.ts';

test('a table has one line a person and sample, estimates marked', () => {
  const text = [
    ...csvRows([
      {
        index: 0,
        timestampsMs: Float64Array.of(0, 66, 133),
        boxes: Float32Array.of(0.1, 0.2, 0.25, 0.5, 0, 0, 1, 1, 0, 0, 1, 1),
        scores: Float32Array.of(0.75, 0.5, 0.25),
        flags: Uint8Array.of(OBSERVED, FILLED, RECOVERED),
      },
    ]),
  ].join('');
  expect(text).toBe(
    'Index,TimestampMillis,Left,Top,Width,Height,Score,Seen\r\n' +
      '0,0,0.10000,0.20000,0.25000,0.50000,0.750,yes\r\n' +
      '0,66,0.00000,0.00000,1.00000,1.00000,0.500,estimated\r\n' +
      '0,133,0.00000,0.00000,1.00000,1.00000,0.250,yes\r\n',
  );
});

test('a long table comes in pieces and loses nothing between them', () => {
  const n = 2500;
  const path = {
    index: 4,
    timestampsMs: Float64Array.from({ length: n }, (_, k) => k),
    boxes: new Float32Array(4 * n),
    scores: new Float32Array(n),
    flags: new Uint8Array(n),
  };
  const pieces = [...csvRows([path])];
  expect(pieces.length).toBeGreaterThan(1);
  const times = pieces
    .join('')
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((row) => Number(row.split(',')[1]));
  expect(times).toEqual(Array.from({ length: n }, (_, k) => k));
});
