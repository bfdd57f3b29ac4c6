import { expect, test } from 'vitest';
import { toCommonFrame } from '../../src/engine/common-frame.ts';

const detections = {
  count: 2,
  boxes: Float32Array.of(10, 20, 30, 40, 0, 0, 320, 240),
  scores: Float32Array.of(0.5, 0.9),
};

test('boxes of another frame keep their ratios in the common one', () => {
  const { boxes, scores } = toCommonFrame(
    detections,
    { width: 320, height: 240 },
    { width: 160, height: 60 },
  );
  expect([...boxes]).toEqual([5, 5, 15, 10, 0, 0, 160, 60]);
  expect(scores).toEqual(detections.scores);
});

test('boxes of the common frame are left as they are', () => {
  expect(toCommonFrame(detections, undefined, { width: 160, height: 60 })).toBe(detections);
});
