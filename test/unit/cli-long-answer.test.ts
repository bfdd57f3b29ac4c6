import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readLongAnswer } from '../../cli/long-answer.ts';

const folder = mkdtempSync(join(tmpdir(), 'footpath-long-'));
afterAll(() => rmSync(folder, { recursive: true }));

const persons = Array.from({ length: 9 }, (_, i) => ({
  Timestamp: i * 66,
  Person: { Index: i, BoundingBox: { Left: 0.1 * i, Top: 0, Width: 0.1, Height: 0.2 } },
  '"],[{': ['Tür 🚪 \\', { Persons: [1, [2]] }],
}));
const answer = {
  JobStatus: 'SUCCEEDED',
  StatusMessage: '"Persons":[',
  Video: { S3Object: { Name: 'Persons', Persons: [7] } },
  Persons: persons,
  VideoMetadata: { Format: 'QuickTime / MOV' },
};

test.each([
  ['as written', JSON.stringify(answer)],
  ['indented, with a byte order mark', `\uFEFF${JSON.stringify(answer, undefined, 4)}`],
  ['without elements', JSON.stringify({ ...answer, Persons: [] })],
  ['with no list', JSON.stringify({ ...answer, Persons: 'none' })],
  ['that is none', '[1, {"Persons": [2]}]'],
])('an answer %s is read in pieces of any length as it is at once', (_, text) => {
  const file = join(folder, 'answer.json');
  writeFileSync(file, text);
  const whole = JSON.parse(text.replace(/^\uFEFF/, ''));
  for (const chunk of [1, 2, 3, 7, 64, 1 << 16])
    for (const batch of [1, 300, 1 << 16])
      expect(readLongAnswer(file, chunk, batch), `${chunk} ${batch}`).toEqual(whole);
});

test.each([
  '{"Persons":[{"Timestamp":0},]}',
  '{"Persons":[,{"Timestamp":0}]}',
  '{"Persons":[{"Timestamp":0}',
  '{"Persons":[}]}',
  '',
])('what is no JSON is told as such: %s', (text) => {
  const file = join(folder, 'damaged.json');
  writeFileSync(file, text);
  for (const chunk of [1, 1 << 16])
    for (const batch of [1, 1 << 16])
      expect(() => readLongAnswer(file, chunk, batch)).toThrow(SyntaxError);
});
