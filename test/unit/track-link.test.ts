import { describe, expect, test } from 'vitest';
import { USUAL_APPEARANCE } from '../../src/track/appearance/appearance.ts';
import type { SeenTracklet } from '../../src/track/refinement/cut.ts';
import { linkTracklets } from '../../src/track/refinement/link.ts';
import type { MeasuredNoise } from '../../src/track/refinement/measure-noise.ts';
import { Tracklet } from '../../src/track/refinement/tracklet.ts';
import { OBSERVED } from '../../src/track/track.ts';
import { detectionsOf } from '../fixtures/track-scenes.ts';

const RATE = 15;
const times = Float64Array.from({ length: 1000 }, (_, i) => i / RATE);
const noise: MeasuredNoise = {
  deviation: [0.02, 0.02, 0.02, 0.02],
  acceleration: [0.1, 0.1, 0.01, 0.01],
  stepSeconds: 1 / RATE,
};
const RED = Float32Array.of(1, 0);
const BLUE = Float32Array.of(0, 1);

/** Somebody who walks right at 3 pixels a sample from `from` to before `to`, `shift` pixels ahead. */
function walker(from: number, to: number, clothes?: Float32Array, shift = 0): SeenTracklet {
  const tracklet = new Tracklet();
  for (let i = from; i < to; i++) {
    tracklet.push(i, detectionsOf([100 + 3 * i + shift, 200, 40, 100]), 0, OBSERVED);
  }
  return { tracklet, glances: clothes ? [{ element: 0, sum: clothes }] : [] };
}

function link(people: readonly SeenTracklet[], longestSeconds = 5) {
  return linkTracklets(people, times, noise, USUAL_APPEARANCE, longestSeconds).map(
    ({ samples, length }) => [...samples.subarray(0, length)],
  );
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('joining tracklets', () => {
  test('the only one who fits is joined, by motion alone', () => {
    expect(link([walker(0, 30), walker(45, 90)])).toEqual([[...range(0, 30), ...range(45, 90)]]);
  });

  test('looks tell which of two it is, where motion cannot', () => {
    const people = [walker(0, 30, RED), walker(45, 90, BLUE, -6), walker(46, 90, RED, 6)];
    expect(link(people)).toEqual([[...range(0, 30), ...range(46, 90)], range(45, 90)]);
    expect(link(people.map((person) => ({ ...person, glances: [] })))).toHaveLength(3);
  });

  test('who fits in motion but looks like somebody else is not joined', () => {
    expect(link([walker(0, 30, RED), walker(45, 90, BLUE)])).toHaveLength(2);
  });

  test('where two overlap a little, the first goes as far as the second begins', () => {
    expect(link([walker(0, 34, RED), walker(30, 90, RED, 5)])).toEqual([range(0, 90)]);
  });

  test('two who are there together for longer are two', () => {
    expect(link([walker(0, 50, RED), walker(30, 90, RED, 5)])).toHaveLength(2);
  });

  test('a gap longer than the longest stays one', () => {
    const people = [walker(0, 30, RED), walker(130, 190, RED, -150)];
    expect(link(people)).toHaveLength(2);
    expect(link(people, 10)).toHaveLength(1);
    expect(link(people, 0)).toHaveLength(2);
  });

  test('who comes later casts no doubt on who comes back sooner', () => {
    const later = Array.from({ length: 12 }, (_, i) => walker(400 + i, 500, RED, -1000 + 30 * i));
    const people = [walker(0, 30, RED), walker(45, 90, RED), ...later];
    expect(link(people, 60)[0]!.slice(0, 75)).toEqual([...range(0, 30), ...range(45, 90)]);
  });

  test('the order they come in does not matter', () => {
    const people = () => [walker(0, 30, RED), walker(45, 90, BLUE, -6), walker(45, 90, RED, 6)];
    expect(link(people().reverse())).toEqual(link(people()));
  });
});
