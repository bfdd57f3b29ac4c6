import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StreamTimes, TICKS, unbrokenTimes } from '../../src/media/transport-clock.ts';

const FRAME = 3600;

/** Frames of 25 a second in order of decoding, each group of four as I or P, then three B frames. */
function reordered(count: number): { shown: number; decoded: number }[] {
  return Array.from({ length: count }, (_, i) => {
    const place = i === 0 ? 0 : i % 4 === 1 ? i + 3 : i - 1;
    return { shown: (place + 2) * FRAME, decoded: i * FRAME };
  });
}

/** As a stream has them: by a clock set by `clock`, in 33 bits, decoding times only where they differ. */
function broadcast(
  frames: { shown: number; decoded: number }[],
  clock: (frame: number) => number,
): StreamTimes[] {
  const wrap = (ticks: number) => ((ticks % TICKS) + TICKS) % TICKS;
  return frames.map(({ shown, decoded }, i) => ({
    shown: wrap(shown + clock(i)),
    ...(shown === decoded ? {} : { decoded: wrap(decoded + clock(i)) }),
  }));
}

const inOrder = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ shown: i * FRAME, decoded: i * FRAME }));

const expectUnbroken = (
  frames: { shown: number; decoded: number }[],
  clock: (frame: number) => number,
) => {
  const stream = broadcast(frames, clock);
  const times = unbrokenTimes(stream);
  const first = stream[0]!.decoded ?? stream[0]!.shown;
  expect([...times]).toEqual(frames.map(({ shown }) => shown - frames[0]!.decoded + first));
};

describe('a clock', () => {
  test.each([
    ['goes on', () => 1000],
    ['wraps', () => TICKS - 20 * FRAME - 77],
    ['is set back half a second', (i: number) => (i < 30 ? 9e6 : 9e6 - 45_000)],
    ['is set back by whole frames', (i: number) => (i < 31 ? 9e6 : 9e6 - 10 * FRAME)],
    ['is set back an hour', (i: number) => (i < 31 ? 9e9 : 9e9 - 3600 * 90_000)],
    ['is set forth an hour', (i: number) => (i < 33 ? 9e6 : 9e6 + 3600 * 90_000)],
    ['starts over', (i: number) => (i < 33 ? 8e9 : -33 * FRAME)],
    ['jumps twice', (i: number) => [5e6, 1e6, 7e9][Math.floor(i / 25)]!],
  ])('that %s gives rising times, whatever the order of the frames', (_, clock) => {
    expectUnbroken(inOrder(71), clock);
    expectUnbroken(reordered(71), clock);
  });

  test('of a picture a minute goes on, and over a few that are missing', () => {
    const slowly = (frames: { shown: number; decoded: number }[]) =>
      frames.map(({ shown, decoded }) => ({ shown: shown * 1500, decoded: decoded * 1500 }));
    expectUnbroken(slowly(inOrder(71)), () => 1000);
    expectUnbroken(slowly(reordered(71)), () => TICKS - 20 * FRAME * 1500);
    const gap = inOrder(71).filter((_, i) => i !== 30 && i !== 31);
    expectUnbroken(slowly(gap), () => 1000);
  });

  test('may be set at any frame by anything, and wrap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: TICKS - 1 }),
        fc.integer({ min: 1, max: 70 }),
        fc.oneof(
          fc.integer({ min: -TICKS / 2 + 71 * FRAME, max: -FRAME - 1 }),
          fc.integer({ min: 1e6, max: TICKS / 2 }),
        ),
        fc.boolean(),
        (start, at, jump, isReordered) => {
          expectUnbroken(isReordered ? reordered(71) : inOrder(71), (i) =>
            i < at ? start : start + jump,
          );
        },
      ),
    );
  });

  test('keeps a gap of some seconds, which may be one in the recording', () => {
    const times = unbrokenTimes(broadcast(inOrder(10), (i) => (i < 5 ? 0 : 5 * 90_000)));
    expect(times[5]! - times[4]!).toBe(5 * 90_000 + FRAME);
  });

  test('of a stream out of order that tells no decoding times is left in its order', () => {
    const frames = reordered(71).map(({ shown }) => ({ shown }));
    expect([...unbrokenTimes(frames)]).toEqual(frames.map(({ shown }) => shown));
  });

  test('puts two frames of one time, as fields may have, half a frame apart', () => {
    const fields = inOrder(40).flatMap(({ shown }) => [{ shown }, { shown }]);
    expect([...unbrokenTimes(fields)].slice(0, 6)).toEqual([0, 1800, 3600, 5400, 7200, 9000]);
    expect(unbrokenTimes(fields)[79]).toBe(39.5 * FRAME);
  });

  test('runs on past one damaged time', () => {
    const stream = broadcast(inOrder(40), () => 9000);
    stream[20] = { shown: 123_456_789_0 };
    const times = unbrokenTimes(stream);
    expect([...times]).toEqual(inOrder(40).map(({ shown }) => shown + 9000));
  });

  test('of no frames gives none', () => {
    expect(unbrokenTimes([])).toHaveLength(0);
  });
});
