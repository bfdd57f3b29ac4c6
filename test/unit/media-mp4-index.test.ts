import { describe, expect, test } from 'vitest';
import { mendBytes } from '../../src/media/mended-bytes.ts';
import { readEdits } from '../../src/media/mp4-edits.ts';
import { box, words } from '../fixtures/mp4-edit.ts';

const inMemory = (...parts: Uint8Array[]) => {
  const all = Uint8Array.of(...parts.flatMap((part) => [...part]));
  return {
    size: async () => all.length,
    read: async (start: number, end: number) => all.slice(start, end),
  };
};
const ascii = (text: string) => new TextEncoder().encode(text);

/** A movie of one video track: 600 ticks a second, 25 of them the track's own. */
function movie(edits: Uint8Array, ...tables: Uint8Array[]): Uint8Array[] {
  const track = box(
    'trak',
    box('tkhd', words(0, 0, 0, 7, 0, 0)),
    box('edts', edits),
    box(
      'mdia',
      box('mdhd', words(0, 0, 0, 25, 0)),
      box('hdlr', words(0, 0), ascii('vide')),
      box('minf', box('stbl', ...tables)),
    ),
  );
  return [box('ftyp', ascii('isom')), box('moov', box('mvhd', words(0, 0, 0, 600, 0)), track)];
}

const elst = (...entries: number[][]) => box('elst', words(0, entries.length, ...entries.flat()));
const ONE = 0x10000;

describe("an index's edit list", () => {
  test('is read, and hidden from the reader', async () => {
    const mended = await mendBytes(inMemory(...movie(elst([600, 50, ONE], [300, 25, 2 * ONE]))));
    expect(mended.edits?.get(7)).toEqual([
      { start: 0, end: 1, mediaStart: 2, mediaEnd: 3, rate: 1 },
      { start: 1, end: 1.5, mediaStart: 1, mediaEnd: 2, rate: 2 },
    ]);
    const text = String.fromCharCode(...(await mended.read(0, await mended.size())));
    expect(text).not.toContain('edts');
    expect(text).toContain('moov');
  });

  const parts = (...entries: number[][]) =>
    readEdits(elst(...entries).subarray(8), 600, 25)?.map((edit) => Object.values(edit));

  test('joins what goes on, passes over what is empty, and may have no end', () => {
    expect(parts([600, 0, ONE], [600, 25, ONE])).toEqual([[0, 2, 0, 2, 1]]);
    expect(parts([600, -1, ONE], [600, 0, ONE])).toEqual([[1, 2, 0, 1, 1]]);
    expect(parts([600, 0, ONE], [600, 50, 0])).toEqual([
      [0, 1, 0, 1, 1],
      [1, 2, 2, 2, 0],
    ]);
    expect(parts([0, 25, ONE])).toEqual([[0, Infinity, 1, Infinity, 1]]);
  });

  test('that is damaged is no list, or one of what there is of it', () => {
    expect(readEdits(new Uint8Array(3), 600, 25)).toBeUndefined();
    expect(readEdits(elst([600, 0, ONE]).subarray(8), 600, 0)).toBeUndefined();
    expect(parts()).toBeUndefined();
    const long = elst([600, 0, ONE]).subarray(8);
    new DataView(long.buffer, long.byteOffset).setUint32(4, 0xffffffff);
    expect(readEdits(long, 600, 25)).toHaveLength(1);
  });
});

test('counts beyond the samples there are, and beyond their own box, are cut', async () => {
  const absurd = 0xfffffff0;
  const tables = [
    box('stsd', words(0, absurd), box('avc1')),
    box('stts', words(0, 2, 2, 1, absurd, 1)),
    box('ctts', words(0, 1, absurd, 3)),
    box('stsc', words(0, absurd, 1, absurd, 1)),
    box('stsz', words(0, 0, absurd, 10, 20, 30)),
    box('stco', words(0, 1, 99)),
  ];
  const mended = await mendBytes(inMemory(...movie(elst([600, 0, ONE]), ...tables)));
  const bytes = await mended.read(0, await mended.size());
  const text = String.fromCharCode(...bytes);
  const view = new DataView(bytes.buffer);
  const numbers = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => view.getUint32(text.indexOf(name) + 8 + 4 * i));
  expect(numbers('stsd', 1)).toEqual([1]);
  expect(numbers('stts', 5)).toEqual([2, 2, 1, 1, 1]);
  expect(numbers('ctts', 3)).toEqual([1, 3, 3]);
  expect(numbers('stsc', 4)).toEqual([1, 1, 3, 1]);
  expect(numbers('stco', 2)).toEqual([1, 99]);
});

/** What comes before fragments. @param tracks what holds for those of each */
const fragmented = (...tracks: Uint8Array[]) => [
  box('ftyp', ascii('isom')),
  box('moov', box('mvhd', words(0, 0, 0, 600, 0)), box('mvex', ...tracks)),
];

test('counts of fragments beyond the bytes there are, and beyond their own box, are cut', async () => {
  const absurd = 0xfffffff0;
  const trun = (flags: number, ...numbers: number[]) =>
    box('trun', words(flags, absurd, ...numbers));
  const fragment = (track: number, run: Uint8Array) => [
    box('moof', box('traf', box('tfhd', words(0, track)), run)),
    box('mdat', new Uint8Array(300)),
  ];
  const file = inMemory(
    ...fragmented(box('trex', words(0, 7, 1, 1, 10, 0)), box('trex', words(0, 8, 1, 1, 0, 0))),
    // Of ten bytes each, twice; of no bytes; with a length each; with a size each.
    ...fragment(7, trun(1, 0)),
    ...fragment(7, trun(1, 0)),
    ...fragment(8, trun(1, 0)),
    ...fragment(8, trun(0x101, 0, 5, 5)),
    ...fragment(7, trun(0x201, 0, 100, 100, 100)),
  );
  const mended = await mendBytes(file);
  const bytes = await mended.read(0, await mended.size());
  const view = new DataView(bytes.buffer);
  const runs = String.fromCharCode(...bytes).matchAll(/trun/g);
  const counts = [...runs].map(({ index }) => view.getUint32(index + 8));
  expect(counts).toEqual([Math.floor((await file.size()) / 10), 0, 0, 2, 3]);
  expect(mended.unread).toBe(4);
});

test('a long fragment has a run for each sample where those of sound lie between', async () => {
  const runs = Array.from({ length: 3000 }, () => box('trun', words(1, 1, 0)));
  const mended = await mendBytes(
    inMemory(
      ...fragmented(box('trex', words(0, 7, 1, 1, 10, 0))),
      box('moof', box('traf', box('tfhd', words(0, 7)), ...runs)),
      box('mdat', new Uint8Array(30_000)),
    ),
  );
  expect(mended).toMatchObject({ isCut: false, unread: 0 });
});

test('an index of more boxes than make sense is damaged', async () => {
  const free = Array.from({ length: 1001 }, () => box('free'));
  await expect(mendBytes(inMemory(...movie(elst(), ...free)))).rejects.toThrow('boxes in a row');
  const before = Array.from({ length: 5001 }, () => box('free'));
  const [start, ...others] = movie(elst());
  await expect(mendBytes(inMemory(start!, ...before, ...others))).rejects.toThrow('in a row');
  // Fragments without an index are told of as such.
  const fragments = before.flatMap((it) => [box('moof'), it]);
  expect((await mendBytes(inMemory(start!, ...fragments))).isCut).toBe(false);
});

describe('a movie in fragments', () => {
  const start = [
    box('ftyp', ascii('isom')),
    box('moov', box('mvhd', words(0, 0, 0, 600, 0)), box('mvex')),
  ];
  const fragment = [box('moof', words(1, 2)), box('mdat', words(3, 4, 5))];
  const isCut = async (...parts: Uint8Array[]) => (await mendBytes(inMemory(...parts))).isCut;

  test('is whole when its boxes reach to the end', async () => {
    expect(await isCut(...start, ...fragment, ...fragment)).toBe(false);
    expect(await isCut(...start, ...fragment, Uint8Array.of(0, 0, 0))).toBe(false);
  });

  test('is cut where it ends within a box, or goes on with none', async () => {
    expect(await isCut(...start, ...fragment, fragment[1]!.subarray(0, 10))).toBe(true);
    const damaged = fragment[1]!.slice();
    damaged[3] = 4;
    expect(await isCut(...start, ...fragment, damaged, ...fragment)).toBe(true);
  });
});

test('a run of samples that steps back by a version without negative numbers has the other version', async () => {
  const run = (version: number, ...offsets: number[]) =>
    box(
      'trun',
      words((version << 24) | 0x900, offsets.length, ...offsets.flatMap((to) => [1, to])),
    );
  const fragment = (...runs: Uint8Array[]) => [
    box('moof', box('traf', box('tfhd', words(0, 7)), ...runs)),
    box('mdat'),
  ];
  const start = box('moov', box('mvhd', words(0, 0, 0, 600, 0)), box('mvex'));
  const made = inMemory(
    box('ftyp', ascii('isom')),
    start,
    ...fragment(run(0, 2, 0), run(0, 0, -1, 3)),
    ...fragment(run(1, -1, 2), run(0, -5)),
  );
  const mended = await mendBytes(made);
  const bytes = await mended.read(0, await mended.size());
  const text = String.fromCharCode(...bytes);
  const versions = [...text.matchAll(/trun/g)].map(({ index }) => bytes[index + 4]);
  expect(versions).toEqual([0, 1, 1, 1]);
  // The same, read in pieces.
  for (let at = 0; at < bytes.length; at += 7) {
    const end = Math.min(at + 7, bytes.length);
    expect(await mended.read(at, end)).toEqual(bytes.slice(at, end));
  }
});

test.each([0, 1])('a movie of no ticks a second has one: version %i', async (version) => {
  const header = version === 0 ? [0, 0, 0, 0] : [0x1000000, 0, 0, 0, 0, 0];
  const mended = await mendBytes(
    inMemory(box('ftyp', ascii('isom')), box('moov', box('mvhd', words(...header, 9)))),
  );
  const bytes = await mended.read(0, await mended.size());
  expect([...bytes.slice(-8)]).toEqual([0, 0, 0, 1, 0, 0, 0, 9]);
});
