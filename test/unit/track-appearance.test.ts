import { describe, expect, test } from 'vitest';
import { embeddedPeople } from '../../src/engine/reid-samples.ts';
import {
  Appearance,
  embeddingDistance,
  USUAL_APPEARANCE,
  USUAL_DIFFERENT,
  USUAL_SAME,
} from '../../src/track/appearance/appearance.ts';
import { visibleShare } from '../../src/track/appearance/visible-share.ts';
import type { Detections } from '../../src/track/detections.ts';
import { recordHistory } from '../../src/track/record-history.ts';
import { AppearanceMeter } from '../../src/track/refinement/measure-appearance.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import type { RefineOptions } from '../../src/track/refinement/refine-options.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { detectionsOf, seeded } from '../fixtures/track-scenes.ts';

const RATE = 15;
/** Clothes: a vector of length 1, times 127. */
const RED = [127, 0, 0, 0];
const BLUE = [0, 127, 0, 0];
const GREEN = [0, 0, 127, 0];

interface Seen {
  readonly x: number;
  readonly clothes: readonly number[];
  readonly y?: number;
}

/** A sample with people of 40 x 100 pixels. */
function sample(...people: readonly Seen[]): Detections {
  const boxes = people.map(({ x, y = 200 }): [number, number, number, number, number] => [
    x,
    y,
    40,
    100,
    0.9,
  ]);
  return {
    ...detectionsOf(...boxes),
    features: Int8Array.from(people.flatMap(({ clothes }) => clothes)),
  };
}

function bare({ count, boxes, scores }: Detections): Detections {
  return { count, boxes, scores };
}

function record(scene: readonly Detections[]) {
  const times = Float64Array.from(scene, (_, i) => i / RATE);
  return recordHistory(createFootpath(), scene, times, 64);
}

const refine = (scene: readonly Detections[], options?: Partial<RefineOptions>) =>
  refineTracks(record(scene), options);

/** Two who meet, are one behind the other for a moment, and turn back: by their motion they seem to pass. */
function turningBack(): Detections[] {
  return Array.from({ length: 150 }, (_, i) => {
    const distance = 4 * Math.abs(75 - i);
    const left = { x: 300 - distance, clothes: RED };
    const right = { x: 300 + distance, clothes: BLUE };
    return distance < 20 ? sample(left) : sample(left, right);
  });
}

/** Somebody who vanishes for a while, and is back where nobody could be told by motion; others are there all the time. */
function comingBack(
  clothes: readonly number[],
  pause = 60,
  others: readonly (readonly number[])[] = [BLUE],
): Detections[] {
  return Array.from({ length: 240 + pause }, (_, i) => {
    const witnesses = others.map((worn, k) => ({
      x: 60 + 200 * k + (i % 40) / 10,
      y: 20,
      clothes: worn,
    }));
    if (i < 120) return sample(...witnesses, { x: 300 + i / 4, clothes: RED });
    if (i < 120 + pause) return sample(...witnesses);
    return sample(...witnesses, { x: 470 - (i - 120 - pause) / 4, clothes });
  });
}

test('evidence is for alike embeddings, against unlike ones, and nothing where they tell nobody apart', () => {
  expect(USUAL_APPEARANCE.logLikelihoodRatio(USUAL_SAME.median)).toBeGreaterThan(1);
  expect(USUAL_APPEARANCE.logLikelihoodRatio(USUAL_DIFFERENT.median)).toBeLessThan(-1);
  const uniform = new Appearance(USUAL_SAME, USUAL_SAME);
  for (const distance of [0, 0.2, 0.9])
    expect(uniform.logLikelihoodRatio(distance)).toBeCloseTo(0, 9);
  const reversed = new Appearance(USUAL_DIFFERENT, USUAL_SAME);
  expect(reversed.logLikelihoodRatio(0)).toBeCloseTo(0, 9);
});

test('a distance is 0 for the same embedding and 1 for those that share nothing', () => {
  expect(embeddingDistance(Float32Array.of(1, 0), Float32Array.of(1, 0))).toBe(0);
  expect(embeddingDistance(Float32Array.of(1, 0), Float32Array.of(0, 1))).toBe(1);
});

test('of two boxes that overlap, the one further down is in front', () => {
  const boxes = Float32Array.of(0, 0, 40, 100, 20, 20, 60, 120, 0, 0, 40, 100);
  const scores = Float32Array.of(0.9, 0.9, 0.9);
  expect(visibleShare(boxes, scores, 0, 2, 0)).toBeCloseTo(1 - (20 * 80) / 4000, 6);
  expect(visibleShare(boxes, scores, 0, 2, 1)).toBe(1);
  expect(visibleShare(boxes, Float32Array.of(0.9, 0.1, 0.9), 0, 2, 0)).toBe(1);
  expect(visibleShare(boxes, scores, 2, 3, 2)).toBe(1);
});

test('what looks tell is measured: much where clothes differ, nothing in uniform', async () => {
  const measure = async (second: readonly number[], seconds = 180) => {
    const random = seeded(5);
    const noisy = (clothes: readonly number[]) =>
      clothes.map((value) => Math.round(Math.min(127, Math.max(0, value + 24 * random() - 12))));
    const scene = Array.from({ length: RATE * seconds }, (_, i) =>
      sample(
        { x: 100 + (i % 50) / 5, clothes: noisy(RED) },
        { x: 400 + (i % 50) / 5, clothes: noisy(second) },
      ),
    );
    const history = record(scene);
    const meter = new AppearanceMeter();
    for (let c = 0; c < history.chunkCount; c++) meter.add(await history.chunk(c));
    return meter.measure();
  };
  const [distinct, uniform] = [await measure(BLUE), await measure(RED)];
  expect(distinct.logLikelihoodRatio(0.05)).toBeGreaterThan(2);
  expect(distinct.logLikelihoodRatio(0.95)).toBeLessThan(-2);
  expect(Math.abs(uniform.logLikelihoodRatio(0.05))).toBeLessThan(1);
  // Nor in what is usual, where a video shows two people for eight seconds only.
  const brief = await measure(RED, 8);
  expect(Math.abs(brief.logLikelihoodRatio(0.05))).toBeLessThan(1);
  expect((await measure(BLUE, 2)).logLikelihoodRatio(0.1)).toBe(
    USUAL_APPEARANCE.logLikelihoodRatio(0.1),
  );
});

test('without embeddings nothing is measured and the usual stands', () => {
  const measured = new AppearanceMeter().measure();
  expect(measured.logLikelihoodRatio(0.1)).toBe(USUAL_APPEARANCE.logLikelihoodRatio(0.1));
});

test('people who meet and turn back are told by their clothes, not by their motion', async () => {
  const sides = (tracks: Awaited<ReturnType<typeof refine>>) =>
    tracks.map(({ boxes, samples }) => {
      const lefts = Array.from(samples, (_, i) => boxes[4 * i]!);
      return [lefts.some((x) => x < 250), lefts.some((x) => x > 350)].filter(Boolean).length;
    });
  expect(sides(await refine(turningBack()))).toEqual([1, 1]);
  expect(sides(await refine(turningBack().map(bare)))).toEqual([2, 2]);
});

describe('two of whom one comes out as the other is hidden for a while', () => {
  /** Where everybody is first and last, left edges; a witness stands at 900. */
  const ends = async (hidden: number, left: (seconds: number) => readonly number[]) => {
    const scene = Array.from({ length: 170 }, (_, i) => {
      const witness = { x: 900, y: 20, clothes: GREEN };
      const right = { x: 5 * i, clothes: RED };
      if (i < hidden) return sample(witness, right);
      const other = { x: 5 * (2 * hidden - i), clothes: left((i - hidden) / RATE) };
      return i < hidden + 12 ? sample(witness, other) : sample(witness, other, right);
    });
    return (await refine(scene)).map(({ boxes }) => [
      Math.round(boxes[0]! / 10),
      Math.round(boxes.at(-4)! / 10),
    ]);
  };

  test.each([65, 67, 70, 73])('at sample %i, are told by their clothes', async (hidden) => {
    const people = await ends(hidden, () => BLUE);
    expect(people).toEqual(expect.arrayContaining([[0, 85]]));
    expect(people).toHaveLength(3);
  });

  test('though the one who comes out shows their clothes in full a little later', async () => {
    const people = await ends(65, (seconds) => (seconds < 0.5 ? [80, 98, 0, 0] : BLUE));
    expect(people).toEqual(expect.arrayContaining([[0, 85]]));
    expect(people).toHaveLength(3);
  });
});

test('somebody who begins to look different while nobody is near stays one', async () => {
  const witness = { x: 900, y: 20, clothes: BLUE };
  const changing = Array.from({ length: 150 }, (_, i) =>
    sample(witness, { x: 200 + 3 * i, clothes: i < 60 ? RED : BLUE }),
  );
  expect(await refine(changing)).toHaveLength(2);
  const alone = changing.map((_, i) => sample({ x: 200 + 3 * i, clothes: i < 60 ? RED : BLUE }));
  expect(await refine(alone)).toHaveLength(1);
});

test('somebody who looks different next to one whom that does not explain stays one', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    sample(
      { x: 300 + i / 4, clothes: i < 60 ? RED : GREEN },
      { x: 345 + i / 4, clothes: BLUE },
      { x: 900, y: 20, clothes: GREEN },
    ),
  );
  expect(await refine(scene)).toHaveLength(3);
});

test('somebody who comes to look more like the one next to them, who stays as they are, stays one', async () => {
  const between = [60, 112, 0, 0];
  const scene = Array.from({ length: 150 }, (_, i) =>
    sample(
      { x: 300 + i / 4, clothes: i < 60 ? RED : between },
      { x: 345 + i / 4, clothes: BLUE },
      { x: 900, y: 20, clothes: GREEN },
    ),
  );
  expect(await refine(scene)).toHaveLength(3);
});

test('who comes back in the same clothes keeps their number; who wears others gets one', async () => {
  expect(await refine(comingBack(RED))).toHaveLength(2);
  expect(await refine(comingBack(BLUE))).toHaveLength(3);
  expect(await refine(comingBack(RED).map(bare))).toHaveLength(3);
});

describe('with a network that looked at people twice a second', () => {
  const usual = (median: number) => ({ median, deviation: 0.1 });
  const reid = { short: usual(0.1), long: usual(0.2), different: usual(0.9) };
  /** What the scene's embeddings are is told of some detections only; all wear the same. */
  const seenByNetwork = (scene: readonly Detections[]): Detections[] =>
    scene.map(({ features, ...found }, i) => {
      const same = Int8Array.from(features ?? [], (_, k) => (k % 4 === 0 ? 100 : 0));
      const rows = Int32Array.from({ length: found.count }, (_, row) => row);
      const isLooked = embeddedPeople(i / RATE, (i - 1) / RATE) && features !== undefined;
      return { ...found, features: same, ...(isLooked && { reid: { rows, values: features } }) };
    });

  test('who comes back keeps their number, who looks different gets one', async () => {
    expect(await refine(seenByNetwork(comingBack(RED)), { reid })).toHaveLength(2);
    expect(await refine(seenByNetwork(comingBack(BLUE)), { reid })).toHaveLength(3);
  });

  test('what it saw is nothing where nobody says how such embeddings lie', async () => {
    const scene = seenByNetwork(comingBack(RED));
    const without = scene.map(({ reid: _, ...found }) => found);
    expect(await refine(scene)).toEqual(await refine(without));
  });

  test('mix-ups are split', async () => {
    const sides = (await refine(seenByNetwork(turningBack()), { reid })).map(({ boxes, samples }) =>
      Array.from(samples, (_, i) => boxes[4 * i]!),
    );
    for (const lefts of sides)
      expect(Math.min(...lefts) < 250 && Math.max(...lefts) > 350).toBe(false);
  });

  test('the answer does not depend on how the history is cut into chunks', async () => {
    const scene = seenByNetwork(comingBack(RED));
    const times = Float64Array.from(scene, (_, i) => i / RATE);
    const answers = await Promise.all(
      [7, 64, 1000].map((size) =>
        refineTracks(recordHistory(createFootpath(), scene, times, size), { reid }),
      ),
    );
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

test('how long somebody may be gone is the option’s', async () => {
  const late = comingBack(RED, 150, [BLUE, GREEN]);
  expect(await refine(late, { rejoinSeconds: 5 })).toHaveLength(4);
  expect(await refine(late, { rejoinSeconds: 15 })).toHaveLength(3);
});

test('over a long gap nobody is known again by what two comparisons tell of how people differ', async () => {
  expect(await refine(comingBack(RED, 150))).toHaveLength(3);
});

test('the answer does not depend on how the history is cut into chunks', async () => {
  const scene = turningBack();
  const times = Float64Array.from(scene, (_, i) => i / RATE);
  const answers = await Promise.all(
    [7, 64, 1000].map((size) => refineTracks(recordHistory(createFootpath(), scene, times, size))),
  );
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
});

test('a snapshot remembers how people look', () => {
  const scene = turningBack();
  const [whole, first, second] = [createFootpath(), createFootpath(), createFootpath()];
  const ids = (tracker: typeof whole, from: number, to: number) =>
    scene.slice(from, to).flatMap((found, i) => {
      const seen = tracker.update(found, (from + i) / RATE);
      return [...seen.ids.slice(0, seen.count), ...seen.boxes.slice(0, 4 * seen.count)];
    });
  const expected = [...ids(whole, 0, 74), ...ids(whole, 74, 150)];
  const begun = ids(first, 0, 74);
  second.restore(JSON.parse(JSON.stringify(first.snapshot())));
  expect([...begun, ...ids(second, 74, 150)]).toEqual(expected);
});
