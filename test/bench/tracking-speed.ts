/** Frames a second of association alone, all trackers in turn on the same detections. */

import type { Detections } from '../../src/track/detections.ts';
import { recordHistory } from '../../src/track/record-history.ts';
import { refineTracks } from '../../src/track/refinement/refine.ts';
import {
  createTracker,
  TRACKER_NAMES,
  type TrackerName,
} from '../../src/track/trackers/create-tracker.ts';
import { median } from './statistics.ts';
import { peerDetections, runPeer } from './tracking-peer.ts';
import type { BenchSequence } from './tracking-suites.ts';

const ROUNDS = 7;
const ROUND_MS = 150;

/** A scene to time on. */
export interface SpeedScene {
  readonly name: string;
  readonly detections: readonly Detections[];
  readonly frameRate: number;
  readonly scoreThreshold: number;
}

/** Copies of a sequence side by side in one picture: more people, moving as people do. */
export function sideBySide(
  sequence: BenchSequence,
  copies: number,
  width: number,
): readonly Detections[] {
  return sequence.detections.map(({ count, boxes, scores }) => {
    const all = new Float32Array(4 * count * copies);
    const allScores = new Float32Array(count * copies);
    for (let copy = 0; copy < copies; copy++) {
      allScores.set(scores, copy * count);
      for (let k = 0; k < 4 * count; k++) {
        all[4 * copy * count + k] = boxes[k]! + (k % 2 === 0 ? copy * width : 0);
      }
    }
    return { count: count * copies, boxes: all, scores: allScores };
  });
}

/** Sure detections a frame, on average. */
export function peopleAFrame({ detections, scoreThreshold }: SpeedScene): number {
  let sure = 0;
  for (const { scores } of detections) for (const s of scores) if (s >= scoreThreshold) sure++;
  return sure / detections.length;
}

/** Median frames a second of each tracker, of refinement alone, and of node-moving-things-tracker. */
export async function measureSpeed(scene: SpeedScene): Promise<Map<string, number>> {
  const { detections, frameRate, scoreThreshold } = scene;
  const times = Float64Array.from(detections, (_, frame) => frame / frameRate);
  const trackOnce = (name: TrackerName) => {
    const tracker = createTracker(name, { scoreThreshold });
    for (const [frame, found] of detections.entries()) tracker.update(found, times[frame]!);
  };
  const history = recordHistory(createTracker('footpath', { scoreThreshold }), detections, times);
  const peer = peerDetections(detections, scoreThreshold);
  const contestants: [string, () => unknown][] = [
    ...TRACKER_NAMES.map((name): [string, () => unknown] => [name, () => trackOnce(name)]),
    ['refinement', () => refineTracks(history, { scoreThreshold })],
    ['node-moving-things-tracker', () => runPeer(peer)],
  ];
  const rates = new Map<string, number[]>(contestants.map(([name]) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, run] of contestants) {
      let passes = 0;
      const start = performance.now();
      do {
        await run();
        passes++;
      } while (performance.now() - start < ROUND_MS);
      const seconds = (performance.now() - start) / 1000;
      // The first round warms up.
      if (round > 0) rates.get(name)!.push((passes * detections.length) / seconds);
    }
  }
  return new Map([...rates].map(([name, values]) => [name, median(values)]));
}
