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
  const o = 4 * box;
  const width = boxes[o + 2]! - boxes[o]!;
  const height = boxes[o + 3]! - boxes[o + 1]!;
  const area = height * height;
  const position = noise.position * noise.position * area;
  const size = noise.size * noise.size * area;
  const speed = START_SPEED * START_SPEED * area;
  const sizeSpeed = START_SIZE_SPEED * START_SIZE_SPEED * area;
  startAxis(state, 0, boxes[o]! + width / 2, position, speed);
  startAxis(state, AXIS, boxes[o + 1]! + height / 2, position, speed);
  startAxis(state, 2 * AXIS, width, size, sizeSpeed);
  startAxis(state, 3 * AXIS, height, size, sizeSpeed);
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
  const o = 4 * box;
  const width = boxes[o + 2]! - boxes[o]!;
  const height = boxes[o + 3]! - boxes[o + 1]!;
  const position = noise.position * noise.position * height * height;
  const size = noise.size * noise.size * height * height;
  correctAxis(state, 0, boxes[o]! + width / 2, position);
  correctAxis(state, AXIS, boxes[o + 1]! + height / 2, position);
  correctAxis(state, 2 * AXIS, width, size);
  correctAxis(state, 3 * AXIS, height, size);
}

/**
 * Writes the box of a state, at least a pixel wide and high.
 * @param state {@link MOTION} numbers
 * @param out takes four numbers, XyxyPx
 */
export function motionBox(state: Float64Array, out: Float64Array): void {
  const halfWidth = Math.max(1, state[2 * AXIS]!) / 2;
  const halfHeight = Math.max(1, state[3 * AXIS]!) / 2;
  out[0] = state[0]! - halfWidth;
  out[1] = state[AXIS]! - halfHeight;
  out[2] = state[0]! + halfWidth;
  out[3] = state[AXIS]! + halfHeight;
}
