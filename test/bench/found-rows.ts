import { type MotRows, parseMot } from '../../src/metrics/mot-text.ts';
import type { Detections } from '../../src/track/detections.ts';

/** Detections as MOTChallenge rows, to be graded. @param name of the sequence */
export function asRows(frames: readonly Detections[], name: string): MotRows {
  const lines = frames.flatMap(({ boxes, scores }, frame) =>
    [...scores].map((score, i) => {
      const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4) as unknown as number[];
      return [frame + 1, -1, left, top, right! - left!, bottom! - top!, score].join();
    }),
  );
  return parseMot(lines.join('\n'), name);
}
