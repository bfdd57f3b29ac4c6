import { expect, test } from 'vitest';
import { associateSequence } from '../../cli/associate-sequence.ts';
import { analyze } from '../../src/analytics/analyze.ts';
import { crossingsOf } from '../../src/analytics/crossings.ts';
import { EMPTY_SCENE } from '../../src/analytics/scene.ts';
import { pathsOf, plainTrajectories } from '../bench/counting-truth.ts';
import { MADE_FRAME, MADE_KINDS, makeScene } from '../bench/made-scenes.ts';

test.each(MADE_KINDS)('%s: at most 2 of 100 crossings are counted wrong', async (kind) => {
  const { truth, detections, frameRate, line } = makeScene(kind, 11);
  const aspect = MADE_FRAME.width / MADE_FRAME.height;
  const frame = { ...MADE_FRAME, frameRate };
  const right = plainTrajectories(pathsOf(truth, frame), aspect).flatMap((it) =>
    crossingsOf(it, line, aspect),
  );
  const { rows } = await associateSequence(detections, frameRate, {
    tracker: 'footpath',
    refine: true,
    scoreThreshold: 0.6,
  });
  const [counted] = analyze(
    pathsOf(rows, frame),
    { ...EMPTY_SCENE, lines: [line] },
    {
      frameWidth: MADE_FRAME.width,
      frameHeight: MADE_FRAME.height,
      durationMs: (1000 * detections.length) / frameRate,
    },
  ).lines;
  expect(right.length).toBeGreaterThan(10);
  const wrong = (direction: 'in' | 'out', found: number) =>
    Math.abs(found - right.filter((it) => it.direction === direction).length);
  const error = wrong('in', counted!.in) + wrong('out', counted!.out);
  expect(error).toBeLessThanOrEqual(0.02 * right.length);
});
