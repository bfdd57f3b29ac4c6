import type { Detections } from '../../src/track/detections.ts';
import { seeded } from '../fixtures/track-scenes.ts';

/** Share of its size by which each edge of a box moves, from end to end. */
const SHARE = 0.02;

/**
 * Detections with boxes moved by so little that it should decide nothing: what changes is luck.
 * @param seed a number for each time; 0 leaves them as they are
 */
export function shakeBoxes(detections: readonly Detections[], seed: number): readonly Detections[] {
  if (seed === 0) return detections;
  const random = seeded(seed);
  return detections.map((found) => {
    const boxes = found.boxes.slice();
    for (let o = 0; o < boxes.length; o += 4) {
      const sizes = [boxes[o + 2]! - boxes[o]!, boxes[o + 3]! - boxes[o + 1]!];
      for (let k = 0; k < 4; k++) boxes[o + k]! += SHARE * sizes[k & 1]! * (random() - 0.5);
    }
    return { ...found, boxes };
  });
}
