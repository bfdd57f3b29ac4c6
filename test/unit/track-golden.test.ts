import { expect, test } from 'vitest';
import { recordHistory } from '../../src/track/record-history.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import { createTracker, TRACKER_NAMES } from '../../src/track/trackers/create-tracker.ts';
import { crowd } from '../fixtures/track-scenes.ts';

/** FNV-1a over the bits of everything given: the same number means the same answer, bit for bit. */
class Digest {
  #hash = 0x811c9dc5;

  add(array: Int32Array | Float32Array | Uint8Array): void {
    for (const byte of new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) {
      this.#hash = Math.imul(this.#hash ^ byte, 0x01000193) >>> 0;
    }
  }

  get text(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }
}

const scene = crowd(14, 240, 2024);
const times = Float64Array.from(scene, (_, i) => i / 15);

/**
 * Our own answers, as they were when the tables of docs/tracking.md were made (Node 20, x64). Only arithmetic that
 * IEEE 754 fixes is used, so every engine gives them. A change of a tracker changes them, and those tables.
 */
const GOLDEN: Record<string, string> = {
  footpath: 'b94cf00e',
  sort: '12e67ef6',
  bytetrack: '22c75299',
  ocsort: '64c6d40a',
  refined: 'e69867ce',
};

test.each(TRACKER_NAMES)('%s answers as recorded, bit for bit', (name) => {
  const tracker = createTracker(name);
  const digest = new Digest();
  for (const [i, found] of scene.entries()) {
    const { count, ids, boxes, states } = tracker.update(found, times[i]!);
    digest.add(ids.subarray(0, count));
    digest.add(boxes.subarray(0, 4 * count));
    digest.add(states.subarray(0, count));
  }
  expect(digest.text).toBe(GOLDEN[name]);
});

test('refinement answers as recorded, bit for bit', async () => {
  const digest = new Digest();
  for (const track of await refineTracks(recordHistory(createTracker('footpath'), scene, times))) {
    digest.add(track.samples);
    digest.add(track.boxes);
    digest.add(track.flags);
  }
  expect(digest.text).toBe(GOLDEN.refined);
});
