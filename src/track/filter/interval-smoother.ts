import { AXIS } from './kalman.ts';

/**
 * Fixed-interval smoothing of the two sides of a box along one axis, of which one may be seen better than the other. The state
 * is the centre, its velocity, the length and its velocity; both velocities change by random acceleration. What is observed of centre
 * and length errs together, since both are made of the sides, so that a side that is seen well and a length that is known tell where
 * the other side is. Kalman's filter forward, then the modified Bryson-Frazier recursion backward, which inverts no covariance of the
 * state: Bierman, "Fixed Interval Smoothing with Discrete Measurements", International Journal of Control 18 (1973).
 */

/** Numbers of a state, and of its covariance by rows. */
const STATE = 4;
const COVARIANCE = STATE * STATE;
/** Where the length is in a state: centre and length are what is observed. */
const LENGTH = 2;

/** A centre and a length as observed. */
export interface IntervalObservation {
  /** Time since the observation before, in any unit; not looked at in the first. */
  readonly step: number;
  readonly centre: number;
  readonly length: number;
  /** Variances of both, and their covariance: a positive definite matrix. */
  readonly centreVariance: number;
  readonly lengthVariance: number;
  readonly covariance: number;
  /** Variances that the velocities gain in a unit of time. */
  readonly centreAcceleration: number;
  readonly lengthAcceleration: number;
}

/** What is known of an interval's velocities before anything was observed: variances about 0. */
export interface IntervalStart {
  readonly centreVelocity: number;
  readonly lengthVelocity: number;
}

/**
 * @param observations in order of time
 * @param start of the first one
 * @returns for the centre and for the length what is known at each observation from all of them: {@link AXIS} numbers each, as in
 *   kalman.ts
 */
export function smoothInterval(
  observations: readonly IntervalObservation[],
  start: IntervalStart,
): [centre: Float64Array, length: Float64Array] {
  const count = observations.length;
  const states = new Float64Array(STATE * count);
  const covariances = new Float64Array(COVARIANCE * count);
  const state = new Float64Array(STATE);
  const covariance = new Float64Array(COVARIANCE);
  const corrections: (Correction | undefined)[] = [];
  for (const [i, observation] of observations.entries()) {
    if (i === 0) begin(state, covariance, observation, start);
    else predict(state, covariance, observation);
    states.set(state, STATE * i);
    covariances.set(covariance, COVARIANCE * i);
    // The first observation is all that is known of the place before: it is the prediction.
    const correction = i === 0 ? undefined : correctionOf(state, covariance, observation);
    corrections.push(correction);
    if (correction) correct(state, covariance, correction);
  }
  const smoothed: [Float64Array, Float64Array] = [
    new Float64Array(AXIS * count),
    new Float64Array(AXIS * count),
  ];
  // What later observations say against a prediction, and how surely.
  const against = new Float64Array(STATE);
  const information = new Float64Array(COVARIANCE);
  for (let i = count - 1; i >= 0; i--) {
    const correction = corrections[i];
    if (correction) takeBack(against, information, correction);
    const predicted = states.subarray(STATE * i, STATE * (i + 1));
    const unsureness = covariances.subarray(COVARIANCE * i, COVARIANCE * (i + 1));
    const gain = product(unsureness, information);
    for (const [k, out] of smoothed.entries()) {
      const a = LENGTH * k;
      const o = AXIS * i;
      out[o] = predicted[a]! - dot(unsureness, a, against);
      out[o + 1] = predicted[a + 1]! - dot(unsureness, a + 1, against);
      out[o + 2] = reduced(unsureness, gain, a, a);
      out[o + 3] = reduced(unsureness, gain, a, a + 1);
      out[o + 4] = reduced(unsureness, gain, a + 1, a + 1);
    }
    if (i > 0) goBack(against, information, observations[i]!.step);
  }
  return smoothed;
}

function begin(
  state: Float64Array,
  covariance: Float64Array,
  observation: IntervalObservation,
  { centreVelocity, lengthVelocity }: IntervalStart,
): void {
  state[0] = observation.centre;
  state[LENGTH] = observation.length;
  covariance[0] = observation.centreVariance;
  covariance[5] = centreVelocity;
  covariance[10] = observation.lengthVariance;
  covariance[15] = lengthVelocity;
  covariance[2] = observation.covariance;
  covariance[8] = observation.covariance;
}

function predict(
  state: Float64Array,
  covariance: Float64Array,
  { step, centreAcceleration, lengthAcceleration }: IntervalObservation,
): void {
  for (const a of [0, LENGTH]) state[a]! += step * state[a + 1]!;
  for (const a of [0, LENGTH]) {
    for (let k = 0; k < STATE; k++) {
      covariance[STATE * a + k]! += step * covariance[STATE * (a + 1) + k]!;
    }
  }
  for (const a of [0, LENGTH]) {
    for (let k = 0; k < STATE; k++) {
      covariance[STATE * k + a]! += step * covariance[STATE * k + a + 1]!;
    }
  }
  for (const [a, strength] of [
    [0, centreAcceleration * step],
    [LENGTH, lengthAcceleration * step],
  ] as const) {
    const o = STATE * a + a;
    covariance[o]! += (strength * step * step) / 3;
    covariance[o + 1]! += (strength * step) / 2;
    covariance[o + STATE]! += (strength * step) / 2;
    covariance[o + STATE + 1]! += strength;
  }
}

/** What an observation changes. */
interface Correction {
  /** Columns of the gain, for centre and length. */
  readonly gains: readonly [Float64Array, Float64Array];
  /** Inverse covariance of what is observed beside the prediction: of centre, of length, of both. */
  readonly inverse: readonly [number, number, number];
  /** Observed less predicted. */
  readonly residual: readonly [number, number];
}

function correctionOf(
  state: Float64Array,
  covariance: Float64Array,
  observation: IntervalObservation,
): Correction {
  const centre = covariance[0]! + observation.centreVariance;
  const length = covariance[10]! + observation.lengthVariance;
  const both = covariance[2]! + observation.covariance;
  const determinant = centre * length - both * both;
  const inverse = [length / determinant, centre / determinant, -both / determinant] as const;
  const gain = (a: number, b: number) =>
    Float64Array.from(
      { length: STATE },
      (_, k) => a * covariance[STATE * k]! + b * covariance[STATE * k + LENGTH]!,
    );
  return {
    gains: [gain(inverse[0], inverse[2]), gain(inverse[2], inverse[1])],
    inverse,
    residual: [observation.centre - state[0]!, observation.length - state[LENGTH]!],
  };
}

function correct(
  state: Float64Array,
  covariance: Float64Array,
  { gains: [p, q], residual }: Correction,
): void {
  for (let k = 0; k < STATE; k++) state[k]! += p[k]! * residual[0] + q[k]! * residual[1];
  const centre = covariance.slice(0, STATE);
  const length = covariance.slice(STATE * LENGTH, STATE * (LENGTH + 1));
  // Symmetric to the bit: what differs between the halves would grow.
  for (let row = 0; row < STATE; row++) {
    for (let column = row; column < STATE; column++) {
      const value =
        covariance[STATE * row + column]! - p[row]! * centre[column]! - q[row]! * length[column]!;
      covariance[STATE * row + column] = value;
      covariance[STATE * column + row] = value;
    }
  }
}

/** From after an observation to before it. */
function takeBack(
  against: Float64Array,
  information: Float64Array,
  { gains, inverse, residual }: Correction,
): void {
  const said = gains.map((gain) => gain.reduce((sum, value, k) => sum + value * against[k]!, 0));
  against[0]! -= said[0]! + inverse[0] * residual[0] + inverse[2] * residual[1];
  against[LENGTH]! -= said[1]! + inverse[2] * residual[0] + inverse[1] * residual[1];
  const columns = gains.map((gain) =>
    Float64Array.from({ length: STATE }, (_, k) => dot(information, k, gain)),
  );
  for (let k = 0; k < STATE; k++) {
    information[STATE * k]! -= columns[0]![k]!;
    information[STATE * k + LENGTH]! -= columns[1]![k]!;
  }
  const rows = gains.map((gain) =>
    Float64Array.from({ length: STATE }, (_, column) =>
      gain.reduce((sum, value, k) => sum + value * information[STATE * k + column]!, 0),
    ),
  );
  for (let k = 0; k < STATE; k++) {
    information[k]! -= rows[0]![k]!;
    information[STATE * LENGTH + k]! -= rows[1]![k]!;
  }
  information[0]! += inverse[0];
  information[10]! += inverse[1];
  information[2]! += inverse[2];
  information[8]! += inverse[2];
}

/** From a prediction to what it was made of. */
function goBack(against: Float64Array, information: Float64Array, step: number): void {
  for (const a of [0, LENGTH]) against[a + 1]! += step * against[a]!;
  for (const a of [0, LENGTH]) {
    for (let k = 0; k < STATE; k++) {
      information[STATE * (a + 1) + k]! += step * information[STATE * a + k]!;
    }
  }
  for (const a of [0, LENGTH]) {
    for (let k = 0; k < STATE; k++) {
      information[STATE * k + a + 1]! += step * information[STATE * k + a]!;
    }
  }
}

/** A row of a matrix times a vector. */
function dot(matrix: Float64Array, row: number, vector: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < STATE; k++) sum += matrix[STATE * row + k]! * vector[k]!;
  return sum;
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(COVARIANCE);
  for (let row = 0; row < STATE; row++) {
    for (let column = 0; column < STATE; column++) {
      let sum = 0;
      for (let k = 0; k < STATE; k++) sum += a[STATE * row + k]! * b[STATE * k + column]!;
      result[STATE * row + column] = sum;
    }
  }
  return result;
}

/** An entry of a covariance less what later observations take of it. */
function reduced(
  covariance: Float64Array,
  gain: Float64Array,
  row: number,
  column: number,
): number {
  let sum = 0;
  for (let k = 0; k < STATE; k++) sum += gain[STATE * row + k]! * covariance[STATE * k + column]!;
  return covariance[STATE * row + column]! - sum;
}
