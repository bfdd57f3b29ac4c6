import { expect, test } from 'vitest';
import { USUAL_APPEARANCE } from '../../src/track/appearance/appearance.ts';
import {
  type EmbeddedTracklet,
  splitTracklets,
} from '../../src/track/refinement/split-tracklets.ts';
import { Tracklet } from '../../src/track/refinement/tracklet.ts';
import { OBSERVED } from '../../src/track/track.ts';
import { detectionsOf } from '../fixtures/track-scenes.ts';

const RATE = 10;
/** Samples of a window of half a second. */
const WINDOW = 5;
const times = Float64Array.from({ length: 80 }, (_, i) => i / RATE);
const RED = Float32Array.of(1, 0);
const BLUE = Float32Array.of(0, 1);
/** A little of the red, as of somebody in red half behind somebody in blue. */
const PURPLE = Float32Array.of(0.5, 0.87);

/** Somebody who stands at `x` for eight windows, and what is seen of their clothes in each. */
function stander(x: number, clothes: readonly Float32Array[]): EmbeddedTracklet {
  const tracklet = new Tracklet();
  for (let i = 0; i < WINDOW * clothes.length; i++) {
    tracklet.push(i, detectionsOf([x, 200, 40, 100]), 0, OBSERVED);
  }
  return { tracklet, embeddings: clothes.map((sum, i) => ({ element: WINDOW * i, sum })) };
}

const lengths = (people: readonly EmbeddedTracklet[]) =>
  splitTracklets(people, times, USUAL_APPEARANCE, 2, 0.3).map(({ tracklet }) => tracklet.length);

const fourOf = (first: Float32Array, then: Float32Array) => [
  ...Array(4).fill(first),
  ...Array(4).fill(then),
];

test('two who were exchanged are both split, though one is half hidden by then', () => {
  const people = [stander(100, fourOf(RED, BLUE)), stander(110, fourOf(BLUE, PURPLE))];
  expect(lengths(people)).toEqual([20, 20, 20, 20]);
});

test('one who looks a little different beside somebody who stays as they are is not', () => {
  const people = [stander(100, fourOf(RED, RED)), stander(110, fourOf(BLUE, PURPLE))];
  expect(lengths(people)).toEqual([40, 40]);
});

test('one far from the exchange is not', () => {
  const people = [
    stander(100, fourOf(RED, BLUE)),
    stander(110, fourOf(BLUE, PURPLE)),
    stander(500, fourOf(BLUE, PURPLE)),
  ];
  expect(lengths(people)).toEqual([20, 20, 20, 20, 40]);
});

test('a part that is nearly all doubled counts from end to end, one of which enough is its own does not', () => {
  const own = (doubledEnd: number) => {
    const people = [stander(100, fourOf(RED, BLUE)), stander(110, fourOf(BLUE, PURPLE))];
    people[0]!.tracklet.doubledEnd = doubledEnd;
    return splitTracklets(people, times, USUAL_APPEARANCE, 2, 0.3)
      .slice(0, 2)
      .map(({ tracklet }) => [tracklet.ownFirst, tracklet.ownLast])
      .sort(([a], [b]) => a! - b!);
  };
  expect(own(10)).toEqual([
    [0, 19],
    [20, 29],
  ]);
  expect(own(25)).toEqual([
    [0, 14],
    [20, 39],
  ]);
});
