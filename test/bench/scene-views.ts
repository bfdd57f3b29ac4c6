/**
 * One recorded scene as if cameras had stood a little elsewhere: cut by some pixels, and mirrored. Every picture falls differently onto
 * the network's cells and shades, so what is luck in one view is another in the next.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { MotSequence } from '../../cli/mot-folder.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { ROOT } from './bench-browser.ts';
import { rowsOfFrames } from './found-rows.ts';

/** Pixels cut off at the left, top, right and bottom. */
const CUTS = [
  [0, 0, 0, 0],
  [16, 0, 0, 12],
  [0, 12, 16, 0],
  [8, 6, 8, 6],
  [24, 18, 0, 0],
  [0, 0, 24, 18],
  // Where the first twelve views leave too much to chance.
  [4, 2, 12, 10],
  [12, 10, 4, 2],
  [20, 0, 6, 16],
  [6, 16, 20, 0],
  [2, 20, 10, 4],
  [10, 4, 2, 20],
] as const;
/** Each cut gives a view as it is and a mirrored one. */
const VIEWS_A_CUT = 2;
/** Views that there can be of a scene. */
export const MOST_VIEWS = VIEWS_A_CUT * CUTS.length;

/** Why there are no views here; undefined where they can be made. */
export const NO_VIEWS = String(spawnSync('ffmpeg', ['-hide_banner', '-encoders']).stdout).includes(
  'libx264',
)
  ? undefined
  : 'no ffmpeg with libx264';

/** A view of a scene. */
export interface SceneView {
  readonly video: string;
  readonly truth: MotRows;
  readonly frameCount: number;
}

/**
 * The views of a scene, made where they are not in .cache/bench-views yet.
 * @param count how many, an even number up to {@link MOST_VIEWS}: the first of them are always the same
 * @param every so many frames one is taken: 8 is enough to grade what is detected, and none is to grade paths
 * @throws Error where {@link NO_VIEWS} says why
 */
export function viewsOf(
  video: string,
  sequence: MotSequence,
  truth: MotRows,
  count: number,
  every = 1,
): SceneView[] {
  if (NO_VIEWS) throw new Error(`Views of a scene need more: ${NO_VIEWS}.`);
  const folder = resolve(ROOT, '.cache/bench-views');
  mkdirSync(folder, { recursive: true });
  const { width, height } = sequence;
  const { boxes: wholeBoxes, ...rows } = rowsOfFrames(truth, (frame) =>
    (frame - 1) % every === 0 ? (frame - 1) / every + 1 : undefined,
  );
  const frameCount = Math.ceil(sequence.frameCount / every);
  return CUTS.slice(0, count / VIEWS_A_CUT).flatMap(([left, top, right, bottom]) =>
    [false, true].map((isMirrored) => {
      const kept = [width - left - right, height - top - bottom] as const;
      const way = `${[left, top, right, bottom].join('-')}${isMirrored ? '-mirrored' : ''}${every === 1 ? '' : `-every-${every}`}`;
      const path = resolve(folder, `${basename(video, '.mp4')}-${way}.mp4`);
      if (!existsSync(path)) {
        const filter = `select=not(mod(n\\,${every})),crop=${kept[0]}:${kept[1]}:${left}:${top}${isMirrored ? ',hflip' : ''}`;
        const unfinished = `${path}.unfinished.mp4`;
        execFileSync('ffmpeg', [
          ...['-y', '-v', 'error', '-i', video, '-an', '-vf', filter, '-fps_mode', 'passthrough'],
          ...['-c:v', 'libx264', '-crf', '8', '-pix_fmt', 'yuv420p', unfinished],
        ]);
        renameSync(unfinished, path);
      }
      const boxes = wholeBoxes.map((value, i) => {
        if (i % 4 === 1) return value - top;
        if (i % 4 !== 0) return value;
        return isMirrored ? kept[0] - (value - left) - wholeBoxes[i + 2]! : value - left;
      });
      return { video: path, truth: { ...rows, boxes }, frameCount };
    }),
  );
}
