/** The player's time and picture while its video arrives, in real Chromium. Long because one player to place serves all of it. */
import type { LitElement } from 'lit';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { defineViewParts } from '../../src/element/define.ts';
import { PATIENCE_MS } from '../../src/element/draw-video.ts';
import type { PathPlayer } from '../../src/element/path-player.ts';

const SAMPLE = '/samples/footpath-sample.mp4';
let player: PathPlayer;
let times: number[];

beforeAll(defineViewParts);
afterEach(() => player.remove());

async function place(src: string | null): Promise<void> {
  player = document.createElement('footpath-player');
  Object.assign(player, { src, durationMs: 14_000 });
  times = [];
  player.addEventListener('time-change', () => times.push(player.timeMs));
  document.body.append(player);
  await player.updateComplete;
}

/** After the first place that was asked for is on screen. */
async function shown(): Promise<void> {
  const video = player.shadowRoot!.querySelector('video')!;
  await expect.poll(() => !video.seeking && video.readyState >= 2).toBe(true);
  // A frame from before is reported late, if it is.
  await new Promise((resolve) => setTimeout(resolve, 300));
}

test('a moment asked for before the video has come counts at once, and stays', async () => {
  await place(null);
  player.seek(9_000);
  times.length = 0;
  player.src = SAMPLE;
  await player.updateComplete;
  expect(player.timeMs).toBe(9_000);
  await shown();
  expect(new Set(times)).toEqual(new Set([9_000]));
});

test('a moment asked for while the video is loading counts at once, and stays', async () => {
  await place(SAMPLE);
  times.length = 0;
  player.seek(9_000);
  expect(player.timeMs).toBe(9_000);
  await shown();
  player.seek(2_000);
  await expect.poll(() => player.timeMs).toBe(2_000);
  await shown();
  expect(new Set(times)).toEqual(new Set([9_000, 2_000]));
});

test('a frame from before a seek, reported when the seek is over, moves nothing', async () => {
  await place(SAMPLE);
  await shown();
  const video = player.shadowRoot!.querySelector('video')!;
  const soon = video.requestVideoFrameCallback.bind(video);
  const held: (() => void)[] = [];
  let asked = 0;
  video.requestVideoFrameCallback = (callback) => {
    asked++;
    return soon((now, frame) => held.push(() => callback(now, frame)));
  };
  // The clock asks for its next frame when it has this one.
  player.seek(5_000);
  await expect.poll(() => asked).toBe(1);
  player.seek(9_000);
  await expect.poll(() => [player.timeMs, held.length]).toEqual([9_000, 1]);
  player.seek(2_000);
  await expect.poll(() => player.timeMs).toBe(2_000);
  times.length = 0;
  held[0]!();
  expect(times).toEqual([2_000]);
});

test('a player that is taken away by whoever hears of a frame tells of no other', async () => {
  await place(SAMPLE);
  await shown();
  const video = player.shadowRoot!.querySelector('video')!;
  const soon = video.requestVideoFrameCallback.bind(video);
  let asked = 0;
  video.requestVideoFrameCallback = (callback) => {
    asked++;
    return soon((now, frame) => {
      const remove = () => player.remove();
      player.addEventListener('time-change', remove);
      callback(now, frame);
      player.removeEventListener('time-change', remove);
    });
  };
  player.seek(5_000);
  await expect.poll(() => asked).toBe(1);
  player.seek(9_000);
  await expect.poll(() => player.isConnected).toBe(false);
  times.length = 0;
  document.body.append(video);
  video.currentTime = 2;
  await new Promise((resolve) => soon(resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  video.remove();
  expect(times).toEqual([]);
});

test('a time of the day stays in one piece on a phone, on a twelve-hour clock too', async () => {
  await place(null);
  Object.assign(player, { startsAt: '2026-03-01T12:00:00Z', durationMs: 3_604_000 });
  for (const width of [358, 288]) {
    player.style.width = `${width}px`;
    await player.updateComplete;
    player.seek(3_400_000);
    const [now, end] = player.shadowRoot!.querySelectorAll('bdi');
    expect([now!.textContent, end!.textContent]).toEqual(['12:56:40 PM', '1:00:04 PM']);
    const lineHeight = Number.parseFloat(getComputedStyle(now!).fontSize) * 2;
    for (const time of [now!, end!])
      expect(time.getBoundingClientRect().height, `${width}`).toBeLessThan(lineHeight);
  }
});

test('the picture on screen has the video in it, beneath the boxes', async () => {
  await place(SAMPLE);
  Object.assign(player, { frameWidth: 64, frameHeight: 36, paths: [pathOf(0, 14_000)] });
  await shown();
  const lit = async () => {
    const image = await createImageBitmap(await player.picture());
    expect([image.width, image.height]).toEqual([64, 36]);
    const context = new OffscreenCanvas(64, 36).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, 64, 36);
    return data.filter((value, i) => i % 4 === 1 && value > 40).length;
  };
  expect(await lit()).toBeGreaterThan((64 * 36) / 2);
  // A busy browser says that it is there before it has anything to draw.
  const draw = vi.spyOn(CanvasRenderingContext2D.prototype, 'drawImage');
  draw.mockImplementationOnce(() => {});
  expect(await lit()).toBeGreaterThan((64 * 36) / 2);
  draw.mockRestore();
  // Nor has it anything while it looks for another place.
  player.seek(9_000);
  expect(await lit()).toBeGreaterThan((64 * 36) / 2);
});

test('the picture waits for no video that the browser cannot play', async () => {
  await place(URL.createObjectURL(new Blob(['no video'], { type: 'video/mp4' })));
  Object.assign(player, { frameWidth: 64, frameHeight: 36 });
  const began = performance.now();
  await player.picture();
  expect(performance.now() - began).toBeLessThan(PATIENCE_MS / 2);
});

test('a viewer whose length is not known yet, or without an end, is as long as its paths', async () => {
  for (const durationMs of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const viewer = document.createElement('footpath-viewer');
    // As a page has it from a video that is still loading, or was recorded live.
    Object.assign(viewer, { durationMs, paths: [pathOf(0, 4_000)] });
    document.body.append(viewer);
    await viewer.updateComplete;
    player = viewer.shadowRoot!.querySelector('footpath-player')!;
    await player.updateComplete;
    expect(player.durationMs).toBe(4_000);
    viewer.seek(9_000);
    expect(player.timeMs).toBe(4_000);
    viewer.remove();
  }
});

test('keys work in a player that a page has in a dialog, and go to a dialog that lies over it', async () => {
  await place(null);
  const dialog = document.createElement('dialog');
  document.body.append(dialog);
  const isTaken = (target: Element) => {
    const how = { key: ' ', bubbles: true, composed: true, cancelable: true };
    return !target.dispatchEvent(new KeyboardEvent('keydown', how));
  };
  const inside = player.shadowRoot!.querySelector('.stage')!;
  dialog.append(player);
  dialog.showModal();
  expect(isTaken(inside)).toBe(true);
  // One of a component that shows what is put into it in its own.
  const modal = document.createElement('div');
  document.body.append(modal);
  modal.attachShadow({ mode: 'open' }).append(dialog);
  dialog.append(document.createElement('slot'));
  modal.append(player);
  expect(isTaken(inside)).toBe(true);
  document.body.append(player);
  player.append(modal);
  expect(isTaken(dialog)).toBe(false);
  modal.remove();
});

test('a viewer in a row has a width, and gives way where there is little', async () => {
  const row = document.createElement('div');
  row.style.cssText = 'display: flex; width: 900px';
  const viewer = document.createElement('footpath-viewer');
  row.append('menu', viewer);
  document.body.append(row);
  await viewer.updateComplete;
  player = viewer.shadowRoot!.querySelector('footpath-player')!;
  expect(viewer.clientWidth).toBeGreaterThan(200);
  row.style.width = '200px';
  expect(row.scrollWidth).toBe(200);
  row.remove();
});

test('whole ways are drawn once, however many moments are shown over them, and again where others are to be seen', async () => {
  await place(null);
  const drawn = vi.spyOn(CanvasRenderingContext2D.prototype, 'lineTo');
  const steps = async (change: () => void) => {
    drawn.mockClear();
    change();
    await player.updateComplete;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return drawn.mock.calls.length;
  };
  const moments = Array.from({ length: 500 }, (_, i) => 60 * i);
  const moving = (path: ReturnType<typeof pathOf>) => ({
    ...path,
    boxes: path.boxes.map((value, i) => (i % 4 === 0 ? 0.8 * ((i / 2000) % 1) : value)),
  });
  const [one, other] = [moving(pathOf(...moments)), { ...pathOf(...moments), index: 1 }];
  await steps(() => Object.assign(player, { paths: [one, other], durationMs: 30_000 }));
  const choice = player.shadowRoot!.querySelector('select')!;
  const whole = await steps(() => {
    choice.value = 'whole';
    choice.dispatchEvent(new Event('change'));
  });
  // Whoever moves is drawn step by step; whoever stands is not.
  expect(whole).toBeGreaterThan(100);
  expect(whole).toBeLessThan(520);
  for (const ms of [1000, 9000, 29_000]) expect(await steps(() => player.seek(ms))).toBe(0);
  expect(await steps(() => (player.selected = 0))).toBe(whole);
  expect(await steps(() => player.seek(5000))).toBe(0);
  drawn.mockRestore();
});

test('while people come and go, the rows of those who stay are not made anew', async () => {
  let reads = 0;
  const people = Array.from({ length: 200 }, (_, index) => ({
    index,
    firstMs: 0,
    lastMs: 1000,
    spans: [{ startMs: 0, endMs: 1000 }],
    get onScreenMs() {
      reads++;
      return 1000;
    },
  }));
  const list = document.createElement('footpath-people');
  Object.assign(list, { people, present: new Set([1, 2]) });
  document.body.append(list);
  await list.updateComplete;
  const marked = () =>
    [...list.shadowRoot!.querySelectorAll('button')].flatMap((row, i) =>
      row.classList.contains('present') ? [i] : [],
    );
  expect([reads, marked()]).toEqual([200, [1, 2]]);
  reads = 0;
  list.present = new Set([2, 199]);
  await list.updateComplete;
  expect([reads, marked()]).toEqual([2, [2, 199]]);
  list.remove();
});

test('who is picked in the picture is brought into view in long lists, while the page stays', async () => {
  const viewer = document.createElement('footpath-viewer');
  const paths = Array.from({ length: 300 }, (_, index) => ({ ...pathOf(0, 1000), index }));
  Object.assign(viewer, { paths, durationMs: 1000 });
  viewer.style.width = '900px';
  document.body.append(viewer);
  await viewer.updateComplete;
  const part = (name: string) => viewer.shadowRoot!.querySelector<LitElement>(name)!;
  player = part('footpath-player') as PathPlayer;
  const top = scrollY;
  for (const [index, end] of [
    [250, 'last'],
    [3, 'first'],
  ] as const) {
    player.dispatchEvent(new CustomEvent('person-select', { detail: index }));
    await viewer.updateComplete;
    for (const name of ['footpath-people', 'footpath-timeline']) {
      await part(name).updateComplete;
      const list = part(name).getBoundingClientRect();
      const row = part(name).shadowRoot!.querySelector('[aria-pressed=true]')!;
      const place = row.getBoundingClientRect();
      expect(place.top, `${name}, ${end}`).toBeGreaterThanOrEqual(list.top - 1);
      expect(place.bottom, `${name}, ${end}`).toBeLessThanOrEqual(list.bottom + 1);
    }
  }
  expect(scrollY).toBe(top);
  viewer.remove();
});

/** Somebody who stands in the middle, seen at both times. */
function pathOf(...timestampsMs: number[]) {
  return {
    index: 0,
    timestampsMs: Float64Array.from(timestampsMs),
    frames: new Int32Array(timestampsMs.length),
    boxes: Float32Array.from(timestampsMs.flatMap(() => [0.4, 0.4, 0.2, 0.2])),
    scores: new Float32Array(timestampsMs.length),
    flags: new Uint8Array(timestampsMs.length),
  };
}
