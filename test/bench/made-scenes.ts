/**
 * A seeded family of scenes made here, with exact truth and detections simulated from it: what counting is asked about,
 * free of any recording. People walk as boxes of a camera's view; how well they are seen depends on who hides whom.
 */
import type { SceneLine } from '../../src/analytics/scene.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { seeded } from '../fixtures/track-scenes.ts';
import { simulateDetections } from './simulate-detections.ts';
import type { BenchSequence } from './tracking-suites.ts';

/** Pixels of every made scene. */
export const MADE_FRAME = { width: 1280, height: 720 };
const FRAME_RATE = 25;
const SECONDS = 90;
/** How much a shadow takes from a score. */
const SHADOW = 0.55;

/** A made scene and the line that is counted at. */
export interface MadeScene extends BenchSequence {
  readonly line: SceneLine;
}

/** Where the middle of somebody's box is at a time in seconds, in pixels; undefined where they are away. */
type Walk = (second: number) => readonly [x: number, y: number] | undefined;

interface Walker {
  readonly walk: Walk;
  readonly width: number;
  readonly height: number;
}

type Random = () => number;

/** From somewhere to somewhere at a steady pace, from a moment on. @param speed pixels a second */
function straight(
  from: readonly [number, number],
  to: readonly [number, number],
  start: number,
  speed: number,
): { walk: Walk; end: number } {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const end = start + length / speed;
  const walk: Walk = (second) => {
    const share = ((second - start) * speed) / length;
    if (share < 0 || share > 1) return undefined;
    return [from[0] + share * (to[0] - from[0]), from[1] + share * (to[1] - from[1])];
  };
  return { walk, end };
}

/** One walk after another; between two of them somebody stays where the first ended, unless they left the picture. */
function chained(parts: readonly { walk: Walk; end: number }[], stays: boolean): Walk {
  return (second) => {
    for (const { walk } of parts) {
      const at = walk(second);
      if (at) return at;
    }
    if (!stays) return undefined;
    const before = parts.findLast(({ end }) => end <= second);
    const isLast = before === parts.at(-1);
    return before && !isLast ? before.walk(before.end - 1e-9) : undefined;
  };
}

/** Every few seconds somebody, @param make of a walker at a moment */
function arrivals(random: Random, everySeconds: number, make: (start: number) => Walker[]) {
  const walkers: Walker[] = [];
  for (let start = 1; start < SECONDS - 12; start += everySeconds * (0.4 + 1.2 * random())) {
    walkers.push(...make(start));
  }
  return walkers;
}

const upright: SceneLine = {
  id: 'line',
  name: 'line',
  points: [
    [0.5, -1],
    [0.5, 2],
  ],
  left: 'left',
  right: 'right',
  inside: 'right',
};
const level: SceneLine = {
  ...upright,
  points: [
    [-1, 0.5],
    [2, 0.5],
  ],
};

interface Kind {
  readonly line: SceneLine;
  readonly shadow?: true;
  readonly walkers: (random: Random) => Walker[];
}

/** People in the height of a side view, a little different from each other. */
const tall = (random: Random) => ({ width: 76 + 20 * random(), height: 190 + 50 * random() });

const KINDS: Readonly<Record<string, Kind>> = {
  // Heads and shoulders from above: one after the other, some in twos, some turn round before they are through.
  'door from above': {
    line: level,
    walkers: (random) =>
      arrivals(random, 2.2, (start) => {
        const size = { width: 110 + 20 * random(), height: 110 + 20 * random() };
        const x = 360 + 560 * random();
        const down = random() < 0.55;
        const speed = 150 + 90 * random();
        const [top, bottom] = [-60, 780];
        if (random() < 0.12) {
          const edge = down ? top : bottom;
          const turn = down ? 250 + 40 * random() : 500 - 40 * random();
          const come = straight([x, edge], [x + 20, turn], start, speed);
          const go = straight([x + 20, turn], [x, edge], come.end + random(), speed);
          return [{ ...size, walk: chained([come, go], true) }];
        }
        const one = (dx: number, later: number): Walker => {
          const ends = down ? [top, bottom] : [bottom, top];
          return {
            ...size,
            walk: straight([x + dx, ends[0]!], [x + dx, ends[1]!], start + later, speed).walk,
          };
        };
        return random() < 0.2 ? [one(0, 0), one(150, 0.3 * random())] : [one(0, 0)];
      }),
  },
  aisle: {
    line: upright,
    walkers: (random) =>
      arrivals(random, 3, (start) => {
        const right = random() < 0.5;
        const y = 330 + 200 * random();
        const ends: [number, number] = right ? [-60, 1340] : [1340, -60];
        const speed = 130 + 80 * random();
        const walk = straight([ends[0], y], [ends[1], y + 20], start, speed).walk;
        return [{ ...tall(random), walk }];
      }),
  },
  // Both at the line at the same time, one in front of the other.
  'pairs that cross': {
    line: upright,
    walkers: (random) =>
      arrivals(random, 7, (start) => {
        const y = 360 + 80 * random();
        const speed = 160 + 40 * random();
        const meet = 640 + 60 * (random() - 0.5);
        const late = (1340 - meet - (meet + 60)) / speed;
        return [
          { ...tall(random), walk: straight([-60, y], [1340, y], start, speed).walk },
          {
            ...tall(random),
            walk: straight([1340, y + 60], [-60, y + 60], start - late, speed).walk,
          },
        ];
      }),
  },
  // Out of the picture and back.
  returns: {
    line: upright,
    walkers: (random) =>
      arrivals(random, 9, (start) => {
        const y = 340 + 160 * random();
        const speed = 170 + 50 * random();
        const away = straight([-60, y], [1340, y], start, speed);
        const back = straight([1340, y], [-60, y], away.end + 4 + 4 * random(), speed);
        return [{ ...tall(random), walk: chained([away, back], false) }];
      }),
  },
  // At the line, to and fro by less than a step, while others pass.
  'stand still': {
    line: upright,
    walkers: (random) =>
      arrivals(random, 11, (start) => {
        const y = 400 + 60 * random();
        const speed = 170;
        const at = 640 + (random() < 0.5 ? -1 : 1) * (70 + 40 * random());
        const come = straight([-60, y], [at, y], start, speed);
        const go = straight([at, y], [1340, y], come.end + 8 + 6 * random(), speed);
        const stood = chained([come, go], true);
        const swaying: Walk = (second) => {
          const place = stood(second);
          return place && [place[0] + 4 * Math.sin(second), place[1]];
        };
        const other = straight([1340, y - 70], [-60, y - 70], start + 5 + 3 * random(), speed);
        return [
          { ...tall(random), walk: swaying },
          { ...tall(random), walk: other.walk },
        ];
      }),
  },
  // A third of the picture, on both sides of the line, is so dark that scores fall below the detector's own threshold.
  shadow: {
    line: upright,
    shadow: true,
    walkers: (random) => KINDS.aisle!.walkers(random),
  },
};

/** Names of the kinds of made scenes. */
export const MADE_KINDS = Object.keys(KINDS);

/** A made scene. @param seed of who walks where, and of how they are seen */
export function makeScene(kind: string, seed: number): MadeScene {
  const { line, shadow, walkers } = KINDS[kind]!;
  const random = seeded(7919 * seed + MADE_KINDS.indexOf(kind));
  const people = walkers(random);
  const frames: number[] = [];
  const ids: number[] = [];
  const boxes: number[] = [];
  for (let frame = 0; frame < SECONDS * FRAME_RATE; frame++) {
    people.forEach(({ walk, width, height }, person) => {
      const at = walk(frame / FRAME_RATE);
      if (!at) return;
      const box = clipped(at[0] - width / 2, at[1] - height / 2, width, height);
      if (!box) return;
      frames.push(frame + 1);
      ids.push(person + 1);
      boxes.push(...box);
    });
  }
  const truth: MotRows = {
    count: ids.length,
    frames: Int32Array.from(frames),
    ids: Int32Array.from(ids),
    boxes: Float64Array.from(boxes),
    scores: new Float64Array(ids.length).fill(1),
  };
  const empty = { count: 0, boxes: new Float32Array(0), scores: new Float32Array(0) };
  const blank = {
    name: kind,
    frameRate: FRAME_RATE,
    detections: Array.from({ length: SECONDS * FRAME_RATE }, () => empty),
    truth,
  };
  const seen = simulateDetections(blank, seed);
  return {
    ...seen,
    line,
    detections: shadow
      ? seen.detections.map(({ count, boxes: found, scores }) => ({
          count,
          boxes: found,
          scores: scores.map((score, i) => (isDark(found, i) ? score * SHADOW : score)),
        }))
      : seen.detections,
  };
}

function isDark(boxes: Float32Array, i: number): boolean {
  const x = (boxes[4 * i]! + boxes[4 * i + 2]!) / 2;
  return Math.abs(x - MADE_FRAME.width / 2) < MADE_FRAME.width / 6;
}

/** The part of a box that is in the picture; undefined where less than a quarter of it is. */
function clipped(left: number, top: number, width: number, height: number) {
  const x0 = Math.max(0, left);
  const y0 = Math.max(0, top);
  const x1 = Math.min(MADE_FRAME.width, left + width);
  const y1 = Math.min(MADE_FRAME.height, top + height);
  if (x1 <= x0 || y1 <= y0 || (x1 - x0) * (y1 - y0) < (width * height) / 4) return undefined;
  return [x0, y0, x1 - x0, y1 - y0];
}
