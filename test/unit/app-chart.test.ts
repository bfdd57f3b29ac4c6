import { describe, expect, test } from 'vitest';
import { labelsWithRoom, marksOf } from '../../src/app/counting/chart-scale.ts';
import { barsOf, heightOf, lineOf, middleOfBand } from '../../src/app/counting/chart-shapes.ts';

const AREA = { left: 30, width: 400, bottom: 146, height: 136, greatest: 40 };

describe('marks of a scale', () => {
  test.each([
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6]],
    [40, [0, 10, 20, 30, 40]],
    [1234, [0, 500, 1000]],
    [9_999_999, [0, 5_000_000]],
  ])('up to %d', (greatest, marks) => {
    expect(marksOf(greatest, 4)).toEqual(marks);
  });

  test('are whole, and never more than wanted', () => {
    for (let greatest = 1; greatest < 100_000; greatest = Math.ceil(greatest * 1.07)) {
      const marks = marksOf(greatest, 4);
      expect(marks.every(Number.isInteger)).toBe(true);
      expect(marks.length - 1).toBeLessThanOrEqual(4);
      expect(marks.length).toBeGreaterThan(1);
    }
  });
});

describe('labels', () => {
  test('all of them where there is room, else every so many', () => {
    expect(labelsWithRoom([40, 40, 40], 200, 12)).toEqual([0, 1, 2]);
    expect(labelsWithRoom(new Array<number>(22).fill(70), 330, 12)).toEqual([0, 6, 12, 18]);
    expect(labelsWithRoom([500, 500], 100, 12)).toEqual([0]);
  });

  test('never overlap', () => {
    for (const count of [1, 2, 7, 24, 96, 1440])
      for (const width of [20, 64, 130]) {
        const shown = labelsWithRoom(new Array<number>(count).fill(width), 330, 12);
        const step = shown.length < 2 ? Number.POSITIVE_INFINITY : shown[1]! - shown[0]!;
        expect((step * 330) / count).toBeGreaterThanOrEqual(width + 12);
      }
  });
});

describe('shapes of a series', () => {
  test('bars stand side by side around the middle of their band, none where nothing was', () => {
    const bars = [0, 1].map((nth) => barsOf(AREA, [40, 0, 20], nth, 2).split('z').slice(0, -1));
    expect(bars[0]).toEqual(['M48.67 146V10h47V146', 'M315.33 146V78h47V146']);
    expect(bars[1]![0]).toBe('M96.67 146V10h47V146');
    expect(middleOfBand(AREA, 0, 3)).toBeCloseTo(96.67, 2);
  });

  test('a line goes through the middle of every band', () => {
    expect(lineOf(AREA, [0, 40])).toBe('M130 146L330 10');
    expect(heightOf(AREA, 10)).toBe(112);
  });
});
