import { expect, test } from 'vitest';
import { MotDataError, parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import {
  combineTracking,
  scoreTracking,
  type TrackingFigures,
  trackingFigures,
} from '../../src/metrics/tracking-score.ts';
import {
  FIGURES,
  FRAME_COUNT,
  RESULTS_TEXT,
  TRUTH_TEXT,
  TRUTH_TEXT_WITHOUT_CLASSES,
} from '../fixtures/graded-case.ts';

function score(truth: string, results: string, frameCount = FRAME_COUNT, isMot20 = false) {
  return scoreTracking(
    parseMotTruth(truth, 'gt.txt'),
    parseMot(results, 'results.txt'),
    frameCount,
    isMot20,
  );
}

function figures(truth: string, results: string, frameCount = FRAME_COUNT, isMot20 = false) {
  return trackingFigures(score(truth, results, frameCount, isMot20));
}

function expectClose(actual: TrackingFigures, expected: Partial<TrackingFigures>) {
  for (const [name, value] of Object.entries(expected)) {
    expect(actual[name as keyof TrackingFigures], name).toBeCloseTo(value, 9);
  }
}

test('figures of a sequence graded by hand', () => {
  const actual = figures(TRUTH_TEXT, RESULTS_TEXT);
  expect(Object.keys(actual).sort()).toEqual(Object.keys(FIGURES).sort());
  expectClose(actual, FIGURES);
});

test('without classes the result on somebody who does not count stays and is false', () => {
  expectClose(figures(TRUTH_TEXT_WITHOUT_CLASSES, RESULTS_TEXT), { FP: 2, FN: 1, GTids: 2 });
});

test('a result on a non-motorised vehicle is taken out in MOT20 alone', () => {
  const truth = TRUTH_TEXT.replace('1,3,200,0,10,10,0,7,1', '1,3,200,0,10,10,0,6,1');
  expect(figures(truth, RESULTS_TEXT).FP).toBe(2);
  expect(figures(truth, RESULTS_TEXT, FRAME_COUNT, true).FP).toBe(1);
});

test('a result that a pedestrian needs is not lost to a distractor beside them', () => {
  const truth = '1,1,0,0,10,10,1,1,1\n1,2,2,0,10,10,0,7,1\n';
  const results = '1,1,1,0,10,10,1,-1,-1,-1\n1,2,3,0,10,10,1,-1,-1,-1\n';
  expectClose(figures(truth, results, 1), { FP: 0, FN: 0 });
});

test('a result that touches a distractor by less than half stays', () => {
  const truth = '1,1,0,0,10,10,0,7,1\n';
  expect(figures(truth, '1,1,4,0,10,10,1\n', 1).FP).toBe(1);
  expect(figures(truth, '1,1,3,0,10,10,1\n', 1).FP).toBe(0);
});

test('mostly tracked is more than four frames of five, mostly lost less than one', () => {
  const rows = (id: number, frames: number[]) =>
    frames.map((frame) => `${frame},${id},${100 * id},0,10,10,1\n`).join('');
  const all = [1, 2, 3, 4, 5];
  const truth = rows(1, all) + rows(2, all) + rows(3, all) + rows(4, all);
  const results = rows(1, all) + rows(2, [1, 2, 3, 4]) + rows(3, [5]);
  expect(figures(truth, results, 5)).toMatchObject({ MT: 1, PT: 2, ML: 1 });
});

test('HOTA pairs by agreement over the sequence, shared where two ids compete for a person', () => {
  const box = (frame: number, id: number, width: number) => `${frame},${id},0,0,${width},10,1\n`;
  const both = [1, 2, 3, 4];
  const truth = [...both, 5].map((frame) => box(frame, 1, 100)).join('');
  const results =
    both.map((frame) => box(frame, 1, 60) + box(frame, 2, 48.5)).join('') + box(5, 2, 48.5);
  // Agreement with id 1: 4 x 0.6 / 1.085 = 2.21 of 9 boxes, with id 2: 1 + 4 x 0.485 / 1.085 = 2.79 of
  // 10, so 0.6 x 0.326 beats 0.485 x 0.387 and id 1 has the first four frames, up to a threshold of 0.6.
  expectClose(figures(truth, results, 5), {
    AssA: (100 * (9 * ((4 * (4 / 5) + 1 / 9) / 5) + 3 * (4 / 5))) / 19,
    LocA: (100 * (9 * ((4 * 0.6 + 0.485) / 5) + 3 * 0.6 + 7)) / 19,
  });
});

test('the pair of the frame before goes on although another id overlaps more', () => {
  const truth = '1,1,0,0,10,10,1,1,1\n2,1,0,0,10,10,1,1,1\n';
  const results = '1,1,0,0,10,10,1,-1,-1,-1\n2,1,3,0,10,10,1,-1,-1,-1\n2,2,0,0,10,10,1,-1,-1,-1\n';
  expectClose(figures(truth, results, 2), { IDSW: 0, FP: 1, MOTP: (100 * (1 + 7 / 13)) / 2 });
});

test('perfect results have 100 in every ratio, whatever their ids and order', () => {
  const results =
    '4,9,0,0,10,10,1\n1,7,100,0,10,10,1\n1,9,0,0,10,10,1\n2,9,0,0,10,10,1\n2,7,100,0,10,10,1\n3,9,0,0,10,10,1\n3,7,100,0,10,10,1\n';
  const actual = figures(TRUTH_TEXT, results);
  for (const name of ['HOTA', 'DetA', 'AssA', 'LocA', 'MOTA', 'MOTP', 'IDF1', 'Prcn'] as const) {
    expect(actual[name], name).toBeCloseTo(100, 9);
  }
  expect(actual).toMatchObject({ MT: 2, IDSW: 0, Frag: 0, FP: 0, FN: 0 });
});

test('results without a box score 0, truth without a box only false ones', () => {
  expect(figures(TRUTH_TEXT, '')).toMatchObject({ HOTA: 0, MOTA: 0, IDF1: 0, FN: 7, ML: 2 });
  expect(figures('', '1,1,0,0,10,10,1\n')).toMatchObject({ HOTA: 0, MOTA: 0, FP: 1, GTids: 0 });
});

test('a box without area matches nothing', () => {
  const results = '1,1,0,0,0,10,1\n1,2,0,0,10,0,1\n';
  expect(figures(TRUTH_TEXT, results)).toMatchObject({ FP: 2, FN: 7 });
});

test('sequences combine by their counts, not by their ratios', () => {
  const combined = trackingFigures(
    combineTracking([score(TRUTH_TEXT, RESULTS_TEXT), score(TRUTH_TEXT, '')]),
  );
  expectClose(combined, {
    MOTA: (100 * 4) / 14,
    IDF1: (100 * 5) / (5 + 1 + 4.5),
    AssA: FIGURES.AssA,
    LocA: FIGURES.LocA,
    DetA: (100 * (13 * (6 / 15) + 6 * (3 / 18))) / 19,
    MT: 1,
    ML: 2,
    GTids: 4,
  });
});

test('an id twice in a frame and a frame outside the sequence are refused', () => {
  expect(() => figures(TRUTH_TEXT, '2,5,0,0,9,9,1\n2,5,50,0,9,9,1\n')).toThrow(
    new MotDataError('results: id 5 occurs more than once in frame 2.'),
  );
  expect(() => figures(TRUTH_TEXT, '5,1,0,0,9,9,1\n')).toThrow(
    new MotDataError('results: frame 5 is not in the sequence (1 to 4).'),
  );
  expect(() => figures('0,1,0,0,9,9,1,1,1\n', '')).toThrow('ground truth: frame 0');
});
