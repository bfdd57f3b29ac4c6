/** Videos whose own times begin later than 0, as of a saved piece of a stream: paths lie on their people all the same. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { defineViewParts } from '../../src/element/define.ts';
import type { PathPlayer } from '../../src/element/path-player.ts';
import { openVideo } from '../../src/media/open-video.ts';
import { toContainer } from '../fixtures/copy-video.ts';
import { withoutBox } from '../fixtures/mp4-edit.ts';

const DURATION_MS = 14_000;
/** Milliseconds; some two frames apart, as much as the frames of B-pictures are late. */
const TIMES = [3000, 920, 2000, 0, 1000, 1080];
type Bytes = Uint8Array<ArrayBuffer>;
const LATE: readonly [string, (mp4: Bytes) => Bytes | Promise<Bytes>, number][] = [
  ['Matroska from a clock of ten seconds', (mp4) => toContainer(mp4, 'mkv', 10), 10_000],
  ['Matroska from a clock of two hours', (mp4) => toContainer(mp4, 'mkv', 7200), 7_200_000],
  [
    'reordered frames without the edit list that has them begin at 0',
    (mp4) => withoutBox(mp4, ['moov', 'trak', 'edts']),
    80,
  ],
];
let sample: Bytes;
let players: PathPlayer[] = [];

beforeAll(async () => {
  defineViewParts();
  sample = new Uint8Array(await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer());
});
afterEach(() => {
  for (const player of players) player.remove();
  players = [];
});

async function place(bytes: Bytes, videoStartMs = 0): Promise<PathPlayer> {
  const player = document.createElement('footpath-player');
  const src = URL.createObjectURL(new Blob([bytes]));
  Object.assign(player, { src, videoStartMs, durationMs: DURATION_MS });
  document.body.append(player);
  players.push(player);
  await player.updateComplete;
  return player;
}

/** What is on screen, small. */
function pixels(player: PathPlayer): Uint8ClampedArray {
  const context = new OffscreenCanvas(96, 54).getContext('2d')!;
  context.drawImage(player.shadowRoot!.querySelector('video')!, 0, 0, 96, 54);
  return context.getImageData(0, 0, 96, 54).data;
}

/** Containers may tell colours so that they are rounded otherwise. */
const difference = (one: Uint8ClampedArray, other: Uint8ClampedArray) =>
  one.reduce((sum, value, i) => sum + Math.abs(value - other[i]!), 0);

async function at(player: PathPlayer, timeMs: number): Promise<Uint8ClampedArray> {
  player.seek(timeMs);
  const video = player.shadowRoot!.querySelector('video')!;
  await expect.poll(() => player.timeMs).toBe(timeMs);
  await expect.poll(() => !video.seeking && video.readyState >= 2).toBe(true);
  // The frame is on screen a little after the seek is over.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(player.timeMs).toBe(timeMs);
  return pixels(player);
}

test.each(LATE)('%s', async (_, make, late) => {
  const bytes = await make(sample);
  const source = await openVideo(new Blob([bytes]), { sampleRate: 15 });
  const { startMs } = source.info;
  await source.close();
  expect(startMs).toBeCloseTo(late, 3);
  const plain = await place(sample);
  const player = await place(bytes, startMs);
  const pictures: [number, Uint8ClampedArray][] = [];
  for (const timeMs of TIMES) pictures.push([timeMs, await at(plain, timeMs)]);
  for (const timeMs of TIMES) {
    const seen = await at(player, timeMs);
    const [nearest] = pictures.toSorted(
      ([, one], [, other]) => difference(one, seen) - difference(other, seen),
    );
    expect(nearest![0], `at ${timeMs} ms`).toBe(timeMs);
  }
  const video = player.shadowRoot!.querySelector('video')!;
  await video.play();
  await expect.poll(() => player.timeMs).toBeGreaterThan(1200);
  video.pause();
  expect(player.timeMs).toBeLessThan(DURATION_MS);
});

test('a start that is told once the video is there', async () => {
  const player = await place(await toContainer(sample, 'mkv', 10));
  const video = player.shadowRoot!.querySelector('video')!;
  await expect.poll(() => video.readyState).toBe(4);
  player.videoStartMs = 10_000;
  await player.updateComplete;
  await at(player, 2000);
  expect(video.currentTime).toBeCloseTo(12, 2);
});
