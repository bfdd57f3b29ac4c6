import { describe, expect, test } from 'vitest';
import type { Detections } from '../../src/track/detections.ts';
import { NO_DETECTIONS } from '../../src/track/detections.ts';
import { type Assignments, CONFIRMED, type Tracker } from '../../src/track/tracker.ts';
import { createTracker, TRACKER_NAMES } from '../../src/track/trackers/create-tracker.ts';
import { crowd, detectionsOf } from '../fixtures/track-scenes.ts';

const RATE = 15;

function copy(assignments: Assignments): unknown {
  const { count, ids, boxes, scores, detections, states } = assignments;
  return {
    ids: [...ids.subarray(0, count)],
    boxes: [...boxes.subarray(0, 4 * count)],
    scores: [...scores.subarray(0, count)],
    detections: [...detections.subarray(0, count)],
    states: [...states.subarray(0, count)],
  };
}

function run(tracker: Tracker, scene: readonly Detections[], first = 0): unknown[] {
  return scene.map((detections, i) => copy(tracker.update(detections, (first + i) / RATE)));
}

describe.each(TRACKER_NAMES)('%s', (name) => {
  test('keeps one id on one person walking', () => {
    const tracker = createTracker(name);
    const ids = new Set<number>();
    let confirmed = 0;
    for (let i = 0; i < 60; i++) {
      const out = tracker.update(detectionsOf([100 + 4 * i, 200, 40, 100]), i / RATE);
      for (let row = 0; row < out.count; row++) {
        ids.add(out.ids[row]!);
        if (out.states[row] === CONFIRMED) confirmed++;
      }
    }
    expect([...ids]).toEqual([1]);
    expect(confirmed).toBeGreaterThan(55);
  });

  test('keeps two ids apart when people pass each other', () => {
    const tracker = createTracker(name);
    const leftmost: number[] = [];
    for (let i = 0; i < 61; i++) {
      const out = tracker.update(
        detectionsOf([100 + 5 * i, 200, 40, 100], [400 - 5 * i, 215, 40, 100]),
        i / RATE,
      );
      expect(out.count).toBe(2);
      for (let row = 0; row < 2; row++) if (out.detections[row] === 0) leftmost.push(out.ids[row]!);
    }
    expect(new Set(leftmost).size).toBe(1);
  });

  test('each row names a detection of its own and an id of its own', () => {
    const tracker = createTracker(name);
    for (const [i, detections] of crowd(12, 200, 7).entries()) {
      const out = tracker.update(detections, i / RATE);
      const ids = [...out.ids.subarray(0, out.count)];
      const rows = [...out.detections.subarray(0, out.count)];
      expect(new Set(ids).size).toBe(out.count);
      expect(new Set(rows).size).toBe(out.count);
      for (const [row, detection] of rows.entries()) {
        expect(detection).toBeLessThan(detections.count);
        expect(out.scores[row]).toBe(detections.scores[detection]);
      }
    }
  });

  test('continues a snapshot bit for bit, through JSON and structured clone', () => {
    const scene = crowd(10, 160, 3);
    const whole = createTracker(name);
    run(whole, scene.slice(0, 90));
    const snapshot = whole.snapshot();
    const rest = run(whole, scene.slice(90), 90);
    for (const copied of [JSON.parse(JSON.stringify(snapshot)), structuredClone(snapshot)]) {
      const continued = createTracker(name);
      continued.restore(copied);
      expect(run(continued, scene.slice(90), 90)).toEqual(rest);
    }
  });

  test('refuses the snapshot of another tracker', () => {
    const tracker = createTracker(name);
    expect(() => tracker.restore({ tracker: 'other 1', state: {} })).toThrow(TypeError);
  });

  test('gives the same answer again', () => {
    const scene = crowd(10, 120, 11);
    expect(run(createTracker(name), scene)).toEqual(run(createTracker(name), scene));
  });

  test('survives empty samples, zero-width boxes and numbers that are none', () => {
    const tracker = createTracker(name);
    const bad: Detections = {
      count: 5,
      boxes: Float32Array.of(
        ...[50, 50, 50, 90],
        ...[Number.NaN, 1, 2, 3],
        ...[100, 200, 140, 300],
        ...[0, 0, Infinity, 10],
        ...[10, 10, 5, 20],
      ),
      scores: Float32Array.of(0.9, 0.9, 0.9, 0.9, 0.9),
    };
    const unsure: Detections = { ...bad, scores: new Float32Array(5).fill(Number.NaN) };
    for (let i = 0; i < 40; i++) {
      const scene = i % 7 === 0 ? NO_DETECTIONS : i % 11 === 0 ? unsure : bad;
      const out = tracker.update(scene, i / RATE);
      for (let row = 0; row < out.count; row++) {
        expect(out.detections[row]).toBe(2);
        for (let k = 0; k < 4; k++) expect(Number.isFinite(out.boxes[4 * row + k])).toBe(true);
      }
    }
  });

  test('refuses time that does not grow, and arrays that are too short', () => {
    const tracker = createTracker(name);
    tracker.update(NO_DETECTIONS, 1);
    expect(() => tracker.update(NO_DETECTIONS, 1)).toThrow(RangeError);
    expect(() => tracker.update(NO_DETECTIONS, Number.NaN)).toThrow(RangeError);
    const short = { count: 2, boxes: new Float32Array(4), scores: new Float32Array(2) };
    expect(() => tracker.update(short, 2)).toThrow(/8 box numbers/);
    expect(() => tracker.update({ ...short, count: -1 }, 3)).toThrow(RangeError);
  });
});
