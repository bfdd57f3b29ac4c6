/**
 * Constant-velocity Kalman filters, one an axis. The trackers' filters have diagonal noise and an observation
 * of every position, so the joint filter of the papers falls apart into independent axes of two states each,
 * with the same numbers at a tenth of the work. Kalman, "A New Approach to Linear Filtering and Prediction
 * Problems" (1960).
 *
 * A filter is five numbers at an offset: position, velocity, and the covariances var(position),
 * cov(position, velocity), var(velocity).
 */

/** Numbers an axis takes. */
export const AXIS = 5;

/**
 * Starts an axis at a first observation, at rest.
 * @param state takes the five numbers
 * @param offset where they go
 * @param position first observation
 * @param positionVariance how unsure it is
 * @param velocityVariance how fast things may move
 */
export function startAxis(
  state: Float64Array,
  offset: number,
  position: number,
  positionVariance: number,
  velocityVariance: number,
): void {
  state[offset] = position;
  state[offset + 1] = 0;
  state[offset + 2] = positionVariance;
  state[offset + 3] = 0;
  state[offset + 4] = velocityVariance;
}

/**
 * Moves an axis on in time.
 * @param state the five numbers
 * @param offset where they are
 * @param step time passed, in the unit of the velocity
 * @param positionNoise variance the position gains
 * @param velocityNoise variance the velocity gains
 * @param crossNoise covariance of the two that is gained; 0 where the noises are independent
 */
export function predictAxis(
  state: Float64Array,
  offset: number,
  step: number,
  positionNoise: number,
  velocityNoise: number,
  crossNoise = 0,
): void {
  const cross = state[offset + 3]!;
  const velocityVariance = state[offset + 4]!;
  state[offset]! += step * state[offset + 1]!;
  state[offset + 2]! += step * (2 * cross + step * velocityVariance) + positionNoise;
  state[offset + 3] = cross + step * velocityVariance + crossNoise;
  state[offset + 4] = velocityVariance + velocityNoise;
}

/**
 * Corrects an axis by an observation of its position.
 * @param state the five numbers
 * @param offset where they are
 * @param observed the observation
 * @param noise its variance, above 0
 */
export function correctAxis(
  state: Float64Array,
  offset: number,
  observed: number,
  noise: number,
): void {
  const variance = state[offset + 2]!;
  const cross = state[offset + 3]!;
  const gain = variance / (variance + noise);
  const velocityGain = cross / (variance + noise);
  const residual = observed - state[offset]!;
  state[offset]! += gain * residual;
  state[offset + 1]! += velocityGain * residual;
  state[offset + 2] = variance * (1 - gain);
  state[offset + 3] = cross * (1 - gain);
  state[offset + 4]! -= velocityGain * cross;
}
