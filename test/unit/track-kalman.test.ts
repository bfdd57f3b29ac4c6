import { expect, test } from 'vitest';
import { correctAxis, predictAxis, startAxis } from '../../src/track/filter/kalman.ts';

type Matrix = number[][];
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
const transpose = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));

/** The textbook filter, in matrices. */
class TextbookFilter {
  x: Matrix;
  p: Matrix;
  constructor(position: number, positionVariance: number, velocityVariance: number) {
    this.x = [[position], [0]];
    this.p = [
      [positionVariance, 0],
      [0, velocityVariance],
    ];
  }
  predict(step: number, qx: number, qv: number): void {
    const f = [
      [1, step],
      [0, 1],
    ];
    this.x = multiply(f, this.x);
    this.p = multiply(multiply(f, this.p), transpose(f));
    this.p[0]![0]! += qx;
    this.p[1]![1]! += qv;
  }
  correct(observed: number, noise: number): void {
    const s = this.p[0]![0]! + noise;
    const k = [this.p[0]![0]! / s, this.p[1]![0]! / s];
    const residual = observed - this.x[0]![0]!;
    this.x = this.x.map((row, i) => [row[0]! + k[i]! * residual]);
    this.p = this.p.map((row, i) => row.map((value, j) => value - k[i]! * this.p[0]![j]!));
  }
}

test('one axis is the textbook filter', () => {
  const state = new Float64Array(7);
  startAxis(state, 2, 10, 4, 100);
  const filter = new TextbookFilter(10, 4, 100);
  const steps = [1, 1, 2, 0.5, 1, 3];
  for (const [i, step] of steps.entries()) {
    predictAxis(state, 2, step, 0.3 * step, 0.02 * step);
    filter.predict(step, 0.3 * step, 0.02 * step);
    if (i !== 3) {
      correctAxis(state, 2, 10 + 3 * i + (i % 2), 2);
      filter.correct(10 + 3 * i + (i % 2), 2);
    }
    const expected = [
      filter.x[0]![0]!,
      filter.x[1]![0]!,
      filter.p[0]![0]!,
      filter.p[0]![1]!,
      filter.p[1]![1]!,
    ];
    for (const [k, value] of expected.entries()) expect(state[2 + k]).toBeCloseTo(value, 9);
  }
});

test('a steady walk is learnt', () => {
  const state = new Float64Array(5);
  startAxis(state, 0, 0, 1, 1e4);
  for (let i = 1; i <= 50; i++) {
    predictAxis(state, 0, 1, 0.01, 0.0001);
    correctAxis(state, 0, 2.5 * i, 1);
  }
  expect(state[1]).toBeCloseTo(2.5, 2);
});
