import { boxCoordinate, HEIGHT } from '../box.ts';
import { AXIS, correctAxis, predictAxis, startAxis } from '../filter/kalman.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import type { Tracklet } from './tracklet.ts';

/**
 * The measured noise is that of the usual moment; people turn and stop, and their boxes breathe with every step, which
 * needs more room than the median has. For place and for size. Higher: follows more, smooths less.
 */
const PLACE_ROOM = 2;
const SIZE_ROOM = 6;
/** Least deviation and acceleration assumed: nobody is measured without error or moves perfectly straight. */
const LEAST_DEVIATION = 0.002;
const LEAST_ACCELERATION = 0.02;
/**
 * The surer a detection, the less it errs: variance goes by 1 - score (Du et al., "StrongSORT", arXiv 2202.13514), in
 * proportion to the track's mean, since the measured noise is that of the usual detection; and never to none.
 */
const LEAST_UNCERTAINTY = 0.05;
/**
 * How many times the usual variance is added to it for whoever is wholly hidden behind others, and in proportion: their box is
 * of what is seen of them or a guess, and stays wrong in the same way for as long as they are hidden.
 */
const HIDDEN_VARIANCE = 10;
/** Velocity at the first box, in heights/s: standard deviation. */
const START_SPEED = 1.5;
const START_SIZE_SPEED = 0.3;

/** States of one axis over a tracklet: {@link AXIS} numbers an element, as in kalman.ts. */
export type AxisStates = Float64Array;

/**
 * Fixed-interval smoothing of a tracklet: what is known of position and velocity at each element from all others,
 * earlier and later. Rauch, Tung, Striebel, "Maximum likelihood estimates of linear dynamic systems" (1965).
 * @param tracklet at least one element
 * @param times of all samples in seconds
 * @param noise of this video
 * @returns the four axes
 */
export function smoothTracklet(
  tracklet: Tracklet,
  times: ArrayLike<number>,
  noise: MeasuredNoise,
): AxisStates[] {
  const relative = relativeVariances(tracklet);
  return [0, 1, 2, 3].map((axis) =>
    smoothAxis(tracklet, times, axisNoise(noise, axis), relative, axis),
  );
}

/** What smoothing assumes of one axis, in heights of the person and seconds. */
export interface AxisNoise {
  /** Variance of the usual observation. */
  readonly variance: number;
  /** Variance that the velocity gains in a second. */
  readonly acceleration: number;
  /** Variance of the velocity at the first box, about 0. */
  readonly startVelocity: number;
}

/** @param axis 0 to 3: centre x, centre y, width, height */
export function axisNoise({ deviation, acceleration }: MeasuredNoise, axis: number): AxisNoise {
  const room = axis < 2 ? PLACE_ROOM : SIZE_ROOM;
  const speed = axis < 2 ? START_SPEED : START_SIZE_SPEED;
  const error = Math.max(LEAST_DEVIATION, deviation[axis]!);
  return {
    variance: error * error,
    acceleration: Math.max(LEAST_ACCELERATION, room * acceleration[axis]!),
    startVelocity: speed * speed,
  };
}

/** Variance of each element's box over that of the usual observation, by how sure the detector was and how much of the person is hidden. */
export function relativeVariances(tracklet: Tracklet): Float64Array {
  const { length, scores, visible } = tracklet;
  const usual = LEAST_UNCERTAINTY + 1 - tracklet.meanScore;
  return Float64Array.from(
    { length },
    (_, i) =>
      ((LEAST_UNCERTAINTY + 1 - scores[i]!) / usual) * (1 + HIDDEN_VARIANCE * (1 - visible[i]!)),
  );
}

function smoothAxis(
  tracklet: Tracklet,
  times: ArrayLike<number>,
  { variance: usual, acceleration, startVelocity }: AxisNoise,
  relative: Float64Array,
  axis: number,
): AxisStates {
  const { length, samples, boxes } = tracklet;
  const states = new Float64Array(AXIS * length);
  const predicted = new Float64Array(AXIS * length);
  for (let i = 0; i < length; i++) {
    const o = AXIS * i;
    const height = boxCoordinate(boxes, i, HEIGHT);
    const observed = boxCoordinate(boxes, i, axis);
    const area = height * height;
    const variance = usual * area * relative[i]!;
    if (i === 0) {
      startAxis(states, 0, observed, variance, startVelocity * area);
      continue;
    }
    const step = times[samples[i]!]! - times[samples[i - 1]!]!;
    const strength = acceleration * area * step;
    const cross = (strength * step) / 2;
    states.copyWithin(o, o - AXIS, o);
    predictAxis(states, o, step, (2 * cross * step) / 3, strength, cross);
    for (let k = 0; k < AXIS; k++) predicted[o + k] = states[o + k]!;
    correctAxis(states, o, observed, variance);
  }
  for (let i = length - 2; i >= 0; i--) {
    const step = times[samples[i + 1]!]! - times[samples[i]!]!;
    smoothBack(states, predicted, AXIS * i, step);
  }
  return states;
}

/** One step of the backward pass: the state at `o` from the smoothed one after it. */
function smoothBack(states: Float64Array, predicted: Float64Array, o: number, step: number): void {
  const n = o + AXIS;
  const p11 = predicted[n + 2]!;
  const p12 = predicted[n + 3]!;
  const p22 = predicted[n + 4]!;
  const determinant = p11 * p22 - p12 * p12;
  const f11 = states[o + 2]! + step * states[o + 3]!;
  const f12 = states[o + 3]!;
  const f21 = states[o + 3]! + step * states[o + 4]!;
  const f22 = states[o + 4]!;
  const c11 = (f11 * p22 - f12 * p12) / determinant;
  const c12 = (f12 * p11 - f11 * p12) / determinant;
  const c21 = (f21 * p22 - f22 * p12) / determinant;
  const c22 = (f22 * p11 - f21 * p12) / determinant;
  const dx = states[n]! - predicted[n]!;
  const dv = states[n + 1]! - predicted[n + 1]!;
  states[o]! += c11 * dx + c12 * dv;
  states[o + 1]! += c21 * dx + c22 * dv;
  const d11 = states[n + 2]! - p11;
  const d12 = states[n + 3]! - p12;
  const d22 = states[n + 4]! - p22;
  const g11 = c11 * d11 + c12 * d12;
  const g12 = c11 * d12 + c12 * d22;
  const g21 = c21 * d11 + c22 * d12;
  const g22 = c21 * d12 + c22 * d22;
  states[o + 2]! += g11 * c11 + g12 * c12;
  states[o + 3]! += g11 * c21 + g12 * c22;
  states[o + 4]! += g21 * c21 + g22 * c22;
}
