import { expect, test } from 'vitest';
import { SampleEmbeddings } from '../../src/track/appearance/sample-embeddings.ts';
import { SampleBoxes } from '../../src/track/sample-boxes.ts';
import { detectionsOf } from '../fixtures/track-scenes.ts';

test('what is remembered of somebody follows how they look by time, however many samples that takes', () => {
  /** Who was red, after a second in green: how much of what is remembered is red. */
  const redAfterASecond = (rate: number): number => {
    const embeddings = new SampleEmbeddings();
    const see = (embedding: Float32Array | undefined, clothes: readonly number[]) => {
      const found = {
        ...detectionsOf([100, 200, 40, 100, 0.9]),
        features: Int8Array.from(clothes),
      };
      const boxes = new SampleBoxes();
      boxes.load(found, 0.1);
      embeddings.load(found, boxes);
      return embeddings.remember(embedding, 0, 1 / rate);
    };
    let remembered = see(undefined, [127, 0]);
    for (let i = 0; i < rate; i++) remembered = see(remembered, [0, 127]);
    return remembered![0]!;
  };
  const left = [5, 10, 15, 30].map(redAfterASecond);
  expect(Math.max(...left)).toBeLessThan(0.5);
  expect(Math.max(...left) / Math.min(...left)).toBeLessThan(1.4);
});
