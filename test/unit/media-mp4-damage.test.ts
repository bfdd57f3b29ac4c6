import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { mendBytes } from '../../src/media/mended-bytes.ts';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';

let whole: Uint8Array<ArrayBuffer>;
let fragmented: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  const sample = readFileSync(join(inject('root'), 'public/samples/footpath-sample.mp4'));
  whole = await cutVideo(new Uint8Array(sample), 75);
  fragmented = await toContainer(whole, 'fragmented mp4');
});

/** Where the so-manieth box of a name has its name, from 0. */
function nameAt(bytes: Uint8Array, name: string, ordinal = 0): number {
  let at = -1;
  for (let i = 0; i <= ordinal; i++) {
    at = Buffer.from(bytes.buffer).indexOf(name, at + 1, 'latin1');
    expect(at, name).toBeGreaterThan(0);
  }
  return at;
}

/** What is found of a damaged copy: places that cannot be read, and whether it is cut off. */
async function damaged(bytes: Uint8Array<ArrayBuffer>, change: (copy: DataView) => void) {
  const copy = bytes.slice();
  change(new DataView(copy.buffer));
  const { unread, isCut } = await mendBytes({
    size: async () => copy.length,
    read: async (start, end) => copy.slice(start, end),
  });
  return { unread, isCut };
}

describe('a fragment that its table does not speak of is told', () => {
  test('and one that is whole is not', async () => {
    expect(await damaged(fragmented, () => {})).toEqual({ unread: 0, isCut: false });
  });

  test.each(['moof', 'traf', 'tfhd', 'trun'])('%s by another name', async (name) => {
    const { unread } = await damaged(fragmented, (copy) => {
      copy.setUint8(nameAt(fragmented, name, 1), 0x21);
    });
    expect(unread).toBe(1);
  });

  test.each([
    ['no samples', 'trun', 8, 0],
    ['one sample less', 'trun', 8, 24],
    ['an absurd size', 'trun', 20, 0x7fffffff],
    ['nothing in its track', 'traf', -4, 0],
  ])('%s', async (_, name, at, value) => {
    const { unread } = await damaged(fragmented, (copy) => {
      copy.setUint32(nameAt(fragmented, name, 1) + at, value);
    });
    expect(unread).toBe(1);
  });

  test('but not media that the index itself speaks of', async () => {
    const index = nameAt(fragmented, 'moof') - 4;
    const media = new Uint8Array(1000);
    new DataView(media.buffer).setUint32(0, media.length);
    media.set(new TextEncoder().encode('mdat'), 4);
    const parts = [fragmented.subarray(0, index), media, fragmented.subarray(index)];
    const hybrid = Uint8Array.from(parts.flatMap((part) => [...part]));
    expect((await damaged(hybrid, () => {})).unread).toBe(1);
    const sizes = nameAt(fragmented, 'stsz');
    const ofIndex = await damaged(hybrid, (copy) => {
      copy.setUint32(sizes + 8, 1000);
      copy.setUint32(sizes + 12, 1);
    });
    // That it has no time is told; that fragments do not speak of it is as it should be.
    expect(ofIndex.unread).toBe(1);
  });

  test('but not one that is cut off, which is told as that', async () => {
    const cut = fragmented.slice(0, nameAt(fragmented, 'mdat', 1) + 1000);
    expect(await damaged(cut, () => {})).toEqual({ unread: 0, isCut: true });
  });
});

test('a count of samples that no file has room for is cut, also where another table is gone', async () => {
  for (const gone of [undefined, 'stsz']) {
    const copy = whole.slice();
    const view = new DataView(copy.buffer);
    view.setUint32(nameAt(whole, 'stts') + 12, 0xfffffff0);
    view.setUint32(nameAt(whole, 'stsz') + 8, 1000);
    view.setUint32(nameAt(whole, 'stsz') + 12, 0xfffffff0);
    if (gone) view.setUint8(nameAt(whole, gone), 0x21);
    const mended = await mendBytes({
      size: async () => copy.length,
      read: async (start, end) => copy.slice(start, end),
    });
    const read = await mended.read(0, copy.length);
    const counted = new DataView(read.buffer).getUint32(nameAt(whole, 'stts') + 12);
    expect(counted, gone).toBeLessThanOrEqual(copy.length);
    if (gone) continue;
    expect(new DataView(read.buffer).getUint32(nameAt(whole, 'stsz') + 12)).toBe(
      Math.floor(copy.length / 1000),
    );
  }
});

test.each([
  [74, 1],
  [75, 0],
  [76, 0],
])('times for %i of 75 pictures: told in %i places', async (count, places) => {
  const times = nameAt(whole, 'stts') + 12;
  expect(new DataView(whole.buffer).getUint32(times)).toBe(75);
  const { unread } = await damaged(whole, (copy) => copy.setUint32(times, count));
  expect(unread).toBe(places);
});
