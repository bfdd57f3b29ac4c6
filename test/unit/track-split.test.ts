import { expect, test } from 'vitest';
import { Appearance, USUAL_APPEARANCE } from '../../src/track/appearance/appearance.ts';
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

const lengths = (people: readonly EmbeddedTracklet[], appearance = USUAL_APPEARANCE) =>
  splitTracklets(people, times, appearance, 2, 0.3).map(({ tracklet }) => tracklet.length);

/** As measured where people hardly change and differ from each other: 15 nats tell red from blue, where the usual spreads tell 10. */
const DISTINCT = new Appearance({ median: 0.1, deviation: 0.07 }, { median: 0.6, deviation: 0.1 });

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

/** Somebody who is half hidden for a moment as their clothes change. */
function hiding(clothes: readonly Float32Array[], change: number): EmbeddedTracklet {
  const person = stander(100, clothes);
  person.tracklet.visible.fill(0.5, WINDOW * change - 1, WINDOW * change + 1);
  return person;
}

test('one who looks like another beyond doubt is split though nobody was near, as who hides behind somebody who comes out', () => {
  const people = () => [hiding(fourOf(RED, BLUE), 4)];
  expect(lengths(people(), DISTINCT)).toEqual([20, 20]);
  expect(lengths(people())).toEqual([40]);
  expect(lengths([hiding(fourOf(BLUE, PURPLE), 4)], DISTINCT)).toEqual([40]);
});

test('in full view nobody becomes somebody else', () => {
  expect(lengths([stander(100, fourOf(RED, BLUE))], DISTINCT)).toEqual([40]);
});

test('one who is seen for less than two seconds before or after is not split for looks alone, as who comes in piece by piece', () => {
  const comesIn = [...Array(3).fill(RED), ...Array(5).fill(BLUE)];
  expect(lengths([hiding(comesIn, 3)], DISTINCT)).toEqual([40]);
  expect(lengths([hiding(comesIn.toReversed(), 5)], DISTINCT)).toEqual([40]);
});

test('one who stands behind somebody is not split for looks alone, which are that one’s', () => {
  const behind = stander(100, fourOf(RED, BLUE));
  behind.tracklet.visible.fill(0.4, 20);
  expect(lengths([behind], DISTINCT)).toEqual([40]);
});

test('no evidence is enough where nobody is to be split', () => {
  const parts = splitTracklets([hiding(fourOf(RED, BLUE), 4)], times, DISTINCT, Infinity, 0.3);
  expect(parts).toHaveLength(1);
});
