/**
 * Appearance embeddings simulated from ground truth: those of a network or histogram that tells the people of a recording
 * without pictures apart as well, or as badly, as is wanted. People keep their clothes, change slowly as they turn and step through
 * light, and whoever stands in front lends a hidden person their colours.
 */
import { intersectionArea, iou } from '../../src/track/box.ts';
import type { Detections } from '../../src/track/detections.ts';
import { seeded } from '../fixtures/track-scenes.ts';
import { peopleByFrame } from './simulate-detections.ts';
import type { BenchSequence } from './tracking-suites.ts';

/** Numbers of an embedding. */
const LENGTH = 24;
/** Share of an embedding's drift that is still there a second later. */
const MEMORY = 0.8;
/** Overlap from which a detection is somebody's. */
const LEAST_IOU = 0.5;

/**
 * Adds embeddings to a sequence's detections.
 * @param sequence with truth
 * @param noise how far embeddings stray, as a share of the distance between two people: 0.4 tells them apart nearly always,
 *   0.8 about as well as colours do, 1.2 badly
 * @param seed a number for each simulation
 */
export function simulateEmbeddings(
  sequence: BenchSequence,
  noise: number,
  seed: number,
): BenchSequence {
  const uniform = seeded(seed);
  const normal = (): number =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const vector = () => Float64Array.from({ length: LENGTH }, normal);
  const clothes = new Map<number, Float64Array>();
  const drifts = new Map<number, Float64Array>();
  const keep = MEMORY ** (1 / sequence.frameRate);
  const embeddingOf = (id: number): Float64Array => {
    let own = clothes.get(id);
    if (!own) {
      own = vector();
      clothes.set(id, own);
    }
    const drift = (drifts.get(id) ?? vector()).map(
      (value) => keep * value + Math.sqrt(1 - keep * keep) * normal(),
    );
    drifts.set(id, drift);
    return own.map((value, k) => value + noise * drift[k]!);
  };
  const truth = peopleByFrame(sequence.truth, sequence.detections.length);
  const detections = sequence.detections.map((found, frame): Detections => {
    const { ids, boxes } = truth[frame]!;
    const own = ids.map(embeddingOf);
    const features = new Int8Array(LENGTH * found.count);
    for (let j = 0; j < found.count; j++) {
      let best = -1;
      let most = LEAST_IOU;
      for (let i = 0; i < ids.length; i++) {
        const overlap = iou(boxes, i, found.boxes, j);
        if (overlap > most) [best, most] = [i, overlap];
      }
      const seen = best < 0 ? vector() : own[best]!.slice();
      const area = best < 0 ? 1 : intersectionArea(boxes, best, boxes, best);
      for (let i = 0; best >= 0 && i < ids.length; i++) {
        if (i === best || boxes[4 * i + 3]! < boxes[4 * best + 3]!) continue;
        const hidden = intersectionArea(boxes, best, boxes, i) / area;
        for (let k = 0; k < LENGTH; k++) seen[k]! += hidden * (own[i]![k]! - seen[k]!);
      }
      let squares = 0;
      for (const value of seen) squares += value * value;
      for (let k = 0; k < LENGTH; k++) {
        features[LENGTH * j + k] = Math.round((127 * seen[k]!) / Math.sqrt(squares));
      }
    }
    return { ...found, features };
  });
  return { ...sequence, name: `${sequence.name}, embeddings ${noise}`, detections };
}
