/**
 * Clips made from a seed by scripts/make-sample.py, with exact truth, and how the whole product counts them: `footpath
 * track --scene`, from the file to the counts.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSequence, readTruth } from '../../cli/mot-folder.ts';
import type { AnalysedPath } from '../../src/analytics/analysed-path.ts';
import { crossingsOf } from '../../src/analytics/crossings.ts';
import { pathsFromAnswer } from '../../src/analytics/paths-from-answer.ts';
import { parseScene } from '../../src/analytics/scene.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { ROOT } from './bench-browser.ts';
import type { CountErrors } from './count-errors.ts';
import { pathsOf, plainTrajectories, rightPerson, truthPerson } from './counting-truth.ts';

/** Kinds of made clips to count people in: see scripts/sample/family.py. */
export const CLIP_KINDS = [
  'door',
  'aisle',
  'pairs-that-cross',
  'returns',
  'stand-still',
  'shadow',
  'counter',
] as const;

/** A kind of made clip: one to count, or a shop that somebody enters every minute or so. */
export type ClipKind = (typeof CLIP_KINDS)[number] | 'quiet-shop';

/** Fails where what scripts/make-sample.py imports or reads is missing. */
const NEEDED = `
import numpy, os, scipy, skimage
folder = os.path.join(os.path.dirname(skimage.__file__), 'data')
[os.stat(os.path.join(folder, name)) for name in ('astronaut.png', 'camera.png')]
`;
/** The Python that clips are made with; undefined where none has what it needs. */
export const PYTHON = ['/usr/bin/python3', 'python3'].find(
  (program) => spawnSync(program, ['-c', NEEDED]).status === 0,
);
const ENCODERS = String(spawnSync('ffmpeg', ['-hide_banner', '-encoders']).stdout);

/** Why no clip can be made here; undefined where it can. */
export const NO_CLIPS =
  PYTHON === undefined
    ? 'no python3 with scikit-image (Debian: python3-skimage)'
    : ENCODERS.includes('libx264')
      ? undefined
      : 'no ffmpeg with libx264';

/** Of the sources that make clips: a clip that others made is another. */
const MAKER = createHash('sha256');
const SCRIPTS = resolve(ROOT, 'scripts');
for (const file of readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).sort())
  if (/^(make-sample|sample.\w+)\.py$/.test(file)) MAKER.update(readFileSync(join(SCRIPTS, file)));
const MADE_BY = MAKER.digest('hex').slice(0, 8);

/**
 * Folder of a clip, made where it is not there yet: clip.mp4, scene.json and the truth.
 * @throws Error where {@link NO_CLIPS} says why
 */
export function clipFolder(kind: ClipKind, seed: number, seconds: number): string {
  if (PYTHON === undefined || NO_CLIPS) throw new Error(`A clip needs more: ${NO_CLIPS}.`);
  const folder = resolve(ROOT, `.cache/counting-clips/${kind}-${seed}-${seconds}s-${MADE_BY}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const args = ['--kind', kind, '--seed', seed, '--seconds', seconds, '--out', unfinished];
  execFileSync(PYTHON, [join(SCRIPTS, 'make-sample.py'), ...args.map(String)]);
  renameSync(unfinished, folder);
  return folder;
}

/**
 * Counts a clip by the product, with the options given, and compares with the truth by the same rule on its own paths.
 * @param options of `footpath track`
 */
export function gradeClip(
  folder: string,
  options: readonly string[],
): { product: CountErrors; right: CountErrors } {
  const sequence = readSequence(folder);
  const truth = readTruth(sequence);
  const scene = parseScene(readFileSync(join(folder, 'scene.json'), 'utf8'));
  const aspect = sequence.width / sequence.height;
  const out = join(folder, `counted${options.join('')}.json`);
  execFileSync(process.execPath, [
    resolve(ROOT, 'cli/footpath.mjs'),
    'track',
    join(folder, 'clip.mp4'),
    '--out',
    out,
    '--scene',
    join(folder, 'scene.json'),
    ...options,
  ]);
  const counted = JSON.parse(readFileSync(out.replace('.json', '.counts.json'), 'utf8')) as {
    lines: { in: number; out: number }[];
  };
  const { paths } = pathsFromAnswer(JSON.parse(readFileSync(out, 'utf8')));
  const rows = rowsOf(paths, sequence);
  const right = pathsOf(rows, sequence, rightPerson(truth, rows, sequence.frameCount));
  const count = (from: readonly AnalysedPath[]) =>
    scene.lines.map((line) => {
      const crossings = plainTrajectories(from, aspect).flatMap((it) =>
        crossingsOf(it, line, aspect),
      );
      const inward = crossings.filter(({ direction }) => direction === 'in').length;
      return { in: inward, out: crossings.length - inward };
    });
  const trueCounts = count(pathsOf(truth, sequence, truthPerson(truth)));
  const compare = (found: readonly { in: number; out: number }[]): CountErrors => ({
    crossings: trueCounts.reduce((sum, it) => sum + it.in + it.out, 0),
    crossingError: trueCounts.reduce(
      (sum, it, i) => sum + Math.abs(it.in - found[i]!.in) + Math.abs(it.out - found[i]!.out),
      0,
    ),
    visits: 0,
    visitError: 0,
    dwell: 0,
    dwellError: 0,
  });
  return { product: compare(counted.lines), right: compare(count(right)) };
}

/** Paths in ratios as rows in pixels of the frames that they were seen in. */
function rowsOf(
  paths: readonly AnalysedPath[],
  { frameRate, width, height }: { frameRate: number; width: number; height: number },
): MotRows {
  const frames = paths.flatMap(({ timestampsMs }) =>
    Array.from(timestampsMs, (ms) => Math.round((ms * frameRate) / 1000) + 1),
  );
  return {
    count: frames.length,
    frames: Int32Array.from(frames),
    ids: Int32Array.from(
      paths.flatMap(({ index, timestampsMs }) => Array.from(timestampsMs, () => index)),
    ),
    boxes: Float64Array.from(
      paths.flatMap(({ boxes }) =>
        Array.from(boxes, (ratio, i) => ratio * (i % 2 === 0 ? width : height)),
      ),
    ),
    scores: new Float64Array(frames.length).fill(1),
  };
}
