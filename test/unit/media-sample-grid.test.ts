import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SampleRate } from '../../src/engine/ports.ts';
import {
  expectedSamples,
  FrameClock,
  isSampled,
  isSampleRate,
  toTimestampMs,
} from '../../src/media/sample-grid.ts';

/** Frames taken of a video, as the source takes them: by their times and those of the next. */
function sampled(times: number[], rate: SampleRate, clock: FrameClock): number[] {
  const due = times.map((time) => clock.timeOf(time));
  return due.slice(0, -1).flatMap((time, k) => {
    return isSampled(time, due[k + 1]!, rate, clock.tolerance) ? [k] : [];
  });
}

const constant = (fps: number, count: number, ticks: number) =>
  Array.from({ length: count + 1 }, (_, k) => Math.round((k / fps) * ticks) / ticks);

const NTSC = 30_000 / 1001;
const FILM = 24_000 / 1001;

describe('the grid of 15 samples a second', () => {
  test.each([
    { fps: FILM, ticks: 24_000 },
    { fps: FILM, ticks: 90_000 },
    { fps: FILM, ticks: 1000 },
    { fps: NTSC, ticks: 30_000 },
    { fps: NTSC, ticks: 600 },
    { fps: NTSC, ticks: 1000 },
    { fps: 25, ticks: 12_800 },
    { fps: 30, ticks: 1000 },
    { fps: 60, ticks: 1000 },
    { fps: 15, ticks: 1000 },
    { fps: 16, ticks: 1000 },
  ])('takes frame floor(i * fps / 15) at $fps frames a second, $ticks ticks', ({ fps, ticks }) => {
    const taken = sampled(constant(fps, 900, ticks), 15, new FrameClock(fps, ticks));
    const wanted = Array.from({ length: 900 }, (_, i) => Math.floor((i * fps) / 15 + 1e-9));
    expect(taken).toEqual(wanted.filter((k) => k < 900));
  });

  test('gives the timestamps of the published 29.97 fps example: 500 and 567', () => {
    const clock = new FrameClock(NTSC, 30_000);
    const times = constant(NTSC, 60, 30_000);
    const stamps = sampled(times, 15, clock).map((k) => toTimestampMs(clock.timeOf(times[k]!)));
    expect(stamps.slice(0, 10)).toEqual([0, 33, 100, 166, 233, 300, 367, 433, 500, 567]);
  });

  test('gives timestamps floor(k * 1000 / fps) whatever the container rounds', () => {
    for (const ticks of [24_000, 90_000, 1000, 600]) {
      const clock = new FrameClock(FILM, ticks);
      constant(FILM, 500, ticks).forEach((time, k) => {
        expect(toTimestampMs(clock.timeOf(time))).toBe(Math.floor((k * 1001) / 24 + 1e-9));
      });
    }
  });

  test.each([1, 5, 10, 12, 14.9])('takes every frame of a source of %d frames a second', (fps) => {
    for (const ticks of [1000, 90_000]) {
      for (const clock of [new FrameClock(fps, ticks), new FrameClock(undefined, ticks)]) {
        expect(sampled(constant(fps, 200, ticks), 15, clock)).toHaveLength(200);
      }
    }
  });

  test('takes every frame of 15 a second in whole milliseconds without knowing the rate', () => {
    const clock = new FrameClock(undefined, 1000);
    expect(sampled(constant(15, 300, 1000), 15, clock)).toHaveLength(300);
  });

  test('takes the frame on display at each grid point of a variable rate, each frame once', () => {
    const times = [0, 0.02, 0.05, 0.066, 0.068, 0.5, 0.51, 0.52, 0.6, 0.7];
    const clock = new FrameClock(undefined, 90_000);
    expect(sampled(times, 15, clock)).toEqual([0, 3, 4, 7, 8]);
  });

  test('never takes more than its rate, nor leaves a grid point without the frame shown then', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 60 }),
        (gaps, rate) => {
          const times = [0];
          for (const gap of gaps) times.push(times.at(-1)! + gap / 90_000);
          const clock = new FrameClock(undefined, 90_000);
          const taken = sampled(times, rate, clock);
          const tolerant = (time: number) => time - clock.tolerance;
          const shown = new Set<number>();
          for (let i = 0; i / rate < tolerant(times.at(-1)!); i++) {
            shown.add(times.findLastIndex((time) => tolerant(time) <= i / rate));
          }
          expect(taken).toEqual([...shown]);
        },
      ),
    );
  });

  test('takes all frames when told so, and any other rate by the same rule', () => {
    const clock = new FrameClock(25, 12_800);
    expect(sampled(constant(25, 50, 12_800), 'all', clock)).toHaveLength(50);
    expect(sampled(constant(25, 50, 12_800), 5, clock)).toEqual([
      0, 5, 10, 15, 20, 25, 30, 35, 40, 45,
    ]);
    expect(sampled(constant(25, 50, 12_800), 0.5, clock)).toEqual([0]);
  });

  test('foretells how many samples there will be', () => {
    for (const fps of [10, 15, 25, NTSC, 50]) {
      const clock = new FrameClock(fps, 90_000);
      const taken = sampled(constant(fps, 333, 90_000), 15, clock).length;
      expect(expectedSamples(333, 333 / fps, 15), `${fps}`).toBe(taken);
    }
    expect(expectedSamples(333, 10, 'all')).toBe(333);
  });

  test('knows a sample rate', () => {
    expect([15, 0.1, 'all'].every(isSampleRate)).toBe(true);
    expect([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '15', null].some(isSampleRate)).toBe(
      false,
    );
  });
});
