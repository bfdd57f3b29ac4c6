/**
 * The whole path, from video to people, graded: `footpath track --format mot` on every frame of real videos with
 * ground truth, by detector and tracker; and what embeddings are worth, on the same detections with and without them.
 *
 *   npm run bench:paths -- [--write] [--only VIDEO] [--path TEXT] [--embeddings]
 *
 * `--path` leaves out the paths whose name lacks the text, and the table about embeddings; `--embeddings` makes that table alone, of
 * what the detector found before if that was kept. Videos of FOOTPATH_SHARED (default ../shared) and the project's own
 * sample. `--write` puts the tables into docs/accuracy.md and docs/tracking.md.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { onlineRows, refinedRows } from '../../cli/associate-sequence.ts';
import {
  listSequences,
  type MotSequence,
  readResults,
  readSequence,
  readTruth,
} from '../../cli/mot-folder.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { ROOT, SAMPLE } from './bench-browser.ts';
import { writeTables } from './docs-tables.ts';
import { findPeople, HAS_REID, reidSpreads } from './find-people.ts';
import { markdownTable } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    path: { type: 'string', default: '' },
    embeddings: { type: 'boolean', default: false },
  },
});
const videos = resolve(ROOT, process.env.FOOTPATH_SHARED ?? '../shared', 'data/videos');
const truths = join(videos, 'truth');

interface Scene {
  readonly name: string;
  readonly video: string;
  readonly sequence: MotSequence;
}

const scenes: Scene[] = [
  ...(existsSync(truths) ? listSequences(truths) : []).map((sequence) => ({
    name: sequence.name,
    video: join(videos, `${sequence.name}.mp4`),
    sequence,
  })),
  {
    name: 'our sample',
    video: SAMPLE,
    sequence: readSequence(resolve(ROOT, 'public/samples/footpath-sample')),
  },
].filter(({ name }) => name.includes(options.only));

const PATHS: readonly [string, readonly string[]][] = [
  [
    'coco-ssd 300x300, SORT',
    ['--model', 'coco-ssd-person', '--quality', 'fast', '--tracker', 'sort', '--backend', 'wasm'],
  ],
  ['NanoDet `balanced`, SORT', ['--tracker', 'sort']],
  ['NanoDet `balanced`, ByteTrack', ['--tracker', 'bytetrack']],
  ['NanoDet `balanced`, footpath online', ['--no-refine']],
  ['NanoDet `fast`, footpath refined', ['--quality', 'fast']],
  ['**NanoDet `balanced`, footpath refined** (default)', []],
  ['NanoDet `balanced` in single precision, footpath refined', ['--backend', 'wasm']],
  ['NanoDet `accurate`, footpath refined', ['--quality', 'accurate']],
];

function cell({ sequence }: Scene, rows: MotRows): string {
  const score = scoreTracking(readTruth(sequence), rows, sequence.frameCount);
  const { HOTA, MOTA, IDF1, IDSW } = trackingFigures(score);
  const figures = [HOTA, MOTA, IDF1].map((value) => value.toFixed(1)).join(' / ');
  return `${figures}, ${IDSW}, ${new Set(rows.ids).size}`;
}

const head = scenes.map((scene) => `${scene.name} (${people(scene)} people)`);

function people({ sequence }: Scene): number {
  return new Set(readTruth(sequence).ids).size;
}

function trackAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'footpath-paths-'));
  try {
    const out = join(folder, 'out.txt');
    const program = resolve(ROOT, 'cli/footpath.mjs');
    const chosen = PATHS.filter(([name]) => name.includes(options.path));
    const rows = chosen.map(([name, args]) => [
      name,
      ...scenes.map((scene) => {
        const fixed = [
          '--sample-rate',
          'all',
          '--format',
          'mot',
          '--backend',
          'int8',
          '--out',
          out,
        ];
        execFileSync(process.execPath, [program, 'track', scene.video, ...fixed, ...args], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        return cell(scene, readResults(out));
      }),
    ]);
    return markdownTable(['', ...head], rows);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function weighAppearance(): Promise<string> {
  const columns: string[][] = [];
  for (const scene of scenes) {
    const { frames, scoreThreshold } = await findPeople(
      scene.video,
      'balanced',
      !options.embeddings,
    );
    const column: string[] = [];
    for (const withEmbeddings of [false, true]) {
      const found = withEmbeddings
        ? frames
        : frames.map(({ count, boxes, scores }) => ({ count, boxes, scores }));
      const { frameRate } = scene.sequence;
      const start = () => createFootpath({ scoreThreshold });
      column.push(cell(scene, onlineRows(start(), found, frameRate)));
      for (const rejoinSeconds of withEmbeddings ? [5, 60] : [60]) {
        const knobs = { scoreThreshold, rejoinSeconds };
        column.push(cell(scene, await refinedRows(start(), found, frameRate, knobs)));
      }
    }
    for (const rejoinSeconds of HAS_REID ? [5, 60] : []) {
      const knobs = { scoreThreshold, rejoinSeconds, reid: reidSpreads() };
      const { frameRate } = scene.sequence;
      const tracker = createFootpath({ scoreThreshold });
      column.push(cell(scene, await refinedRows(tracker, frames, frameRate, knobs)));
    }
    columns.push(column);
  }
  const names = [
    'online, motion alone',
    'refined, motion alone',
    'online, with colours',
    'refined, with colours, `rejoinSeconds` 5',
    'refined, with colours (`rejoinSeconds` 60, the default)',
    ...(HAS_REID
      ? [
          'refined, with the network, `rejoinSeconds` 5',
          'refined, with the network, `rejoinSeconds` 60',
        ]
      : []),
  ];
  return markdownTable(
    ['', ...head],
    names.map((name, row) => [name, ...columns.map((column) => column[row]!)]),
  );
}

for (const [name, make, guide] of [
  ...(options.path === '' ? [['embeddings', weighAppearance, 'docs/tracking.md'] as const] : []),
  ...(options.embeddings ? [] : [['paths', trackAll, 'docs/accuracy.md'] as const]),
]) {
  const table = await make();
  console.log(`\n## ${name}\n\n${table}`);
  if (options.write) writeTables(resolve(ROOT, guide), new Map([[`bench:paths ${name}`, table]]));
}
