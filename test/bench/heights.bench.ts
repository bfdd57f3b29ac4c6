/**
 * How large people must be to be found: their share by height, in a picture around which borders make them smaller.
 *
 *   npm run bench:heights -- [--write] [--fresh]
 *
 * Every fourth frame of PETS09-S2L1 of FOOTPATH_SHARED (default ../shared), as it is and in the middle of a grey picture one and a half,
 * two and three times as wide and high; needs ffmpeg. Somebody is found where a box that scores as much as the tracker trusts overlaps
 * theirs by an IoU of 0.5; people at the picture's edge are left out. `--write` puts the table into docs/accuracy.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readSequence, readTruth } from '../../cli/mot-folder.ts';
import { iou } from '../../src/track/box.ts';
import { ROOT } from './bench-browser.ts';
import { writeTables } from './docs-tables.ts';
import { findPeople, type Quality } from './find-people.ts';
import { NO_VIEWS } from './scene-views.ts';
import { markdownTable } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const videos = resolve(ROOT, process.env.FOOTPATH_SHARED ?? '../shared', 'data/videos');
const video = join(videos, 'PETS09-S2L1.mp4');
if (!existsSync(video) || NO_VIEWS) {
  console.error(NO_VIEWS ?? `${video} is not there; name its folder with FOOTPATH_SHARED.`);
  process.exit(1);
}
const sequence = readSequence(join(videos, 'truth/PETS09-S2L1'));
const truth = readTruth(sequence);

/** Every so many frames. */
const STEP = 4;
/** Nobody within so many pixels of the picture's edge, whose boxes may end there. */
const EDGE = 5;
const BORDERS = [1, 1.5, 2, 3];
/** Least heights as shares of the picture's, in per cent. */
const BANDS = [4.5, 6, 7.5, 9, 11, 13, 16];

/** The video in the middle of a picture so many times as wide and high, every fourth frame. */
function bordered(times: number): string {
  const folder = resolve(ROOT, '.cache/bench-views');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `PETS09-S2L1-bordered-${times}.mp4`);
  if (existsSync(path)) return path;
  const unfinished = `${path}.unfinished.mp4`;
  const [width, height] = [sequence.width * times, sequence.height * times];
  const filter = `select=not(mod(n\\,${STEP})),pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:color=gray`;
  execFileSync('ffmpeg', [
    ...['-y', '-v', 'error', '-i', video, '-an', '-vf', filter, '-fps_mode', 'passthrough'],
    ...['-c:v', 'libx264', '-crf', '8', '-pix_fmt', 'yuv420p', unfinished],
  ]);
  renameSync(unfinished, path);
  return path;
}

/** How many people of each band there are, and how many of them are found. */
async function countFound(quality: Quality): Promise<{ there: number[]; found: number[] }> {
  const there = BANDS.map(() => 0);
  const found = BANDS.map(() => 0);
  for (const times of BORDERS) {
    const { frames, scoreThreshold } = await findPeople(bordered(times), quality, options.fresh);
    const [left, top] = [sequence.width, sequence.height].map((size) => ((times - 1) * size) / 2);
    for (let row = 0; row < truth.count; row++) {
      const frame = (truth.frames[row]! - 1) / STEP;
      const detections = frames[frame];
      if (!detections) continue;
      const [x = 0, y = 0, width = 0, height = 0] = truth.boxes.subarray(4 * row, 4 * row + 4);
      const isInside =
        Math.min(x, y) >= EDGE &&
        x + width <= sequence.width - EDGE &&
        y + height <= sequence.height - EDGE;
      const share = (100 * height) / (sequence.height * times);
      const band = BANDS.findLastIndex((least) => share >= least);
      if (!isInside || band < 0) continue;
      const person = Float32Array.of(left! + x, top! + y, left! + x + width, top! + y + height);
      there[band]!++;
      const isFound = Array.from(detections.scores).some(
        (score, i) => score >= scoreThreshold && iou(detections.boxes, i, person, 0) >= 0.5,
      );
      if (isFound) found[band]!++;
    }
  }
  return { there, found };
}

const lines: string[][] = [];
for (const quality of ['fast', 'balanced', 'accurate'] as const) {
  const { there, found } = await countFound(quality);
  lines.push([
    `\`${quality}\``,
    ...there.map((count, band) =>
      count === 0 ? '–' : `${((100 * found[band]!) / count).toFixed(0)} %`,
    ),
  ]);
}
const names = BANDS.map((least, i) =>
  i === BANDS.length - 1 ? `${least} % and more` : `${least} to ${BANDS[i + 1]} %`,
);
const table = markdownTable(['', ...names], lines);
console.log(table);
if (options.write) {
  writeTables(resolve(ROOT, 'docs/accuracy.md'), new Map([['bench:heights heights', table]]));
}
