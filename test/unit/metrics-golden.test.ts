import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import {
  combineTracking,
  scoreTracking,
  type TrackingFigures,
  trackingFigures,
} from '../../src/metrics/tracking-score.ts';

const tracking = join(inject('shared'), 'data/tracking');
const present = inject('shared') !== '' && existsSync(join(tracking, 'golden'));
if (!present) console.log('Skipped: the golden tracking results are absent.');

type Expected = Record<string, { sequences: Record<string, object>; COMBINED: object }>;

const frameCounts: Record<string, number> = {};
function frameCountOf(folder: string): number {
  frameCounts[folder] ??= Number(
    /^seqLength=(\d+)/m.exec(readFileSync(join(folder, 'seqinfo.ini'), 'utf8'))?.[1],
  );
  return frameCounts[folder];
}

function expectFigures(actual: TrackingFigures, expected: object, where: string) {
  for (const [name, value] of Object.entries(expected)) {
    if (name === 'fps') continue;
    const figure = actual[name as keyof TrackingFigures];
    expect(Math.abs(figure - value), `${where} ${name}: ${figure}, not ${value}`).toBeLessThan(
      1e-6,
    );
  }
}

test.skipIf(!present).each(['a', 'b', 'c'])(
  'figures of golden results %s equal TrackEval, per sequence and combined',
  (golden) => {
    const folder = join(tracking, 'golden', golden);
    const suites: Expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    expect(Object.keys(suites)).toHaveLength(2);
    for (const [suite, expected] of Object.entries(suites)) {
      const scores = Object.entries(expected.sequences).map(([sequence, figures]) => {
        const truthFolder = join(tracking, suite, sequence);
        const truth = readFileSync(join(truthFolder, 'gt/gt.txt'), 'utf8');
        const results = readFileSync(join(folder, suite, `${sequence}.txt`), 'utf8');
        const score = scoreTracking(
          parseMotTruth(truth, 'gt.txt'),
          parseMot(results, `${sequence}.txt`),
          frameCountOf(truthFolder),
        );
        expectFigures(trackingFigures(score), figures, `${golden} ${sequence}`);
        return score;
      });
      expectFigures(
        trackingFigures(combineTracking(scores)),
        expected.COMBINED,
        `${golden} ${suite}`,
      );
    }
  },
);
