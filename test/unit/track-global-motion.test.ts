import { expect, test } from 'vitest';
import { motionBox, startMotion } from '../../src/track/filter/box-motion.ts';
import { SampleBoxes } from '../../src/track/sample-boxes.ts';
import { CameraFollower } from '../../src/track/trackers/footpath/follow-camera.ts';
import { FOOTPATH_DEFAULTS } from '../../src/track/trackers/footpath/footpath-options.ts';
import { type Person, personArrays } from '../../src/track/trackers/footpath/footpath-person.ts';

const boxAt = (i: number, jump: number) => [100 * i + jump, 50, 100 * i + jump + 40, 160];

/** Somebody who was seen often enough for the camera's motion to be told by them. */
function standing(i: number): Person {
  const box = Float64Array.from(boxAt(i, 0));
  const arrays = personArrays(box);
  startMotion(arrays.motion, box, 0, FOOTPATH_DEFAULTS.noise);
  motionBox(arrays.motion, arrays.expected);
  return {
    ...{
      id: i + 1,
      ...arrays,
      born: 0,
      kind: 0,
      detection: i,
      lastSeen: 1,
      hits: 9,
      meanScore: 0.9,
    },
    ...{ activated: true, seen: true, confirmed: true, embedding: undefined },
  };
}

test.each([3, 8, 9, 13, 14, 15, 16, 17, 32, 33, 100])(
  'a jump of the camera is followed with %i people',
  (count) => {
    const people = Array.from({ length: count }, (_, i) => standing(i));
    const sample = new SampleBoxes();
    const boxes = Float32Array.from(people.flatMap((_, i) => boxAt(i, 12)));
    sample.load({ count, boxes, scores: new Float32Array(count).fill(0.9) }, 0.1);
    new CameraFollower().follow(people, sample, 0.5);
    for (const [i, { expected }] of people.entries()) expect([...expected]).toEqual(boxAt(i, 12));
  },
);
