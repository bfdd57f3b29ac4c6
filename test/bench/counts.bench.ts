/**
 * How people are counted: numbers against people, whole visits, numbers that hold two people, with returns.
 *
 *   npm run bench:counts -- [--write] [--fresh]
 *
 * Videos of FOOTPATH_SHARED (default ../shared) and the project's own sample, every frame; two of them have no boxes for
 * truth but the visits, counted by eye. People are known again by colours, and where set-up had it by the network too. Each is graded as it is and twice more with boxes shaken by up to 2 %. What the
 * detector finds is kept in .cache/bench-detections; `--fresh` looks again. `--write` puts the table into
 * docs/accuracy.md.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { refinedRows } from '../../cli/associate-sequence.ts';
import { readSequence, readTruth } from '../../cli/mot-folder.ts';
import { type CountFigures, countFigures, scoreCounts } from '../../src/metrics/count-score.ts';
import type { MotRows } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import type { Detections } from '../../src/track/detections.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { ROOT, SAMPLE } from './bench-browser.ts';
import { writeTables } from './docs-tables.ts';
import { findPeople, HAS_REID, type Quality, reidSpreads } from './find-people.ts';
import { shakeBoxes } from './shake-boxes.ts';
import { markdownTable } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
  },
});
const videos = resolve(ROOT, process.env.FOOTPATH_SHARED ?? '../shared', 'data/videos');

/** Begin and end in seconds, and how many people. */
type Visit = readonly [number, number, number];

interface Scene {
  readonly name: string;
  readonly video: string;
  readonly frameRate: number;
  /** Folder of the truth, one id a person however often they come; or the visits counted by eye. */
  readonly truth: string | { readonly people: number; readonly visits: readonly Visit[] };
}

const SCENES: readonly Scene[] = [
  {
    name: 'our sample',
    video: SAMPLE,
    frameRate: 25,
    truth: resolve(ROOT, 'public/samples/footpath-sample'),
  },
  {
    name: 'PETS09-S2L1, people known again',
    video: join(videos, 'PETS09-S2L1.mp4'),
    frameRate: 10,
    truth: join(videos, 'truth-people/PETS09-S2L1'),
  },
  {
    name: 'TUD-Campus',
    video: join(videos, 'TUD-Campus.mp4'),
    frameRate: 25,
    truth: join(videos, 'truth/TUD-Campus'),
  },
  {
    name: 'people-detection',
    video: join(videos, 'people-detection.mp4'),
    frameRate: 12,
    truth: {
      people: 7,
      visits: [
        [1.9, 6.6, 1],
        [14.8, 20.8, 2],
        [27.9, 33.5, 3],
        [43.5, 46.4, 1],
      ],
    },
  },
  {
    name: 'one-by-one-person-detection',
    video: join(videos, 'one-by-one-person-detection.mp4'),
    frameRate: 10,
    truth: {
      people: 6,
      visits: [
        [6.2, 19.6, 1],
        [22.8, 44.6, 1],
        [50.2, 69.6, 1],
        [74.7, 86.7, 1],
        [92, 119.7, 1],
        [124.4, 136, 1],
      ],
    },
  },
];
const EDGE_SECONDS = 0.5;
const SEEDS = [0, 1, 2];

/** A visit by eye is whole when as many numbers as people begin and end with it and with nothing else. */
function gradeByEye(
  { people, visits }: { people: number; visits: readonly Visit[] },
  rows: MotRows,
  frameRate: number,
): Pick<CountFigures, 'People' | 'Numbers' | 'Visits' | 'Whole'> {
  const spans = new Map<number, [number, number]>();
  for (let row = 0; row < rows.count; row++) {
    const seconds = (rows.frames[row]! - 1) / frameRate;
    const span = spans.get(rows.ids[row]!);
    if (span) span[1] = seconds;
    else spans.set(rows.ids[row]!, [seconds, seconds]);
  }
  let whole = 0;
  for (const [begin, end, count] of visits) {
    const within = [...spans.values()].filter(([from, to]) => from < end && to > begin);
    const first = Math.min(...within.map(([from]) => from));
    const last = Math.max(...within.map(([, to]) => to));
    const isWhole = Math.abs(first - begin) <= EDGE_SECONDS && Math.abs(last - end) <= EDGE_SECONDS;
    if (within.length === count && isWhole) whole++;
  }
  return { People: people, Numbers: spans.size, Visits: visits.length, Whole: whole };
}

async function grade(scene: Scene, quality: Quality, by: 'colours' | 'network'): Promise<string[]> {
  const { frames, scoreThreshold } = await findPeople(scene.video, quality, options.fresh);
  const cells = { hota: [] as string[], numbers: [] as string[], visits: [] as string[] };
  const mixed: string[] = [];
  let people = 0;
  for (const seed of SEEDS) {
    const found: readonly Detections[] = shakeBoxes(frames, seed);
    const tracker = createFootpath({ scoreThreshold });
    const rows = await refinedRows(tracker, found, scene.frameRate, {
      scoreThreshold,
      ...(by === 'network' && { reid: reidSpreads() }),
    });
    if (typeof scene.truth === 'string') {
      const truth = readTruth(readSequence(scene.truth));
      const { HOTA, IDF1 } = trackingFigures(scoreTracking(truth, rows, frames.length));
      const counts = countFigures(scoreCounts(truth, rows, frames.length, scene.frameRate));
      cells.hota.push(`${HOTA.toFixed(1)} / ${IDF1.toFixed(1)}`);
      mixed.push(String(counts.Mixed));
      add(counts);
    } else add(gradeByEye(scene.truth, rows, scene.frameRate));
  }
  return [
    `${scene.name}, \`${quality}\`, ${by}`,
    String(people),
    cells.numbers.join(', '),
    cells.visits.join(', '),
    mixed.join(', ') || '–',
    cells.hota.join(', ') || '–',
  ];

  function add({ People, Numbers, Visits, Whole }: Awaited<ReturnType<typeof gradeByEye>>): void {
    people = People;
    cells.numbers.push(String(Numbers));
    cells.visits.push(`${Whole} of ${Visits}`);
  }
}

const lines: string[][] = [];
for (const scene of SCENES.filter(({ video }) => existsSync(video))) {
  for (const quality of ['balanced', 'fast'] as const) {
    for (const by of HAS_REID ? (['colours', 'network'] as const) : (['colours'] as const)) {
      lines.push(await grade(scene, quality, by));
      console.log(lines[lines.length - 1]!.join(' | '));
    }
  }
}
const table = markdownTable(
  ['', 'people', 'numbers', 'whole visits', 'numbers that hold two', 'HOTA / IDF1'],
  lines,
);
console.log(`\n${table}`);
if (options.write) {
  writeTables(resolve(ROOT, 'docs/accuracy.md'), new Map([['bench:counts people', table]]));
}
