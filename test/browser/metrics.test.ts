import { expect, test } from 'vitest';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { FIGURES, FRAME_COUNT, RESULTS_TEXT, TRUTH_TEXT } from '../fixtures/graded-case.ts';

test('the browser grades tracks to the same figures', () => {
  const figures = trackingFigures(
    scoreTracking(
      parseMotTruth(TRUTH_TEXT, 'truth'),
      parseMot(RESULTS_TEXT, 'results'),
      FRAME_COUNT,
    ),
  );
  for (const [name, value] of Object.entries(FIGURES)) {
    expect(figures[name as keyof typeof FIGURES], name).toBeCloseTo(value, 9);
  }
});
