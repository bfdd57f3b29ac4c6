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

/**
 * Some of the rows.
 * @param frameOf number that a frame is to have, from 1; undefined leaves its rows out
 */
export function rowsOfFrames(
  rows: MotRows,
  frameOf: (frame: number) => number | undefined,
): MotRows {
  const kept = Array.from(rows.frames.keys()).filter((i) => frameOf(rows.frames[i]!) !== undefined);
  return {
    count: kept.length,
    frames: Int32Array.from(kept, (i) => frameOf(rows.frames[i]!)!),
    ids: Int32Array.from(kept, (i) => rows.ids[i]!),
    boxes: Float64Array.from(kept.flatMap((i) => [...rows.boxes.subarray(4 * i, 4 * i + 4)])),
    scores: Float64Array.from(kept, (i) => rows.scores[i]!),
    ...(rows.classes && { classes: Uint8Array.from(kept, (i) => rows.classes![i]!) }),
  };
}
