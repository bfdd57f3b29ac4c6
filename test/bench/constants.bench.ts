/**
 * How refinement's constants are chosen: leave one scene out. Each is set to several values; for every scene the value
 * is taken that does best on all other scenes, and graded on the one left out.
 *
 *   npm run bench:constants -- [--repeats 2] [--only NAME]
 *
 * Scenes: every sequence of FOOTPATH_SHARED's suites, without embeddings and with embeddings simulated well and badly, and sports
 * simulated anew. Each is repeated with boxes shaken by up to 2 %, since less than that decides nothing.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { refinedRows } from '../../cli/associate-sequence.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { REFINE_DEFAULTS, type RefineOptions } from '../../src/track/refinement/refine-options.ts';
import { createFootpath } from '../../src/track/trackers/footpath/footpath.ts';
import { shakeBoxes } from './shake-boxes.ts';
import { simulateDetections } from './simulate-detections.ts';
import { simulateEmbeddings } from './simulate-embeddings.ts';
import { markdownTable } from './statistics.ts';
import { type BenchSequence, loadSuites } from './tracking-suites.ts';

const { values: options } = parseArgs({
  options: {
    repeats: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});
const folder = resolve(process.cwd(), process.env.FOOTPATH_SHARED ?? '../shared', 'data/tracking');
if (!existsSync(folder)) {
  console.error(`No suites in ${folder}; name their folder with FOOTPATH_SHARED.`);
  process.exit(1);
}

/** Values tried; the default is among them. */
const CONSTANTS: Partial<{ [Name in keyof RefineOptions]: readonly RefineOptions[Name][] }> = {
  splitEvidence: [1, 2, 4, 8, Number.POSITIVE_INFINITY],
  joinEvidence: [0.5, 1, 1.5, 2, 3],
  motionEvidence: [1.5, 2, 3],
  mostEvidence: [4, 6, 9],
  rejoinSeconds: [0, 5, 60],
  fillSeconds: [0.5, 1, 2],
  shortSeconds: [2, 3, 4],
  backwardTrackingSeconds: [0, 0.5, 1],
  ensemble: [[1], [0.5, 1, 2], [1, 2, 4]],
};

interface Scene extends BenchSequence {
  /** Sequences of one recording are left out together: they show the same people. */
  readonly recording: string;
  readonly scoreThreshold: number;
}

function scenes(): Scene[] {
  const found: Scene[] = [];
  for (const { name, scoreThreshold, sequences } of loadSuites(folder)) {
    for (const sequence of sequences) {
      const recording = sequence.name.replace(/-(YOLOX|DPM|ACF|sim|val|trn).*/, '');
      const add = (scene: BenchSequence) =>
        found.push({ ...scene, name: `${name}, ${scene.name}`, recording, scoreThreshold });
      add(sequence);
      for (const noise of [0.4, 0.8]) add(simulateEmbeddings(sequence, noise, 1));
      if (name === 'sportsmot-sim')
        for (const seed of [1, 2]) add(simulateDetections(sequence, seed));
    }
  }
  return found.filter(({ name }) => name.includes(options.only));
}

/** HOTA of a scene, the mean of its repeats. */
async function grade(scene: Scene, knobs: Partial<RefineOptions>): Promise<number> {
  const repeats = Number(options.repeats);
  const { scoreThreshold, frameRate, truth } = scene;
  let sum = 0;
  for (let seed = 0; seed < repeats; seed++) {
    const detections = shakeBoxes(scene.detections, seed);
    const tracker = createFootpath({ scoreThreshold });
    const rows = await refinedRows(tracker, detections, frameRate, { scoreThreshold, ...knobs });
    sum += trackingFigures(scoreTracking(truth, rows, detections.length)).HOTA;
  }
  return sum / repeats;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const all = scenes();
const recordings = [...new Set(all.map(({ recording }) => recording))];
const usual: number[] = [];
for (const scene of all) usual.push(await grade(scene, {}));
console.log(
  `${all.length} scenes of ${recordings.length} recordings, HOTA ${mean(usual).toFixed(2)}`,
);

const lines: string[][] = [];
for (const [name, values] of Object.entries(CONSTANTS)) {
  const chosenByDefault = JSON.stringify(REFINE_DEFAULTS[name as keyof RefineOptions]);
  const figures: number[][] = [];
  for (const value of values) {
    const isDefault = JSON.stringify(value) === chosenByDefault;
    const column: number[] = [];
    for (const [i, scene] of all.entries()) {
      column.push(isDefault ? usual[i]! : await grade(scene, { [name]: value }));
    }
    figures.push(column);
  }
  /** Of each recording: the value that is best on all others, and what it gives on this one. */
  const left: number[] = [];
  const picks = new Map<string, number>();
  for (const recording of recordings) {
    const within = [...all.keys()].filter((i) => all[i]!.recording === recording);
    const without = [...all.keys()].filter((i) => all[i]!.recording !== recording);
    const scores = figures.map((column) => mean(without.map((i) => column[i]!)));
    const best = scores.indexOf(Math.max(...scores));
    const picked = String(values[best]);
    picks.set(picked, (picks.get(picked) ?? 0) + 1);
    left.push(...within.map((i) => figures[best]![i]!));
  }
  lines.push([
    `\`${name}\``,
    String(REFINE_DEFAULTS[name as keyof RefineOptions]),
    values.map((value, k) => `${String(value)}: ${mean(figures[k]!).toFixed(2)}`).join('; '),
    [...picks].map(([value, count]) => `${value} (${count})`).join(', '),
    mean(left).toFixed(2),
  ]);
  console.log(lines[lines.length - 1]!.join(' | '));
}
console.log(
  `\n${markdownTable(
    ['constant', 'chosen', 'HOTA by value', 'best on all but one', 'HOTA left out'],
    lines,
  )}`,
);
