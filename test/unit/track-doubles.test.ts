import { expect, test } from 'vitest';
import type { Detections } from '../../src/track/detections.ts';
import { recordHistory } from '../../src/track/record-history.ts';
import { dropBoxesOverTwo } from '../../src/track/refinement/boxes-over-two.ts';
import { areDoubles, dropDoubles } from '../../src/track/refinement/doubles.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import { Tracklet } from '../../src/track/refinement/tracklet.ts';
import { noteUnsureEnds } from '../../src/track/refinement/unsure-ends.ts';
import { OBSERVED } from '../../src/track/track.ts';
import { createTracker } from '../../src/track/trackers/create-tracker.ts';
import { detectionsOf, seeded } from '../fixtures/track-scenes.ts';

type Box = [left: number, top: number, width: number, height: number, score: number];

function tracklet(from: number, to: number, box: (sample: number) => Box): Tracklet {
  const made = new Tracklet();
  for (let i = from; i < to; i++) made.push(i, detectionsOf(box(i)), 0, OBSERVED);
  return made;
}

const times = Float64Array.from({ length: 200 }, (_, i) => i / 15);
const others = (people: readonly Tracklet[]) => dropDoubles(people, times, 0.5, 0.3);

const walker = (from: number, to: number, shift = 0, score = 0.8) =>
  tracklet(from, to, (i) => [100 + 3 * i + shift, 200, 40, 100, score]);

async function peopleOf(scene: readonly Detections[]): Promise<number> {
  const tracker = createTracker('footpath', { scoreThreshold: 0.5 });
  const tracks = await refineTracks(
    recordHistory(tracker, scene, times.subarray(0, scene.length)),
    { scoreThreshold: 0.5 },
  );
  return tracks.length;
}

test('a box over two, one behind the other, is nobody, however sure, and what is on the path before and after stays', () => {
  const front = tracklet(0, 60, (i) => [100, 240 + i, 40, 100, 0.6]);
  const behind = tracklet(10, 50, (i) => [110, 200 + i, 36, 90, 0.6]);
  // From the head of the one behind to the feet of the other while both are seen, and before and after it is elsewhere.
  const over = (left: number) =>
    tracklet(0, 60, (i) =>
      i >= 10 && i < 50 ? [left, 200 + i, 50, 140, 0.9] : [300, 200, 40, 100, 0.9],
    );
  const samples = (people: Tracklet[]) => people.map(({ length }) => length);
  expect(samples(dropBoxesOverTwo([front, over(98), behind]))).toEqual([60, 20, 40]);
  // Who stands there alone is somebody, and so are a tall one with a small one before them, and one beside both.
  expect(samples(dropBoxesOverTwo([over(98), behind]))).toEqual([60, 40]);
  expect(samples(dropBoxesOverTwo([over(98), front]))).toEqual([60, 60]);
  expect(samples(dropBoxesOverTwo([front, over(140), behind]))).toEqual([60, 60, 40]);
  // Nothing else is left of a path.
  const all = tracklet(10, 50, (i) => [98, 200 + i, 50, 140, 0.9]);
  expect(dropBoxesOverTwo([front, all, behind])).toEqual([front, behind]);
});

test('two who walk together are two, whatever the detector finds between them', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    detectionsOf(
      [100 + 3 * i, 200, 40, 100, 0.8],
      [124 + 3 * i, 200, 40, 100, 0.75],
      [112 + 3 * i, 202, 40, 100, 0.55],
    ),
  );
  expect(await peopleOf(scene)).toBe(2);
});

test('two who walk arm in arm are two, however much they overlap', async () => {
  const random = seeded(1);
  const scene = Array.from({ length: 150 }, (_, i) => {
    const [a, b] = [4 * (random() - 0.5), 4 * (random() - 0.5)];
    return detectionsOf(
      [100 + 3 * i + a, 200, 40, 100, 0.8],
      [111 + 3 * i + b, 201, 40, 100, 0.75],
    );
  });
  expect(await peopleOf(scene)).toBe(2);
});

test('two who stand behind one another are two, each with a head and feet', async () => {
  const random = seeded(2);
  const scene = Array.from({ length: 150 }, (_, i) => {
    const [a, b] = [4 * (random() - 0.5), 4 * (random() - 0.5)];
    return detectionsOf([100 + 3 * i, 200 + a, 40, 100, 0.8], [103 + 3 * i, 176 + b, 38, 96, 0.75]);
  });
  expect(await peopleOf(scene)).toBe(2);
});

test('the upper half beside the whole is nobody', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    detectionsOf([100 + 3 * i, 200, 40, 100, 0.8], [101 + 3 * i, 200, 38, 58, 0.6]),
  );
  expect(await peopleOf(scene)).toBe(1);
});

test('two who pass each other are two', async () => {
  const scene = Array.from({ length: 150 }, (_, i) =>
    detectionsOf([100 + 4 * i, 200, 40, 100, 0.8], [700 - 4 * i, 204, 40, 100, 0.7]),
  );
  expect(await peopleOf(scene)).toBe(2);
});

test('doubles of low confidence lie on each other less', () => {
  const sure = walker(0, 60);
  const [near, weak] = [walker(10, 40, 16, 0.6), walker(10, 40, 16, 0.4)];
  expect(others([sure, near, weak])).toEqual([sure, near]);
});

test('whoever is on somebody else for a part of the time stays', () => {
  const people = [walker(0, 60), walker(40, 120, 8, 0.6)];
  expect(others(people)).toEqual(people);
  expect(areDoubles(people[0]!, people[1]!)).toBe(true);
  expect(areDoubles(people[0]!, walker(40, 120, 30))).toBe(false);
  expect(areDoubles(people[0]!, walker(60, 120))).toBe(false);
});

test('who comes and goes on somebody else is that one, seen better for a while', () => {
  // Whole from 20 to 50 as a path of its own, to the hips before, meanwhile and after.
  const half = tracklet(0, 90, (i) => [100 + 3 * i, 200, 40, 55, 0.6]);
  const whole = walker(20, 50);
  expect(others([half, whole])).toEqual([half]);
  // Of two who come and go together it is the less sure one.
  expect(others([tracklet(0, 60, (i) => [100 + 3 * i, 200, 40, 55, 0.6]), walker(1, 59)])).toEqual([
    walker(1, 59),
  ]);
  const passes = tracklet(20, 50, (i) => [300 - 3 * i, 200, 40, 100, 0.8]);
  expect(others([half, passes])).toEqual([half, passes]);
});

test('of a path that was a double most of the time, what is alone is kept, and is nobody more by itself', () => {
  const sure = walker(0, 60);
  // Beside them for three seconds, then on with somebody else whose own path had ended.
  const goesOn = tracklet(10, 65, (i) =>
    i < 56 ? [104 + 3 * i, 204, 36, 84, 0.45] : [500 + 3 * i, 200, 40, 100, 0.6],
  );
  expect(others([sure, goesOn])).toEqual([sure, goesOn]);
  expect([goesOn.first, goesOn.last, goesOn.isRemainder]).toEqual([56, 64, true]);
  const own = walker(65, 90);
  own.append(goesOn);
  expect(own.isRemainder).toBe(false);
});

test('a box of somebody and the background, sure only while they are there, is nobody', async () => {
  const scene = Array.from({ length: 150 }, (_, i) => {
    const walks: Box[] = i < 100 ? [[100 + 3 * i, 200, 40, 100, 0.8]] : [];
    // Twice as high as the walker in it; what is left of it once they are gone is next to nothing.
    const around: Box[] =
      i >= 60 && i < 100 ? [[96 + 3 * i, 110, 56, 192, i < 66 ? 0.55 : 0.4]] : [];
    const ghost: Box[] = i >= 100 ? [[393, 110, 56, 192, 0.2]] : [];
    return detectionsOf(...walks, ...around, ...ghost);
  });
  expect(await peopleOf(scene)).toBe(1);
});

test('what is left of a double is by itself somebody more only from a second on', async () => {
  /** Comes from beside a walker, goes on them for nine seconds, and leaves them. */
  const scene = (end: number) =>
    Array.from({ length: 200 }, (_, i) => {
      const beside = Math.max(3, 43 - 4 * (i - 10)) - 0.15 * Math.max(0, i - 150) ** 2;
      const double: Box[] =
        i >= 10 && i < end ? [[100 + 3 * i + beside, 204, 36, 84, i < 160 ? 0.6 : 0.78]] : [];
      return detectionsOf([100 + 3 * i, 200, 40, 100, 0.8], ...double);
    });
  expect(await peopleOf(scene(170))).toBe(1);
  expect(await peopleOf(scene(190))).toBe(2);
});

test('what is doubled of a path, at its beginning or its end, is not its own', () => {
  const sure = walker(0, 90);
  /** Leaves a path of its own, 60 pixels ahead, for the other's. */
  const drifts = tracklet(0, 90, (i) => [100 + 3 * i + (i < 60 ? 60 : 6), 200, 40, 100, 0.6]);
  const arrives = tracklet(0, 90, (i) => [100 + 3 * i + (i < 30 ? 6 : -60), 200, 40, 100, 0.6]);
  const hardly = tracklet(0, 60, (i) => [100 + 3 * i + (i < 3 ? 400 : 4), 200, 36, 60, 0.6]);
  expect(others([sure, drifts, arrives])).toEqual([sure, drifts, arrives]);
  expect([drifts.ownFirst, drifts.ownLast]).toEqual([0, 59]);
  expect([arrives.ownFirst, arrives.ownLast]).toEqual([30, 89]);
  expect(others([sure, hardly])).toEqual([sure]);
  const passes = tracklet(0, 90, (i) => [100 + 3 * i + (i < 84 ? 60 : 6), 200, 40, 100, 0.6]);
  expect(others([sure, passes])).toEqual([sure, passes]);
  expect(passes.ownLast).toBe(89);
  const rest = drifts.split(70);
  expect([drifts.ownLast, rest.ownFirst, rest.ownLast]).toEqual([59, 70, 70]);
});

test('where a path begins or ends unsure, that is not its own', () => {
  const own = (score: (sample: number) => number) => {
    const made = tracklet(0, 90, (i) => [100 + 3 * i, 200, 40, 100, score(i)]);
    noteUnsureEnds([made], times, 0.5, 0.3);
    return [made.ownFirst, made.ownLast];
  };
  expect(own((i) => (i < 60 ? 0.8 : 0.3))).toEqual([0, 59]);
  expect(own((i) => (i < 30 ? 0.3 : 0.8))).toEqual([30, 89]);
  expect(own((i) => (i < 60 || i === 75 ? 0.8 : 0.3))).toEqual([0, 59]);
  // Too short to be anything but a moment of hiding, or nothing would be left.
  expect(own((i) => (i < 84 ? 0.8 : 0.3))).toEqual([0, 89]);
  expect(own(() => 0.3)).toEqual([0, 89]);
  expect(own((i) => (i < 3 ? 0.8 : 0.3))).toEqual([0, 89]);
});

test('a path that was sure before is somebody all the while', () => {
  const made = tracklet(0, 90, (i) => [100 + 3 * i, 200, 40, 100, i < 3 || i >= 30 ? 0.8 : 0.3]);
  made.visible.fill(0.6);
  noteUnsureEnds([made], times, 0.5, 0.3);
  expect([made.ownFirst, made.ownLast]).toEqual([0, 89]);
  // Sure for a moment within what was followed backward: up to there nobody knows.
  const later = tracklet(0, 90, (i) => [
    100 + 3 * i,
    200,
    40,
    100,
    i === 12 || i >= 30 ? 0.8 : 0.3,
  ]);
  noteUnsureEnds([later], times, 0.5, 0.3);
  expect(later.ownFirst).toBe(12);
});

test('whoever is in full view as the detector begins to doubt is still there', () => {
  const own = (score: number, visible: number) => {
    const made = tracklet(0, 90, (i) => [100 + 3 * i, 200, 40, 100, i < 60 ? 0.8 : score]);
    made.visible.fill(visible, 60);
    noteUnsureEnds([made], times, 0.5, 0.3);
    return [made.ownFirst, made.ownLast];
  };
  expect(own(0.4, 1)).toEqual([0, 89]);
  expect(own(0.4, 0.6)).toEqual([0, 59]);
  expect(own(0.3, 1)).toEqual([0, 59]);
});

test('who is seen for seconds, about as surely as it takes, is not lost for unsure ends', async () => {
  const random = seeded(3);
  const scene = Array.from({ length: 90 }, (_, i) => {
    const score = i < 32 || i >= 50 ? 0.44 : 0.58;
    const person: Box[] = i >= 20 && i < 66 ? [[60 + 4 * i, 200, 40, 100, score]] : [];
    const found = detectionsOf(
      [250, 20, 60, 140, 0.9],
      ...person,
      // Specks that are nobody: this detector's unsure boxes are not to be trusted.
      ...[0, 1, 2].map((): Box => [500 * random() + 600, 600 * random(), 40, 100, 0.3]),
    );
    const features = Array.from({ length: found.count }, (_, row) =>
      row === 1 ? [127, 0] : [0, 127],
    );
    return { ...found, features: Int8Array.from(features.flat()) };
  });
  expect(await peopleOf(scene)).toBe(2);
});

test('who is lost behind another is known again where they come out, whatever is followed on behind', async () => {
  const random = seeded(3);
  const scene = Array.from({ length: 150 }, (_, i) => {
    const isHidden = i >= 52 && i < 72;
    const person: Box[] = isHidden ? [] : [[60 + 4 * i, 200, 40, 100, 0.8]];
    const found = detectionsOf(
      ...person,
      [250, 180, 120, 140, 0.9],
      ...(i >= 51 && i < 110 ? [[262 + (i % 3), 200, 40, 100, 0.3] as Box] : []),
      // Specks that are nobody: this detector's unsure boxes are not to be trusted.
      ...[0, 1, 2].map((): Box => [500 * random() + 600, 600 * random(), 40, 100, 0.3]),
    );
    const clothes = (row: number) => (row < person.length ? [127, 0] : [0, 127]);
    const features = Array.from({ length: found.count }, (_, row) => clothes(row));
    return { ...found, features: Int8Array.from(features.flat()) };
  });
  expect(await peopleOf(scene)).toBe(2);
});

test('who lies on somebody else but for a moment is no second person, unless that moment is sure', async () => {
  /** Comes out beside a walker for 0.8 s, between two stretches on top of them. */
  const scene = (score: number) =>
    Array.from({ length: 150 }, (_, i) => {
      const aside = Math.max(0, Math.min(12 * (i - 48), 48, 12 * (62 - i)));
      const besides: Box[] = i >= 30 && i < 80 ? [[104 + 3 * i + aside, 204, 36, 76, score]] : [];
      return detectionsOf([100 + 3 * i, 200, 40, 100, 0.85], ...besides);
    });
  expect(await peopleOf(scene(0.62))).toBe(1);
  expect(await peopleOf(scene(0.84))).toBe(2);
});
