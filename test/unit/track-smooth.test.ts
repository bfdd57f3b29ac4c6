import { expect, test } from 'vitest';
import {
  type IntervalObservation,
  smoothInterval,
} from '../../src/track/filter/interval-smoother.ts';
import { AXIS } from '../../src/track/filter/kalman.ts';
import { smoothTracklet } from '../../src/track/refinement/smooth.ts';
import { smoothSides } from '../../src/track/refinement/smooth-sides.ts';
import { Tracklet } from '../../src/track/refinement/tracklet.ts';
import { OBSERVED } from '../../src/track/track.ts';
import { seeded } from '../fixtures/track-scenes.ts';

/** Inverse by Gauss and Jordan, with pivots. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, k) => (k === i ? 1 : 0))]);
  for (let c = 0; c < size; c++) {
    let pivot = c;
    for (let r = c; r < size; r++)
      if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r;
    [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
    const scale = rows[c]![c]!;
    rows[c] = rows[c]!.map((value) => value / scale);
    for (const [r, row] of rows.entries()) {
      const factor = row[c]!;
      if (r !== c && factor !== 0) rows[r] = row.map((value, k) => value - factor * rows[c]![k]!);
    }
  }
  return rows.map((row) => row.slice(size));
}

test('an interval is smoothed to the least squares of all observations and motions together', () => {
  const random = seeded(5);
  const observations = Array.from({ length: 7 }, (_, i): IntervalObservation => {
    const [first, second] = [0.2 + random(), 0.2 + 40 * random() * random()];
    return {
      step: [0, 0.1, 0.1, 0.5, 0.1, 2, 0.1][i]!,
      centre: 10 + 3 * i + random(),
      length: 20 - i + random(),
      centreVariance: (first + second) / 4,
      lengthVariance: first + second,
      covariance: (second - first) / 2,
      centreAcceleration: 4 + i,
      lengthAcceleration: 0.5 + i,
    };
  });
  const size = 4 * observations.length;
  const information = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const known = new Array<number>(size).fill(0);
  const add = (at: number[], weights: number[][]) => {
    for (const [r, row] of weights.entries()) {
      for (const [c, weight] of row.entries()) information[at[r]!]![at[c]!]! += weight;
    }
  };
  for (const [i, observation] of observations.entries()) {
    const { centre, length, centreVariance, lengthVariance, covariance, step } = observation;
    const weights = inverse([
      [centreVariance, covariance],
      [covariance, lengthVariance],
    ]);
    const at = 4 * i;
    add([at, at + 2], weights);
    known[at]! += weights[0]![0]! * centre + weights[0]![1]! * length;
    known[at + 2]! += weights[1]![0]! * centre + weights[1]![1]! * length;
    for (const [k, strength] of [
      observation.centreAcceleration,
      observation.lengthAcceleration,
    ].entries()) {
      const a = at + 2 * k;
      if (i === 0) {
        add([a + 1], [[1 / [9, 16][k]!]]);
        continue;
      }
      const noise = inverse([
        [(strength * step ** 3) / 3, (strength * step ** 2) / 2],
        [(strength * step ** 2) / 2, strength * step],
      ]);
      // Of (place, velocity) before and now: now less what the velocity of before makes of it.
      const motion = [
        [-1, -step, 1, 0],
        [0, -1, 0, 1],
      ];
      const weighed = motion[0]!.map((_, r) =>
        motion[0]!.map((_, c) =>
          [0, 1].reduce(
            (sum, p) =>
              sum +
              [0, 1].reduce((all, q) => all + motion[p]![r]! * noise[p]![q]! * motion[q]![c]!, 0),
            0,
          ),
        ),
      );
      add([a - 4, a - 3, a, a + 1], weighed);
    }
  }
  const covariance = inverse(information);
  const smoothed = smoothInterval(observations, { centreVelocity: 9, lengthVelocity: 16 });
  for (const [k, states] of smoothed.entries()) {
    for (let i = 0; i < observations.length; i++) {
      const a = 4 * i + 2 * k;
      const best = (row: number) => covariance[row]!.reduce((sum, c, r) => sum + c * known[r]!, 0);
      const expected = [
        best(a),
        best(a + 1),
        covariance[a]![a]!,
        covariance[a]![a + 1]!,
        covariance[a + 1]![a + 1]!,
      ];
      for (const [n, value] of expected.entries())
        expect(states[AXIS * i + n]).toBeCloseTo(value, 7);
    }
  }
});

const NOISE = {
  deviation: [0.02, 0.02, 0.02, 0.02],
  acceleration: [0.1, 0.1, 0.02, 0.02],
  stepSeconds: 1 / 15,
};

/** A walker of 200 pixels whose legs a hedge hides for half a second, from sample 40 to 47: boxes end where it begins. */
function behindHedge(spreadOf: (isHidden: boolean, side: number) => number) {
  const random = seeded(3);
  const walker = new Tracklet();
  for (let i = 0; i < 90; i++) {
    const isHidden = i >= 40 && i < 48;
    const shake = () => 4 * (random() - 0.5);
    const left = 100 + 6 * i;
    const box = [
      left + shake(),
      100 + shake(),
      left + 80 + shake(),
      (isHidden ? 240 : 300) + shake(),
    ];
    const found = {
      count: 1,
      boxes: Float32Array.from(box),
      scores: Float32Array.of(0.8),
      spreads: Int8Array.from([0, 1, 2, 3], (side) => spreadOf(isHidden, side)),
    };
    walker.push(i, found, 0, OBSERVED);
  }
  return { walker, times: Float64Array.from({ length: 90 }, (_, i) => i / 15) };
}

test('where the detector is unsure of the feet, head and height tell where they are', () => {
  const { walker, times } = behindHedge((isHidden, side) => (isHidden && side === 3 ? 127 : 25));
  const feet = (axes: readonly Float64Array[], i: number) =>
    axes[1]![AXIS * i]! + axes[3]![AXIS * i]! / 2;
  const plain = smoothTracklet(walker, times, NOISE);
  const bySides = smoothSides(walker, times, NOISE);
  for (let i = 42; i < 46; i++) {
    const error = Math.abs(feet(plain, i) - 300);
    expect(error).toBeGreaterThan(30);
    expect(Math.abs(feet(bySides, i) - 300)).toBeLessThan(error / 3);
  }
  expect(bySides[1]![AXIS * 44]! - bySides[3]![AXIS * 44]! / 2).toBeCloseTo(100, -1);
});

test('where the detector does not tell, sides are smoothed by the boxes alone', () => {
  const { walker, times } = behindHedge(() => 0);
  expect(smoothSides(walker, times, NOISE)).toEqual(smoothTracklet(walker, times, NOISE));
});

test('what a detector is unsure of goes with its boxes through splits, joins and filters', () => {
  const { walker } = behindHedge((isHidden, side) => (isHidden ? 100 : 10) + side);
  const rest = walker.split(45);
  expect([...walker.spreads.subarray(176, 180)]).toEqual([100, 101, 102, 103]);
  expect([...rest.spreads.subarray(0, 4)]).toEqual([100, 101, 102, 103]);
  rest.filter((element) => element >= 10);
  walker.append(rest);
  expect(walker.length).toBe(80);
  expect([...walker.spreads.subarray(180, 184)]).toEqual([10, 11, 12, 13]);
});
