import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mapOrdered } from '../../src/engine/map-ordered.ts';

async function* from<T>(items: readonly T[], error?: unknown): AsyncGenerator<T> {
  for (const item of items) yield item;
  if (error) throw error;
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

test('answers come in order however long each takes, with no more than allowed under way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }),
      fc.integer({ min: 1, max: 5 }),
      async (delays, concurrency) => {
        let underWay = 0;
        const answers: number[] = [];
        const mapped = mapOrdered(from([...delays.entries()]), concurrency, async ([i, delay]) => {
          underWay++;
          expect(underWay).toBeLessThanOrEqual(concurrency);
          await pause(delay);
          underWay--;
          return i;
        });
        for await (const answer of mapped) answers.push(answer);
        expect(answers).toEqual(delays.map((_, i) => i));
      },
    ),
    { numRuns: 25 },
  );
});

test('an error of the source comes after the answers before it', async () => {
  const answers: number[] = [];
  const mapped = mapOrdered(from([1, 2, 3], new Error('cut off')), 8, async (n) => n);
  await expect(async () => {
    for await (const n of mapped) answers.push(n);
  }).rejects.toThrow('cut off');
  expect(answers).toEqual([1, 2, 3]);
});

test('an error of one call ends the stream after the calls under way, and the source is closed', async () => {
  let settled = 0;
  let closed = false;
  async function* source() {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  }
  const mapped = mapOrdered(source(), 3, async (n) => {
    await pause(n === 1 ? 0 : 5);
    settled++;
    if (n === 1) throw new Error('no');
    return n;
  });
  const answers: number[] = [];
  await expect(async () => {
    for await (const n of mapped) answers.push(n);
  }).rejects.toThrow('no');
  expect(answers).toEqual([0]);
  expect(closed).toBe(true);
  expect(settled).toBeGreaterThanOrEqual(3);
});
