import { expect, test } from 'vitest';
import { boxArea, iou, iouMatrix } from '../../src/track/box.ts';

const boxes = Float32Array.of(0, 0, 10, 10, 5, 0, 15, 10, 20, 20, 20, 40, 9, 9, 1, 1);

test('overlap is shared area over joint area', () => {
  expect(iou(boxes, 0, boxes, 0)).toBe(1);
  expect(iou(boxes, 0, boxes, 1)).toBeCloseTo(50 / 150, 12);
});

test('boxes without area, or inside out, or of no number overlap nothing', () => {
  expect(boxArea(boxes, 2)).toBe(0);
  expect(boxArea(boxes, 3)).toBe(0);
  expect(iou(boxes, 2, boxes, 2)).toBe(0);
  expect(iou(boxes, 0, boxes, 3)).toBe(0);
  expect(iou(Float32Array.of(Number.NaN, 0, 10, 10), 0, boxes, 0)).toBe(0);
});

test('the matrix is every pair', () => {
  const out = new Float64Array(16);
  iouMatrix(boxes, 4, boxes, 4, out);
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) expect(out[4 * i + j]).toBe(iou(boxes, i, boxes, j));
});
