import { describe, expect, test } from 'vitest';
import { followingStreams } from '../../src/media/transport-joins.ts';
import {
  codingOf,
  continuesPicture,
  joinToPrevious,
  payloadOf,
  startsFrame,
} from '../../src/media/transport-packet.ts';

describe('a PES packet', () => {
  const header = [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 2, 0xff, 0xff];
  const payload = (...coded: number[]) =>
    Uint8Array.from([...header, ...coded, ...Array.from({ length: 20 }, () => 0x55)]);

  test.each([
    ['the middle of a unit', false, [0x12, 0x34], true],
    ['an access unit delimiter', false, [0, 0, 0, 1, 9, 0xf0], false],
    ['a sequence parameter set', false, [0, 0, 1, 0x67, 0x64], false],
    ['the first slice of a picture', false, [0, 0, 1, 0x65, 0x88], false],
    ['another slice of one', false, [0, 0, 1, 0x65, 0x48], true],
    ['filler data', false, [0, 0, 1, 0x0c, 0xff], true],
    ["HEVC's delimiter", true, [0, 0, 0, 1, 0x46, 1], false],
    ["HEVC's first slice", true, [0, 0, 1, 0x02, 1, 0x80], false],
    ["HEVC's next slice", true, [0, 0, 1, 0x02, 1, 0x40], true],
    ["HEVC's message behind a picture", true, [0, 0, 1, 0x50, 1], true],
  ])('that begins with %s', (_, isHevc, coded, continues) => {
    expect(continuesPicture(payload(...coded), isHevc)).toBe(continues);
  });

  test.each([
    ['an access unit delimiter', [0, 0, 0, 1, 9, 0xf0], 'avc'],
    ['a sequence parameter set', [0, 0, 1, 0x67, 0x64], 'avc'],
    ["HEVC's delimiter", [0, 0, 0, 1, 0x46, 1], 'hevc'],
    ["HEVC's video parameter set", [0, 0, 1, 0x40, 1], 'hevc'],
    ['a picture', [0, 0, 1, 0x65, 0x88], undefined],
    ["HEVC's picture", [0, 0, 1, 0x02, 1], undefined],
    ['a header of MPEG-2', [0, 0, 1, 0xb3, 0x14], undefined],
    ['the middle of a unit', [0x12, 1, 9], undefined],
  ])('that begins with %s is of what that tells', (_, coded, coding) => {
    expect(codingOf(payload(...coded))).toBe(coding);
  });

  test('of a few bytes is what is left of a picture', () => {
    for (let rest = 0; rest < 7; rest++) {
      const small = Uint8Array.from([...header, ...Array.from({ length: rest }, () => 0x55)]);
      expect(continuesPicture(small, false), `${rest}`).toBe(true);
      const untimed = Uint8Array.from([...header.slice(0, 8), 0, ...small.subarray(header.length)]);
      expect(startsFrame(Uint8Array.of(0x47, 0x41, 0, 0x30), untimed), `${rest}`).toBe(true);
    }
    // A time that the packet does not hold is not one that is missing.
    const timed = Uint8Array.from([...header.slice(0, 7), 0x80, 5, 0x21]);
    expect(startsFrame(Uint8Array.of(0x47, 0x41, 0, 0x30), timed)).toBe(false);
  });

  test.each([
    ['without an adaptation field', [0x10]],
    ['with an empty one', [0x30, 0]],
    ['with one of a byte', [0x30, 1, 0x40]],
    ['with a longer one', [0x30, 7, 0x50, 1, 2, 3, 4, 5, 6]],
  ])('%s loses its header, and nothing else', (_, control) => {
    const start = [0x47, 0x41, 0x00, ...control, ...header];
    const packet = Uint8Array.from({ length: 188 }, (_, i) => start[i] ?? i);
    const flags = control[2];
    joinToPrevious(packet);
    const content = Array.from({ length: 188 - start.length }, (_, i) => start.length + i);
    expect([...payloadOf(packet)]).toEqual(content);
    expect(packet[1]! & 0x40).toBe(0);
    expect(packet[5]).toBe(flags ?? 0);
  });
});

describe('streams that go on with each other', () => {
  const span = (pid: number, first: number, last: number, type?: number) => ({
    pid,
    first,
    last,
    type,
  });

  test('are one behind the other, of one kind', () => {
    const rows = followingStreams([span(9, 50, 60), span(7, 0, 20, 27), span(8, 21, 40, 27)]);
    expect([...rows]).toEqual([
      [8, 7],
      [9, 7],
    ]);
  });

  test('are not those at the same time, nor of another codec', () => {
    expect(followingStreams([span(7, 0, 20, 27), span(8, 10, 40, 27)]).size).toBe(0);
    expect(followingStreams([span(7, 0, 20, 27), span(8, 30, 40, 36)]).size).toBe(0);
  });

  test('do not begin with what nothing tells of', () => {
    expect(followingStreams([span(3, 0, 0), span(7, 1, 20, 27)]).size).toBe(0);
  });
});
