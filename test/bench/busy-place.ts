/** What a detector finds at a busy place: people come, walk about for some 40 seconds in their own clothes, and go. */
import type { Detections } from '../../src/track/detections.ts';
import { seeded } from '../fixtures/track-scenes.ts';

/** The picture. */
export const FRAME = { width: 1280, height: 720 };
/** Numbers of an embedding: as many as that of colours has. */
const LENGTH = 40;
const STAY_SECONDS = 40;
/** Shares of detections that are missing, and that are unsure; and of samples with something that is nobody. */
const MISSED = 0.06;
const UNSURE = 0.12;
const FALSE_BOXES = 0.3;

interface Walker {
  x: number;
  y: number;
  readonly vx: number;
  readonly vy: number;
  readonly width: number;
  readonly clothes: Float64Array;
  left: number;
}

/**
 * Detections sample by sample.
 * @param people there at a time
 * @param rate samples a second
 */
export function* busyPlace(
  people: number,
  samples: number,
  rate: number,
  seed: number,
): Generator<Detections, void, void> {
  const random = seeded(seed);
  const noise = () => (random() - 0.5) * 4;
  const vector = () => Float64Array.from({ length: LENGTH }, () => random() ** 4);
  const arrive = (stay: number): Walker => {
    const vx = (random() < 0.5 ? -1 : 1) * (FRAME.width / (STAY_SECONDS * rate));
    return {
      x: vx > 0 ? -30 : FRAME.width - 30,
      y: 100 + random() * 400,
      vx,
      vy: ((random() - 0.5) * 60) / (STAY_SECONDS * rate),
      width: 30 + random() * 40,
      clothes: vector(),
      left: stay,
    };
  };
  const stay = STAY_SECONDS * rate;
  const walkers = Array.from({ length: people }, (_, i) => {
    const walker = arrive(stay);
    const share = i / people;
    walker.x += walker.vx * stay * share;
    walker.left = Math.ceil(stay * (1 - share));
    return walker;
  });
  for (let sample = 0; sample < samples; sample++) {
    const boxes: number[] = [];
    const scores: number[] = [];
    const features: number[] = [];
    const add = (x: number, y: number, width: number, score: number, clothes: Float64Array) => {
      boxes.push(x, y, x + width, y + 2.4 * width);
      scores.push(score);
      const strayed = clothes.map((value) => Math.max(0, value + 0.1 * (random() - 0.5)));
      const length = Math.hypot(...strayed);
      features.push(...strayed.map((value) => Math.round((127 * value) / length)));
    };
    for (const [i, walker] of walkers.entries()) {
      walker.x += walker.vx;
      walker.y += walker.vy;
      if (--walker.left <= 0) walkers[i] = arrive(stay);
      const kind = random();
      if (kind < MISSED) continue;
      const score = kind < MISSED + UNSURE ? 0.15 + random() * 0.3 : 0.6 + random() * 0.39;
      add(walker.x + noise(), walker.y + noise(), walker.width + noise(), score, walker.clothes);
    }
    if (random() < FALSE_BOXES) {
      add(random() * 1200, random() * 500, 40, random() * 0.8, vector());
    }
    yield {
      count: scores.length,
      boxes: Float32Array.from(boxes),
      scores: Float32Array.from(scores),
      features: Int8Array.from(features),
    };
  }
}
