import { expect, test } from 'vitest';
import {
  combineDetections,
  detectionFigures,
  scoreDetections,
} from '../../src/metrics/detection-score.ts';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';

/** In each of two frames somebody of 20, 50 and 100 pixels; in the first also a static person and a crowd. */
const TRUTH = `1,1,0,0,10,20,1,1,1
1,2,100,0,20,50,1,1,1
1,3,200,0,40,100,1,1,1
1,4,300,0,40,100,0,7,1
1,5,400,0,200,200,0,13,1
1,6,800,0,100,50,0,3,1
2,1,0,0,10,20,1,1,1
2,2,100,0,20,50,1,1,1
2,3,200,0,40,100,1,1,1
`;

/**
 * Best first: on somebody near; on the static person; twice in the crowd; on nobody; near again; on
 * somebody medium with an overlap of 2/3; on nobody with the same score; a second time on the one near;
 * on somebody far.
 */
const DETECTIONS = `1,-1,200,0,40,100,0.9
1,-1,300,0,40,100,0.8
1,-1,450,50,10,20,0.7
1,-1,452,50,10,20,0.65
1,-1,700,0,20,50,0.6
2,-1,200,0,40,100,0.5
2,-1,104,0,20,50,0.4
2,-1,700,0,20,50,0.4
2,-1,201,0,40,100,0.3
2,-1,0,0,10,20,0.2
`;

function score(truth: string, detections: string, frameCount = 2) {
  return scoreDetections(
    parseMotTruth(truth, 'gt.txt'),
    parseMot(detections, 'detections.txt'),
    frameCount,
  );
}

test('figures of detections graded by hand', () => {
  const figures = detectionFigures(score(TRUTH, DETECTIONS));
  // Six to find. At 0.5: right, wrong, right, right, wrong, wrong, right.
  const ap50 = (17 * 1 + 34 * (3 / 4) + 16 * (4 / 7)) / 101;
  // From an overlap of 0.7 on the one of medium height is missed.
  const ap70 = (17 * 1 + 17 * (2 / 3) + 17 * (3 / 7)) / 101;
  const expected = {
    AP50: 100 * ap50,
    'AP50:95': 100 * (0.4 * ap50 + 0.6 * ap70),
    // One false box is allowed in two frames; at 0.4 there would be two.
    Recall: (100 * 2) / 6,
    Score: 0.5,
    AP50far: (100 * 51) / 101,
    AP50medium: (100 * 51 * 0.5) / 101,
    AP50near: 100,
    RecallFar: 0,
    RecallMedium: 0,
    RecallNear: 100,
    GT: 6,
    GTfar: 2,
    GTmedium: 2,
    GTnear: 2,
  };
  expect(Object.keys(figures)).toEqual(Object.keys(expected));
  for (const [name, value] of Object.entries(expected)) {
    expect(figures[name as keyof typeof expected], name).toBeCloseTo(value, 9);
  }
});

test('a detection takes somebody who counts before anybody who does not', () => {
  const truth = '1,1,0,0,10,20,0,7,1\n1,2,2,0,10,20,1,1,1\n';
  expect(detectionFigures(score(truth, '1,-1,0,0,10,20,0.9\n')).AP50).toBeCloseTo(100, 9);
});

test('within a band of height, people of that height come before others that overlap more', () => {
  const truth = '1,1,0,0,10,29,1,1,1\n1,2,0,0,10,31,1,1,1\n';
  const figures = detectionFigures(score(truth, '1,-1,0,0,10,29,0.9\n'));
  expect(figures.AP50medium).toBeCloseTo(100, 9);
  expect(figures.AP50far).toBeCloseTo(100, 9);
  expect(figures.Recall).toBeCloseTo(50, 9);
});

test('each person is found once; the second best box on them is false', () => {
  const truth = '1,1,0,0,10,20,1,1,1\n';
  const twice = '1,-1,1,0,10,20,0.8\n1,-1,0,0,10,20,0.9\n';
  const ranking = score(truth, twice).rankings[0]!;
  expect([...ranking.scores]).toEqual([0.9, 0.8]);
  expect([...ranking.outcomes]).toEqual([1, 0]);
});

test('truth that does not count excuses a detection, in truth without classes too', () => {
  const truth = '1,1,0,0,10,20,1,-1,-1,-1\n1,2,50,0,10,20,0,-1,-1,-1\n';
  const both = '1,-1,50,0,10,20,0.9\n1,-1,0,0,10,20,0.8\n';
  expect(detectionFigures(score(truth, both))).toMatchObject({ AP50: 100, GT: 1 });
});

test('sequences combine into one ranking', () => {
  const combined = combineDetections([score(TRUTH, DETECTIONS), score(TRUTH, '')]);
  // Two false boxes are allowed in four frames.
  expect(detectionFigures(combined)).toMatchObject({ Recall: 25, Score: 0.4, GT: 12, GTnear: 4 });
});

test('nobody to find gives no ratio, nothing found a recall of 0', () => {
  expect(detectionFigures(score('', DETECTIONS))).toMatchObject({
    AP50: null,
    'AP50:95': null,
    Recall: null,
    RecallFar: null,
    GT: 0,
  });
  expect(detectionFigures(score(TRUTH, ''))).toMatchObject({
    AP50: 0,
    'AP50:95': 0,
    Recall: 0,
    Score: null,
  });
});

test('a detection outside the sequence is refused', () => {
  expect(() => score(TRUTH, '3,-1,0,0,9,9,1\n')).toThrow('detections: frame 3');
});
