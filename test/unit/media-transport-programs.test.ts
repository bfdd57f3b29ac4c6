import { describe, expect, test } from 'vitest';
import { AVC_TYPE, HEVC_TYPE, TransportPrograms } from '../../src/media/transport-programs.ts';

/** What a packet carries in which a section begins, cut at the packet's end. The checksum is none. */
function payload(table: number, ...content: number[]): Uint8Array {
  const length = content.length + 9;
  const head = [table, 0xb0 | (length >> 8), length & 255, 0, 1, 0xc1, 0, 0];
  return Uint8Array.of(0, ...head, ...content, 0, 0, 0, 0).subarray(0, 184);
}
const stream = (type: number, pid: number, ...descriptors: number[]) => [
  type,
  0xe0 | (pid >> 8),
  pid & 255,
  0xf0,
  descriptors.length,
  ...descriptors,
];
const map = (...streams: number[][]) => payload(2, 0xe1, 0, 0xf0, 0, ...streams.flat());
const AUDIO = 0x0f;

/** The place and the streams of a table, as its reader takes them: by the lengths stated there. */
function read(packet: Uint8Array | undefined): { place: number; streams: [number, number][] } {
  const [, high = 0, low = 0] = packet!;
  const section = packet!.subarray(5, 8 + packet![7]! - 4);
  const streams: [number, number][] = [];
  let at = 12 + section[11]!;
  for (; at < section.length; at += 5 + section[at + 4]!) {
    streams.push([((section[at + 1]! & 31) << 8) | section[at + 2]!, section[at]!]);
  }
  expect(at).toBe(section.length);
  expect(packet).toHaveLength(188);
  return { place: ((high & 31) << 8) | low, streams };
}

describe('the table of a transport stream', () => {
  test('is that of the first program with pictures, whatever comes first', () => {
    const programs = new TransportPrograms();
    programs.read(0x102, map(stream(AVC_TYPE, 0x120)));
    programs.read(0, payload(0, 0, 7, 0xe1, 1, 0, 8, 0xe1, 2));
    programs.read(0x101, map(stream(AUDIO, 0x111), stream(AVC_TYPE, 0x110)));
    const both = new Map([0x120, 0x110].map((pid) => [pid, AVC_TYPE]));
    const streams = [
      [0x110, AVC_TYPE],
      [0x111, AUDIO],
    ];
    expect(read(programs.table(both))).toEqual({ place: 0x101, streams });
    const second = new Map([[0x120, AVC_TYPE]]);
    expect(read(programs.table(second)).place).toBe(0x102);
  });

  test('calls pictures what they are', () => {
    const programs = new TransportPrograms();
    programs.read(0x101, map(stream(6, 0x110, 0x0a, 0), stream(AUDIO, 0x111)));
    const { streams } = read(programs.table(new Map([[0x110, HEVC_TYPE]])));
    expect(streams).toEqual([
      [0x110, HEVC_TYPE],
      [0x111, AUDIO],
    ]);
  });

  test('names pictures that none tells of, and nothing without any', () => {
    const programs = new TransportPrograms();
    expect(read(programs.table(new Map([[0x99, AVC_TYPE]]))).streams).toEqual([[0x99, AVC_TYPE]]);
    expect(programs.table(new Map())).toBeUndefined();
  });

  test.each([
    [184, 13],
    [94, 7],
  ])('has as many streams as are whole in %i bytes', (bytes, least) => {
    const descriptor = [0x0a, 4, 0x64, 0x65, 0x75, 0];
    const sounds = Array.from({ length: 30 }, (_, i) => stream(AUDIO, 0x200 + i, ...descriptor));
    const programs = new TransportPrograms();
    const whole = map(...sounds.slice(0, 6), stream(AVC_TYPE, 0x110), ...sounds.slice(6));
    programs.read(0x101, whole.subarray(0, bytes));
    const { streams } = read(programs.table(new Map([[0x110, AVC_TYPE]])));
    expect(streams[0]).toEqual([0x110, AVC_TYPE]);
    expect(streams.length).toBeGreaterThanOrEqual(least);
  });
});
