import { boxCoordinate, HEIGHT, writeBox } from '../box.ts';
import { AXIS, correctAxis, predictAxis, startAxis } from './kalman.ts';

/** Numbers the motion of one box takes: axes for centre x, centre y, width, height. */
export const MOTION = 4 * AXIS;

/**
 * How people move and how well a detector measures them. Lengths are in heights of the person, so that one set
 * of numbers serves near and far people, big and small pictures.
 */
export interface MotionNoise {
  /**
   * Strength of the random acceleration that changes a velocity, (heights/s)² gained a second. Higher: follows
   * turns sooner, coasts worse through misses.
   */
  readonly acceleration: number;
  /** The same for width and height. */
  readonly sizeAcceleration: number;
  /** Standard deviation of a detected centre, in heights. Higher: smoother, later to react. */
  readonly position: number;
  /** Standard deviation of a detected width or height, in heights. */
  readonly size: number;
}

/** Velocity a new track may have: standard deviation in heights/s; people walk at about one. */
const START_SPEED = 1;
const START_SIZE_SPEED = 0.2;

/**
 * Starts a motion at a first box, at rest.
 * @param state takes {@link MOTION} numbers
 * @param boxes XyxyPx
 * @param box which of them
 * @param noise the detector's
 */
export function startMotion(
  state: Float64Array,
  boxes: Float64Array,
  box: number,
  noise: MotionNoise,
): void {
  const height = boxCoordinate(boxes, box, HEIGHT);
  const area = height * height;
  for (let axis = 0; axis < 4; axis++) {
    const deviation = axis < 2 ? noise.position : noise.size;
    const speed = axis < 2 ? START_SPEED : START_SIZE_SPEED;
    const observed = boxCoordinate(boxes, box, axis);
    startAxis(state, axis * AXIS, observed, deviation * deviation * area, speed * speed * area);
  }
}

/**
 * Moves on in time under white-noise acceleration (Bar-Shalom, Li, Kirubarajan, "Estimation with Applications to
 * Tracking and Navigation", 6.2.2), which makes the step's length free.
 * @param state {@link MOTION} numbers
 * @param seconds time passed
 * @param height of the person in pixels
 * @param noise of the motion
 */
export function predictMotion(
  state: Float64Array,
  seconds: number,
  height: number,
  noise: MotionNoise,
): void {
  const area = height * height;
  for (let axis = 0; axis < 4; axis++) {
    const strength = (axis < 2 ? noise.acceleration : noise.sizeAcceleration) * area * seconds;
    const cross = (strength * seconds) / 2;
    predictAxis(state, axis * AXIS, seconds, (2 * cross * seconds) / 3, strength, cross);
  }
}

/**
 * Corrects by an observed box.
 * @param state {@link MOTION} numbers
 * @param boxes XyxyPx
 * @param box which of them
 * @param noise the detector's
 */
export function correctMotion(
  state: Float64Array,
  boxes: Float64Array,
  box: number,
  noise: MotionNoise,
): void {
  const height = boxCoordinate(boxes, box, HEIGHT);
  for (let axis = 0; axis < 4; axis++) {
    const deviation = axis < 2 ? noise.position : noise.size;
    const variance = deviation * deviation * height * height;
    correctAxis(state, axis * AXIS, boxCoordinate(boxes, box, axis), variance);
  }
}

/**
 * Writes the box of a state, at least a pixel wide and high.
 * @param state {@link MOTION} numbers
 * @param out takes four numbers, XyxyPx
 */
export function motionBox(state: Float64Array, out: Float64Array): void {
  const width = Math.max(1, state[2 * AXIS]!);
  const height = Math.max(1, state[3 * AXIS]!);
  writeBox(out, 0, state[0]!, state[AXIS]!, width, height);
}
