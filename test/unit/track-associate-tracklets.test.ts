/** Long because who is joined with whom is told by many small scenes of the same walkers. */
import { describe, expect, test } from 'vitest';
import { USUAL_APPEARANCE } from '../../src/track/appearance/appearance.ts';
import { COLOURS } from '../../src/track/appearance/embedding-kind.ts';
import {
  type AppearanceEvidence,
  associateTracklets,
} from '../../src/track/refinement/associate-tracklets.ts';
import type { MeasuredNoise } from '../../src/track/refinement/measure-noise.ts';
import { measureRevisits } from '../../src/track/refinement/measure-revisits.ts';
import { Reach } from '../../src/track/refinement/reach.ts';
import { REFINE_DEFAULTS } from '../../src/track/refinement/refine-options.ts';
import type { EmbeddedTracklet } from '../../src/track/refinement/split-tracklets.ts';
import { Tracklet } from '../../src/track/refinement/tracklet.ts';
import { OBSERVED } from '../../src/track/track.ts';
import { detectionsOf } from '../fixtures/track-scenes.ts';

const RATE = 15;
const times = Float64Array.from({ length: 20_000 }, (_, i) => i / RATE);
const noise: MeasuredNoise = {
  deviation: [0.02, 0.02, 0.02, 0.02],
  acceleration: [0.1, 0.1, 0.01, 0.01],
  stepSeconds: 1 / RATE,
};
const RED = Float32Array.of(1, 0);
const BLUE = Float32Array.of(0, 1);

/** Somebody who walks right at 3 pixels a sample from `from` to before `to`, `shift` pixels ahead. */
function walker(from: number, to: number, clothes?: Float32Array, shift = 0): EmbeddedTracklet {
  const tracklet = new Tracklet();
  for (let i = from; i < to; i++) {
    tracklet.push(i, detectionsOf([100 + 3 * i + shift, 200, 40, 100]), 0, OBSERVED);
  }
  return { tracklet, embeddings: clothes ? [{ element: 0, sum: clothes }] : [] };
}

const reach = new Reach(times, noise);
const MEASURED = { short: USUAL_APPEARANCE, long: USUAL_APPEARANCE };

function link(
  people: readonly EmbeddedTracklet[],
  longestSeconds = 5,
  likeness: Omit<AppearanceEvidence, 'embeddings'> = MEASURED,
  near = reach,
) {
  const tracklets = people.map(({ tracklet }) => tracklet);
  const embeddings = people.map((person) => person.embeddings);
  return associateTracklets(tracklets, times, near, [{ ...likeness, embeddings }], {
    ...REFINE_DEFAULTS,
    rejoinSeconds: longestSeconds,
  }).map(({ samples, length }) => [...samples.subarray(0, length)]);
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

describe('joining tracklets', () => {
  test('the only one who fits is joined, by motion alone', () => {
    expect(link([walker(0, 30), walker(45, 90)])).toEqual([[...range(0, 30), ...range(45, 90)]]);
  });

  test('who begins more than a height off where both motions lead does not go on, however long nobody was seen', () => {
    const people = (shift: number) => [walker(0, 30), walker(75, 120, undefined, shift)];
    expect(link(people(-80))).toHaveLength(1);
    expect(link(people(-130))).toHaveLength(2);
    expect(link(people(130))).toHaveLength(2);
  });

  test('the longer nobody was seen, the less motion tells against looks', () => {
    /** Evidence of looks -0.6: two people rather than one. */
    const other = Float32Array.of(0.883, 0.469);
    const people = (gap: number) => [walker(0, 60, RED), walker(60 + gap, 150, other)];
    expect(link(people(6))).toHaveLength(1);
    expect(link(people(54))).toHaveLength(2);
    // By motion alone it is enough as long as it tells anything.
    expect(link([walker(0, 60), walker(119, 180)])).toHaveLength(1);
  });

  test('motion joins players over shorter gaps than walkers', () => {
    const players = new Reach(times, { ...noise, acceleration: [1.5, 1.5, 0.01, 0.01] });
    const people = (gap: number) => [walker(0, 30), walker(30 + gap, 120)];
    expect(link(people(30))).toHaveLength(1);
    expect(link(people(30), 5, MEASURED, players)).toHaveLength(2);
    expect(link(people(15), 5, MEASURED, players)).toHaveLength(1);
  });

  test('of two kinds of looks none is overruled altogether by the other', () => {
    const joined = (...clothes: Float32Array[]) =>
      associateTracklets(
        [walker(0, 60), walker(120, 180, undefined, -360)].map(({ tracklet }) => tracklet),
        times,
        reach,
        clothes.map((other) => ({
          ...MEASURED,
          embeddings: [[{ sum: RED }], [{ sum: other }]],
        })),
        REFINE_DEFAULTS,
      ).length === 1;
    /** Evidence of looks -1.5: two people rather than one. */
    const other = Float32Array.of(0.8556, 0.5177);
    expect(joined(RED)).toBe(true);
    expect(joined(RED, RED)).toBe(true);
    // In the mean 1.7, which one kind alone would need to say.
    expect(joined(RED, other)).toBe(false);
    expect(joined(other, RED)).toBe(false);
  });

  test('looks tell which of two it is, where motion cannot', () => {
    const people = [walker(0, 30, RED), walker(45, 90, BLUE, -6), walker(46, 90, RED, 6)];
    expect(link(people)).toEqual([[...range(0, 30), ...range(46, 90)], range(45, 90)]);
    expect(link(people.map((person) => ({ ...person, embeddings: [] })))).toHaveLength(3);
  });

  test('of two whom looks hardly tell apart, one who is there for a moment only is joined, one who stays is not', () => {
    /** Evidence of looks 2.8 and 2.3, and both fit in motion. */
    const [likely, less] = [Float32Array.of(0.96, 0.28), Float32Array.of(0.952, 0.306)];
    const people = (end: number) => [
      walker(0, 40, RED),
      walker(45, end, likely, -6),
      walker(46, 120, less, 6),
    ];
    expect(link(people(55))).toEqual([[...range(0, 40), ...range(45, 55)], range(46, 120)]);
    expect(link(people(90))).toHaveLength(3);
  });

  test('who fits in motion but looks like somebody else is not joined', () => {
    expect(link([walker(0, 30, RED), walker(45, 90, BLUE)])).toHaveLength(2);
  });

  test('what is left of a double goes on with whom it fits in motion, and is nobody who returns', () => {
    const people = (shift: number) => {
      const left = walker(100, 110, RED, shift);
      left.tracklet.isRemainder = true;
      return [walker(0, 90, RED), left];
    };
    expect(link(people(0))).toHaveLength(1);
    expect(link(people(-85))).toHaveLength(2);
    expect(link([walker(0, 90, RED), walker(100, 110, RED, -85)])).toHaveLength(1);
  });

  test('where two overlap a little, the first goes as far as the second begins', () => {
    expect(link([walker(0, 34, RED), walker(30, 90, RED, 5)])).toEqual([range(0, 90)]);
  });

  test('two who are there together for longer, beside each other, are two', () => {
    expect(link([walker(0, 50, RED), walker(30, 90, RED, 20)])).toHaveLength(2);
  });

  test('who begins anew on the end of their own path is one', () => {
    expect(link([walker(0, 50, RED), walker(30, 90, RED, 8)])).toEqual([range(0, 90)]);
    expect(link([walker(0, 50, RED), walker(30, 90, BLUE, 8)])).toHaveLength(2);
  });

  test('an end that drifted on to somebody else keeps nobody from their next beginning', () => {
    const drifted = walker(0, 60, RED);
    const people = () => [drifted, walker(36, 120, RED, 30)];
    expect(link(people())).toHaveLength(2);
    drifted.tracklet.doubledEnd = 28;
    expect(link(people())).toEqual([[...range(0, 36), ...range(36, 120)]]);
  });

  test('a beginning of which little is seen keeps nobody from their last end', () => {
    const whole = walker(0, 30, RED);
    const returns = walker(130, 190, RED, -150);
    for (let i = 0; i < 10; i++) returns.tracklet.boxes[4 * i + 3] = 240;
    expect(link([whole, returns], 60)).toHaveLength(1);
  });

  test('nobody gets from the front to the back of the picture within half a second', () => {
    // In front 150 pixels high, at the back 80: two steps of the one in front reach there, two in between do not.
    const standing = (from: number, top: number, height: number): EmbeddedTracklet => {
      const tracklet = new Tracklet();
      for (let i = from; i < from + 30; i++)
        tracklet.push(i, detectionsOf([200, top, 50, height]), 0, OBSERVED);
      return { tracklet, embeddings: [{ element: 0, sum: RED }] };
    };
    const people = (from: number) => [standing(0, 300, 150), standing(from, 70, 80)];
    expect(link(people(37), 60)).toHaveLength(2);
    expect(link(people(60), 60)).toHaveLength(1);
  });

  test('no walker goes on a height beside their own way half a second later, whatever they look like', () => {
    /** Goes right, and from `gap` samples later on, a height lower. */
    const people = (gap: number, near = reach) => {
      const after = walker(30 + gap, 90 + gap, RED);
      for (let i = 0; i < 60; i++) {
        after.tracklet.boxes[4 * i + 1]! += 100;
        after.tracklet.boxes[4 * i + 3]! += 100;
      }
      return link([walker(0, 30, RED), after], 60, MEASURED, near);
    };
    expect(people(8)).toHaveLength(2);
    expect(people(20)).toHaveLength(1);
    const players = new Reach(times, { ...noise, acceleration: [1.5, 1.5, 0.01, 0.01] });
    expect(people(8, players)).toHaveLength(1);
  });

  test('a gap longer than the longest stays one', () => {
    const people = [walker(0, 30, RED), walker(130, 190, RED, -150)];
    expect(link(people)).toHaveLength(2);
    expect(link(people, 10)).toHaveLength(1);
    expect(link(people, 0)).toHaveLength(2);
  });

  test('who comes later is no ambiguity for who comes back sooner', () => {
    const later = Array.from({ length: 12 }, (_, i) => walker(400 + i, 500, RED, -1000 + 30 * i));
    const people = [walker(0, 30, RED), walker(45, 90, RED), ...later];
    expect(link(people, 60)[0]!.slice(0, 75)).toEqual([...range(0, 30), ...range(45, 90)]);
  });

  test('over long gaps only measured appearance counts', () => {
    const people = () => [walker(0, 30, RED), walker(130, 190, RED, -150)];
    expect(link(people(), 60, { short: USUAL_APPEARANCE, long: undefined })).toHaveLength(2);
    expect(link(people(), 60)).toHaveLength(1);
  });

  test('where nobody comes back, one who looks a little like another is somebody new; where most do, they are the one', () => {
    const KINDS = 14;
    const clothes = (kind: number) => Float32Array.from({ length: KINDS }, (_, k) => +(k === kind));
    // As far from the first as 0.25: a little nearer than the middle between one person and two.
    const alike = clothes(0).map((value, k) => 0.9375 * value + (k === KINDS - 1 ? 0.348 : 0));
    const visits = (kinds: readonly Float32Array[]) =>
      kinds.map((sum, i) => walker(120 * i, 120 * i + 60, sum, -360 * i));
    const once = Array.from({ length: KINDS - 2 }, (_, kind) => clothes(kind));
    const twice = [...once.slice(0, 6), ...once.slice(1, 6)];
    expect(link(visits([...once, alike]), 200)).toHaveLength(once.length + 1);
    expect(link(visits([...twice, alike]), 200)).toHaveLength(6);
  });

  test('nobody is joined with two who were there together', () => {
    // The same clothes thrice; the second and the third are there at once, and look alike to the last digit.
    const people = [walker(0, 30, RED), walker(60, 120, RED, -60), walker(70, 130, RED, 60)];
    expect(link(people, 60)).toHaveLength(3);
  });

  test('somebody is known by all that was seen of them, not by the last part alone', () => {
    const between = Float32Array.of(Math.SQRT1_2, Math.SQRT1_2);
    const red = (from: number, to: number) => walker(from, to, Float32Array.of(3, 0), -from);
    const people = [red(0, 60), red(100, 160), walker(200, 260, between, -200), red(300, 360)];
    const joined = link(people, 60);
    expect(joined[0]).toEqual(expect.arrayContaining([0, 100, 300]));
  });

  test('a long video is gone through in windows, and nobody is lost between two', () => {
    const visits = Array.from({ length: 60 }, (_, i) =>
      walker(300 * i, 300 * i + 60, RED, -900 * i),
    );
    expect(link(visits, 60)).toHaveLength(1);
    expect(link(visits, 10)).toHaveLength(60);
  });

  test('the order they come in does not matter', () => {
    const people = () => [walker(0, 30, RED), walker(45, 90, BLUE, -6), walker(45, 90, RED, 6)];
    expect(link(people().reverse())).toEqual(link(people()));
  });
});

describe('measuring how far looks tell people apart', () => {
  /** Somebody who is there for a while and whose looks change from the beginning to the end. */
  function visitor(from: number, start: number, end: number, lane = 0): EmbeddedTracklet {
    const { tracklet } = walker(from, from + 90, undefined, 60 * lane - 3 * from);
    const embeddings = Array.from({ length: 12 }, (_, i) => {
      const angle = start + ((end - start) * i) / 11;
      return { element: 7 * i, sum: Float32Array.of(Math.cos(angle), Math.sin(angle)) };
    });
    return { tracklet, embeddings };
  }
  const together = (change: number, apart: number) =>
    Array.from({ length: 6 }, (_, i) => {
      const angle = i % 2 === 0 ? 0.1 * (i / 6) : apart;
      return visitor(200 * Math.floor(i / 2), angle, angle + change, i % 2);
    });

  test('people who differ more than anybody from themselves are told apart', () => {
    const appearance = measureRevisits(together(0.1, 1.2), reach, COLOURS.spreads, 6);
    expect(appearance!.logLikelihoodRatio(0.05)).toBeGreaterThan(1);
    expect(appearance!.logLikelihoodRatio(0.8)).toBeLessThan(-1);
  });

  test('where some two look as alike as one, everything alike tells less', () => {
    const pairs = (apart: readonly number[]) =>
      apart.flatMap((angle, i) => [
        visitor(200 * i, 0, 0.1, 0),
        visitor(200 * i, angle, angle + 0.1, 1),
      ]);
    const twins = measureRevisits(pairs([1.2, 1.2, 1.2, 1.2, 1.2, 0]), reach, COLOURS.spreads, 6)!;
    const none = measureRevisits(pairs(Array(6).fill(1.2)), reach, COLOURS.spreads, 6)!;
    const likelihoods = [0, 0.8, 0.8, 0.8, 0.8, 0.8].map((distance) =>
      Math.exp(twins.logLikelihoodRatio(distance)),
    );
    // Of two people no likelihood ratio is more than 1 in the mean.
    expect(likelihoods.reduce((sum, ratio) => sum + ratio) / 6).toBeLessThan(1.01);
    expect(twins.logLikelihoodRatio(0)).toBeLessThan(none.logLikelihoodRatio(0) - 1);
  });

  test('people who change as much as they differ are not', () => {
    expect(measureRevisits(together(0.9, 0.8), reach, COLOURS.spreads, 6)).toBeUndefined();
  });

  test('where nobody was there with anybody, or few were, nothing is told', () => {
    const alone = Array.from({ length: 9 }, (_, i) => visitor(200 * i, i / 4, i / 4 + 0.05));
    expect(measureRevisits(alone, reach, COLOURS.spreads, 6)).toBeUndefined();
    expect(
      measureRevisits(together(0.1, 1.2).slice(0, 2), reach, COLOURS.spreads, 6),
    ).toBeUndefined();
    expect(measureRevisits([], reach, COLOURS.spreads, 6)).toBeUndefined();
  });
});
