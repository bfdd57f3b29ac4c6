/** Suites of sequences with detections and ground truth, and grading tracks on them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { detectionsByFrame } from '../../cli/mot-detections.ts';
import { listSequences, readDetections, readTruth } from '../../cli/mot-folder.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import {
  combineTracking,
  scoreTracking,
  type TrackingFigures,
  trackingFigures,
} from '../../src/metrics/tracking-score.ts';
import type { Detections } from '../../src/track/detections.ts';

/** One sequence in memory. */
export interface BenchSequence {
  readonly name: string;
  readonly frameRate: number;
  readonly detections: readonly Detections[];
  readonly truth: MotRows;
}

/** Sequences of the same kind of detections. */
export interface Suite {
  readonly name: string;
  /** The detector's own score threshold; the only thing that differs between suites. */
  readonly scoreThreshold: number;
  readonly sequences: readonly BenchSequence[];
}

/** The suites, each with the score from which its detector is sure. */
export const SCORE_THRESHOLDS: Readonly<Record<string, number>> = {
  'mot17-yolox-val': 0.6,
  'mot15-frcnn': 0.5,
  'sportsmot-sim': 0.6,
  'mot17-yolox-trn': 0.6,
  'mot17-dpm': 0.5,
  'mot15-acf': 0.5,
};

/** Suites with bars to reach. */
export const MAIN_SUITES = ['mot17-yolox-val', 'mot15-frcnn', 'sportsmot-sim'];

/** Loads the suites that are there. */
export function loadSuites(folder: string): Suite[] {
  return Object.entries(SCORE_THRESHOLDS)
    .filter(([name]) => existsSync(join(folder, name)))
    .map(([name, scoreThreshold]) => ({
      name,
      scoreThreshold,
      sequences: listSequences(join(folder, name)).map((sequence) => {
        const file = join(sequence.folder, 'det/det.txt');
        const rows = readDetections(sequence);
        return {
          name: sequence.name,
          frameRate: sequence.frameRate,
          detections: detectionsByFrame(rows, sequence.frameCount, file),
          truth: readTruth(sequence),
        };
      }),
    }));
}

/** Every `step`th frame of a suite, as if it had been filmed so. */
export function thinSuite(suite: Suite, step: number): Suite {
  return {
    ...suite,
    sequences: suite.sequences.map((sequence) => ({
      ...sequence,
      frameRate: sequence.frameRate / step,
      detections: sequence.detections.filter((_, frame) => frame % step === 0),
      truth: rowsOf(sequence.truth, (frame) => (frame % step === 0 ? frame / step : undefined)),
    })),
  };
}

/** A suite's sequences cut into videos of so many seconds; what is left at their ends is left out. */
export function cutSuite(suite: Suite, seconds: number): Suite {
  return {
    ...suite,
    sequences: suite.sequences.flatMap((sequence) => {
      const length = Math.round(seconds * sequence.frameRate);
      const pieces = Math.floor(sequence.detections.length / length);
      return Array.from({ length: pieces }, (_, piece) => {
        const from = piece * length;
        return {
          ...sequence,
          name: `${sequence.name}, ${piece + 1}`,
          detections: sequence.detections.slice(from, from + length),
          truth: rowsOf(sequence.truth, (frame) =>
            frame >= from && frame < from + length ? frame - from : undefined,
          ),
        };
      });
    }),
  };
}

/** The rows of some frames. @param place of a frame, both from 0; undefined: left out */
function rowsOf(rows: MotRows, place: (frame: number) => number | undefined): MotRows {
  const kept = [...rows.frames.keys()].filter((row) => place(rows.frames[row]! - 1) !== undefined);
  return {
    count: kept.length,
    frames: Int32Array.from(kept, (row) => place(rows.frames[row]! - 1)! + 1),
    ids: Int32Array.from(kept, (row) => rows.ids[row]!),
    boxes: Float64Array.from(kept.flatMap((row) => [...rows.boxes.subarray(4 * row, 4 * row + 4)])),
    scores: Float64Array.from(kept, (row) => rows.scores[row]!),
    ...(rows.classes === undefined
      ? {}
      : { classes: Uint8Array.from(kept, (row) => rows.classes![row]!) }),
  };
}

/** Tracks a sequence; results in the field's form. */
export type Run = (sequence: BenchSequence, scoreThreshold: number) => Promise<MotRows>;

/** Figures of a whole suite, combined over its sequences. */
export async function gradeSuite(suite: Suite, run: Run): Promise<TrackingFigures> {
  const scores = [];
  for (const sequence of suite.sequences) {
    const rows = await run(sequence, suite.scoreThreshold);
    scores.push(scoreTracking(sequence.truth, rows, sequence.detections.length));
  }
  return trackingFigures(combineTracking(scores));
}
