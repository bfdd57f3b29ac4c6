import { expect, test } from 'vitest';
import { returnEvidence } from '../../src/track/refinement/returns.ts';

const UNLIKE = -5;
const ALIKE = 5;
const times = (count: number, evidence: readonly number[]) => Array(count).fill(evidence);

test('before anything was seen, nothing speaks for a return or against one', () => {
  expect(returnEvidence([])).toBe(0);
});

test('where nobody looks like anybody before, hardly anybody comes back; where all do, most', () => {
  expect(returnEvidence(times(20, [UNLIKE, UNLIKE, UNLIKE]))).toBeLessThan(-2.5);
  expect(returnEvidence(times(20, [UNLIKE, ALIKE, UNLIKE]))).toBeGreaterThan(2.5);
});

test('of many who might be the one, one looks a little like them by chance', () => {
  expect(returnEvidence(times(20, [2]))).toBeGreaterThan(1.5);
  expect(returnEvidence(times(20, [2, ...Array(19).fill(UNLIKE)]))).toBeLessThan(-1);
});

test('few parts tell little', () => {
  expect(returnEvidence([[UNLIKE]])).toBeGreaterThan(-1);
});

test('who could be nobody before is not asked', () => {
  expect(returnEvidence([...times(9, []), [ALIKE]])).toBe(returnEvidence([[ALIKE]]));
});
