import { beforeAll, describe, expect, inject, test } from 'vitest';
import { cutVideo } from '../fixtures/copy-video.ts';
import { findBox, words } from '../fixtures/mp4-edit.ts';
import { mp4OfFragments, samplesOf } from '../fixtures/mp4-of-samples.ts';
import { endOf, readBytes, readVideo } from '../fixtures/read-video.ts';

let clip: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
  clip = await cutVideo(new Uint8Array(sample), 75);
});

/** The clip with its times changed: every frame's duration, and no order of display of its own. */
function withDurations(ticks: number, ticksPerSecond?: number): Blob {
  const copy = clip.slice();
  const view = new DataView(copy.buffer);
  const table = ['moov', 'trak', 'mdia', 'minf', 'stbl'];
  const { contentStart } = findBox(copy, [...table, 'stts']);
  for (let i = 0; i < view.getUint32(contentStart + 4); i++) {
    view.setUint32(contentStart + 12 + 8 * i, ticks);
  }
  copy.set(new TextEncoder().encode('free'), findBox(copy, [...table, 'ctts']).start + 4);
  if (ticksPerSecond !== undefined) {
    view.setUint32(
      findBox(copy, ['moov', 'trak', 'mdia', 'mdhd']).contentStart + 12,
      ticksPerSecond,
    );
  }
  return new Blob([copy]);
}

describe('times that say nothing', () => {
  test.each([
    ['all the same', 0, undefined],
    ['all the same by a slow clock', 0, 25],
    ['nearly the same', 1, undefined],
    ['nearly the same by a fast clock', 1, 2 ** 31],
  ])('%s are a failure that says so, and no people', async (_, ticks, ticksPerSecond) => {
    const read = await readVideo(withDurations(ticks, ticksPerSecond));
    expect(endOf(read)).toBe('times-unusable');
    expect(read.failure!.message).toContain('times are missing or damaged');
  });

  const shared = inject('shared');
  test.skipIf(shared === '')('as a recorder wrote them', async () => {
    const path = `${shared}/data/cases/10-all-times-equal/stts_zero.mp4`;
    expect(endOf(await readVideo(new Blob([await readBytes(path)])))).toBe('times-unusable');
  });
});

test('times beyond 2^31 milliseconds are told as they are', async () => {
  const copy = clip.slice();
  const view = new DataView(copy.buffer);
  const track = ['moov', 'trak'];
  // Every time of the track 20 times over, by a clock of one tick a second.
  for (const name of ['stts', 'ctts']) {
    const { contentStart } = findBox(copy, [...track, 'mdia', 'minf', 'stbl', name]);
    for (let i = 0; i < view.getUint32(contentStart + 4); i++) {
      const at = contentStart + 12 + 8 * i;
      view.setInt32(at, 20 * view.getInt32(at));
    }
  }
  const header = findBox(copy, [...track, 'mdia', 'mdhd']).contentStart;
  const frameSeconds = (20 * view.getUint32(header + 12)) / 25;
  view.setUint32(header + 12, 1);
  const { samples, failure, info } = await readVideo(new Blob([copy]));
  expect(failure?.message).toBeUndefined();
  expect(samples.map(({ timestampMs }) => timestampMs)).toEqual(
    Array.from({ length: 75 }, (_, k) => k * frameSeconds * 1000),
  );
  expect(samples.at(-1)!.timestampMs).toBeGreaterThan(2 ** 31);
  expect(info).toMatchObject({ durationMs: 75 * frameSeconds * 1000, frameRate: 0 });
});

test('a time beyond what a decoder takes is a failure, and what was found before it stays', async () => {
  const { samples, description } = await samplesOf(clip);
  const file = new Uint8Array(await (await mp4OfFragments(samples, description)).arrayBuffer());
  let { end } = findBox(file, ['moov']);
  for (let i = 0; i < 40; i++) ({ end } = findBox(file, ['mdat'], end));
  const moof = findBox(file, ['moof'], end);
  const { contentStart } = findBox(file, ['traf', 'tfdt'], moof.contentStart, moof.end);
  file.set(words(0x7fffffff, 0), contentStart + 4);
  const read = await readVideo(new Blob([file]));
  expect(endOf(read)).toBe('times-unusable');
  expect(read.failure!.message).toContain('centuries away');
  expect(read.samples.length).toBeGreaterThan(20);
});
