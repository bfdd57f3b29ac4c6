import { describe, expect, test } from 'vitest';
import { mendBytes } from '../../src/media/mended-bytes.ts';

const inMemory = (all: Uint8Array<ArrayBuffer>) => ({
  size: async () => all.length,
  read: async (start: number, end: number) => all.slice(start, end),
});

/** An element with a size of four bytes. */
function element(id: number[], ...content: number[][]): number[] {
  const body = content.flat();
  return [
    ...id,
    0x10,
    (body.length >> 16) & 255,
    (body.length >> 8) & 255,
    body.length & 255,
    ...body,
  ];
}

const EBML = [0x1a, 0x45, 0xdf, 0xa3];
const SEGMENT = [0x18, 0x53, 0x80, 0x67];
const INFO = [0x15, 0x49, 0xa9, 0x66];
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75];
const CUES = [0x1c, 0x53, 0xbb, 0x6b];
const UNKNOWN = 0xff;

const block = (value: number) => element([0xa3], Array<number>(20).fill(value));
const cluster = (...values: number[]) =>
  element(CLUSTER, element([0xe7], [0]), ...values.map(block));
const cues = (position: number) =>
  element(CUES, element([0xbb], element([0xb7], element([0xf1], [position]))));

const file = (...parts: number[][]) => [...element(EBML, [1, 2, 3]), ...element(SEGMENT, ...parts)];
const INFO_BYTES = element(INFO, [1, 2, 3, 4]);
const HEADER = element(EBML, [1, 2, 3]).length + 8;

async function mended(bytes: number[]) {
  const found = await mendBytes(inMemory(Uint8Array.from(bytes)));
  const end = await found.size();
  return { isCut: found.isCut, bytes: [...(await found.read(0, end))] };
}

describe('a segment', () => {
  test('that is whole passes as it is', async () => {
    const whole = file(INFO_BYTES, cluster(1, 2), cluster(3), cues(INFO_BYTES.length));
    expect(await mended(whole)).toEqual({ isCut: false, bytes: whole });
  });

  test('that is cut within a block ends with the one before, by every size', async () => {
    const whole = file(INFO_BYTES, cluster(1, 2), cluster(3, 4));
    for (let bytes = 1; bytes <= block(4).length; bytes++) {
      const { isCut, bytes: read } = await mended(whole.slice(0, -bytes));
      expect(isCut).toBe(true);
      expect(read).toEqual(file(INFO_BYTES, cluster(1, 2), cluster(3)));
    }
  });

  test('cut behind its last cluster is whole, and exactly there is not', async () => {
    const whole = file(INFO_BYTES, cluster(1, 2), cues(INFO_BYTES.length));
    expect((await mended(whole.slice(0, -3))).isCut).toBe(false);
    expect((await mended(whole.slice(0, -cues(0).length))).isCut).toBe(true);
  });

  test('of unknown size, with clusters of unknown size, is cut only within a block', async () => {
    const live = [
      ...element(EBML, [1]),
      ...[...SEGMENT, UNKNOWN],
      ...[...CLUSTER, UNKNOWN, ...element([0xe7], [0]), ...block(1)],
      ...[...CLUSTER, UNKNOWN, ...element([0xe7], [9]), ...block(2), ...block(3)],
    ];
    expect(await mended(live)).toEqual({ isCut: false, bytes: live });
    const less = live.slice(0, -block(3).length);
    expect(await mended(live.slice(0, -4))).toEqual({ isCut: true, bytes: less });
    expect(await mended([...less, 0, 0, 0, 0])).toEqual({ isCut: false, bytes: less });
  });

  test('with something else between its clusters says nothing there, and keeps every place', async () => {
    for (const length of [2, 8, 9, 300]) {
      const junk = Array<number>(length).fill(0x42);
      const { isCut, bytes } = await mended(file(INFO_BYTES, cluster(1), junk, cluster(2)));
      const at = HEADER + INFO_BYTES.length + cluster(1).length;
      expect(isCut).toBe(false);
      expect(bytes[at]).toBe(0xec);
      expect(bytes.slice(at + length)).toEqual(cluster(2));
      expect(bytes).toHaveLength(at + length + cluster(2).length);
    }
  });

  test('whose clusters have wrong sizes is read to their last whole blocks', async () => {
    const right = file(INFO_BYTES, cluster(1, 2), cluster(3));
    const sizeAt = HEADER + INFO_BYTES.length + 7;
    for (const wrong of [5, 30, 70, 255]) {
      const damaged = right.slice();
      damaged[sizeAt] = wrong;
      expect((await mended(damaged)).bytes, `${wrong}`).toEqual(right);
    }
  });

  test('whose index points to no cluster is read without it', async () => {
    const parts = [INFO_BYTES, cluster(1), cluster(2)];
    const { bytes } = await mended(file(...parts, cues(INFO_BYTES.length + 1)));
    const { bytes: right } = await mended(file(...parts, cues(INFO_BYTES.length)));
    const at = file(...parts).length;
    expect(bytes[at]).toBe(0xec);
    expect(right[at]).toBe(CUES[0]);
  });

  test.each([
    ['no element at all', 0, [0x42, 0x42, 0x42]],
    ['a size that leads into the next one', 4, [30]],
    ['a size that leads nowhere', 1, [0x0f, 255, 255, 255]],
    ['another track', 5, [0x85]],
  ])(
    'in which a block begins with %s loses that block alone, and says so',
    async (_, at, header) => {
      const ofTrack = (value: number) => element([0xa3], [0x81, ...Array<number>(20).fill(value)]);
      const tracks = element([0x16, 0x54, 0xae, 0x6b], element([0xae], element([0xd7], [1])));
      const blocks = [1, 2, 3, 4, 5].map(ofTrack);
      const start = element([0xe7], [0]);
      const cluster = (content: number[][], isLive: boolean) =>
        isLive ? [...CLUSTER, UNKNOWN, ...content.flat()] : element(CLUSTER, ...content);
      for (const isLive of [false, true]) {
        const parts = [INFO_BYTES, tracks, cluster([start, ...blocks], isLive)];
        const whole = isLive
          ? [...element(EBML, [1]), ...SEGMENT, UNKNOWN, ...parts.flat()]
          : file(...parts);
        expect((await mendBytes(inMemory(Uint8Array.from(whole)))).unread).toBe(0);
        const damaged = Uint8Array.from(whole);
        const second = damaged.length - 4 * blocks[0]!.length;
        damaged.set(header, second + at);
        const found = await mendBytes(inMemory(damaged));
        expect(found.unread, `live: ${isLive}`).toBe(1);
        expect(found.isCut).toBe(false);
        const bytes = await found.read(0, await found.size());
        expect(bytes).toHaveLength(whole.length);
        const third = second + blocks[0]!.length;
        if (at < 4) expect([...bytes.slice(third)]).toEqual(whole.slice(third));
        else
          expect([...bytes.slice(third + blocks[0]!.length)]).toEqual(
            whole.slice(third + blocks[0]!.length),
          );
      }
    },
  );

  test('behind which another file begins ends there, and says so', async () => {
    const first = file(INFO_BYTES, cluster(1), cluster(2));
    const found = await mendBytes(inMemory(Uint8Array.from([...first, ...first])));
    expect(found).toMatchObject({ isJoined: true, isCut: false, unread: 0 });
    expect(await found.size()).toBe(first.length);
  });
});

test('a track that is off is on, as players do not heed that', async () => {
  const tracks = (flag: number) =>
    element(
      [0x16, 0x54, 0xae, 0x6b],
      element([0xae], element([0xd7], [1]), element([0xb9], [flag])),
    );
  const { bytes } = await mended(file(tracks(0), cluster(1)));
  expect(bytes).toEqual(file(tracks(1), cluster(1)));
});

test('a track that is encrypted is known, and one that is compressed is not that', async () => {
  const encoded = (...encoding: number[][]) =>
    element(
      [0x16, 0x54, 0xae, 0x6b],
      element([0xae], element([0xd7], [1])),
      element(
        [0xae],
        element([0xd7], [2]),
        element([0x6d, 0x80], element([0x62, 0x40], ...encoding)),
      ),
    );
  const isEncrypted = async (tracks: number[]) =>
    (await mendBytes(inMemory(Uint8Array.from(file(tracks, cluster(1)))))).isEncrypted;
  expect(await isEncrypted(encoded(element([0x50, 0x33], [1]), element([0x50, 0x35], [])))).toBe(
    true,
  );
  expect(await isEncrypted(encoded(element([0x50, 0x34], [])))).toBe(false);
});
