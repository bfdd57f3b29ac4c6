import { boxCoordinate, HEIGHT, WIDTH, writeBox } from '../box.ts';
import { AXIS, correctAxis, predictAxis, startAxis } from './kalman.ts';

/**
 * SORT's motion model: four axes u and v (centre), s (area) and r (aspect ratio, which has no velocity); arXiv
 * 1602.00763, eq. 1. Noise is per frame, in pixels: the constants SORT's authors published with the paper's results
 * and every port repeats.
 */
const OBSERVATION_NOISE = [1, 1, 10, 10];
const POSITION_NOISE = [1, 1, 1, 1];
const VELOCITY_NOISE = [0.01, 0.01, 0.0001, 0];
const START_VARIANCE = 10;
const START_VELOCITY_VARIANCE = [1e4, 1e4, 1e4, 0];

/**
 * Starts a motion at a box, at rest.
 * @param state takes 4 x AXIS numbers
 * @param boxes XyxyPx
 * @param box which of them
 */
export function startSort(state: Float64Array, boxes: Float64Array, box: number): void {
  for (let axis = 0; axis < 4; axis++) {
    const velocityVariance = START_VELOCITY_VARIANCE[axis]!;
    startAxis(state, axis * AXIS, observe(boxes, box, axis), START_VARIANCE, velocityVariance);
  }
}

/**
 * Moves on in time.
 * @param state 4 x AXIS numbers
 * @param step frames passed
 */
export function predictSort(state: Float64Array, step: number): void {
  const area = 2 * AXIS;
  // An area shrinking below zero within the step means nothing: it stays as it is.
  if (state[area]! + step * state[area + 1]! <= 0) state[area + 1] = 0;
  for (let axis = 0; axis < 4; axis++) {
    const noise = POSITION_NOISE[axis]! * step;
    predictAxis(state, axis * AXIS, step, noise, VELOCITY_NOISE[axis]! * step);
  }
}

/**
 * Corrects by an observed box.
 * @param state 4 x AXIS numbers
 * @param boxes XyxyPx
 * @param box which of them
 */
export function correctSort(state: Float64Array, boxes: Float64Array, box: number): void {
  for (let axis = 0; axis < 4; axis++) {
    correctAxis(state, axis * AXIS, observe(boxes, box, axis), OBSERVATION_NOISE[axis]!);
  }
}

/**
 * Writes the state's box.
 * @param state 4 x AXIS numbers
 * @param out takes four numbers at `4 * box`, XyxyPx
 * @param box where
 * @returns false when the box has no area; then nothing is written
 */
export function sortBox(state: Float64Array, out: Float64Array, box: number): boolean {
  const area = state[2 * AXIS]!;
  const ratio = state[3 * AXIS]!;
  if (!(area > 0 && ratio > 0)) return false;
  const width = Math.sqrt(area * ratio);
  writeBox(out, box, state[0]!, state[AXIS]!, width, area / width);
  return true;
}

function observe(boxes: Float64Array, box: number, axis: number): number {
  if (axis < 2) return boxCoordinate(boxes, box, axis);
  const width = boxCoordinate(boxes, box, WIDTH);
  const height = boxCoordinate(boxes, box, HEIGHT);
  return axis === 2 ? width * height : width / height;
}
