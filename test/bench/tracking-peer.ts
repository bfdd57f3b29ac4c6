/** node-moving-things-tracker, the tracker that npm has, on our detections. */
import { createRequire } from 'node:module';
import type { Detections } from '../../src/track/detections.ts';

interface Peer {
  updateTrackedItemsWithNewFrame(
    detections: { x: number; y: number; w: number; h: number; confidence: number; name: string }[],
    frame: number,
  ): void;
  getJSONOfTrackedItems(): { id: number }[];
  reset(): void;
}

const peer = createRequire(import.meta.url)('node-moving-things-tracker').Tracker as Peer;

/** Detections in the peer's own form: centre, width and height; made beforehand, so that only tracking is timed. */
export function peerDetections(detections: readonly Detections[], scoreThreshold: number) {
  return detections.map(({ count, boxes, scores }) =>
    Array.from({ length: count }, (_, j) => ({
      x: (boxes[4 * j]! + boxes[4 * j + 2]!) / 2,
      y: (boxes[4 * j + 1]! + boxes[4 * j + 3]!) / 2,
      w: boxes[4 * j + 2]! - boxes[4 * j]!,
      h: boxes[4 * j + 3]! - boxes[4 * j + 1]!,
      confidence: scores[j]!,
      name: 'person',
    })).filter(({ confidence }) => confidence >= scoreThreshold),
  );
}

/** Tracks a sequence and asks for the tracks after each frame, as one who shows them would. */
export function runPeer(frames: ReturnType<typeof peerDetections>): number {
  peer.reset();
  let seen = 0;
  for (const [frame, detections] of frames.entries()) {
    peer.updateTrackedItemsWithNewFrame(detections, frame);
    seen += peer.getJSONOfTrackedItems().length;
  }
  return seen;
}
