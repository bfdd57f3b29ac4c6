import { boxCoordinate, HEIGHT } from '../box.ts';
import { SPREAD_UNIT } from '../detections.ts';
import { smoothInterval } from '../filter/interval-smoother.ts';
import type { MeasuredNoise } from './measure-noise.ts';
import { type AxisStates, axisNoise, relativeVariances, smoothTracklet } from './smooth.ts';
import type { Tracklet } from './tracklet.ts';

/**
 * Spread of a side, in heights, that is as unsure as the measured noise says: about the least that people in full view have. Lower:
 * smoother.
 */
const USUAL_SPREAD = 0.05;
/**
 * A side's variance over the measured one, by its spread. It goes by the cube: by the square if the spread were the error, but on
 * real pictures errors grow faster, for whoever's feet are hidden is wrong in the same way for seconds.
 */
function shareOf(spread: number): number {
  const ratio = (SPREAD_UNIT * spread) / USUAL_SPREAD;
  return ratio * ratio * ratio;
}

/**
 * Smooths a tracklet as {@link smoothTracklet} does, and each side of the boxes by how unsure the detector was of it: where the feet
 * are hidden, head and height tell where they are. Where the detector does not tell, it is the same. For the boxes of results: who is
 * who is decided by what boxes alone say, which got no better by it.
 * @param tracklet at least one element
 * @param times of all samples in seconds
 * @param noise of this video
 * @returns the four axes
 */
export function smoothSides(
  tracklet: Tracklet,
  times: ArrayLike<number>,
  noise: MeasuredNoise,
): AxisStates[] {
  if (tracklet.spreads.subarray(0, 4 * tracklet.length).some((spread) => spread === 0)) {
    return smoothTracklet(tracklet, times, noise);
  }
  const relative = relativeVariances(tracklet);
  const [x, width] = smoothPair(tracklet, times, noise, relative, 0);
  const [y, height] = smoothPair(tracklet, times, noise, relative, 1);
  return [x, y, width, height];
}

/** @param axis of the centre: 0 or 1; its sides are the same of a box, and two later */
function smoothPair(
  { length, samples, boxes, spreads }: Tracklet,
  times: ArrayLike<number>,
  noise: MeasuredNoise,
  relative: Float64Array,
  axis: number,
): [AxisStates, AxisStates] {
  const centre = axisNoise(noise, axis);
  const size = axisNoise(noise, axis + 2);
  // Of the two sides of the usual box: the variance of one, and their covariance.
  const side = centre.variance + size.variance / 4;
  const both = centre.variance - size.variance / 4;
  const areaOf = (i: number) => {
    const pixels = boxCoordinate(boxes, i, HEIGHT);
    return pixels * pixels;
  };
  const observations = Array.from({ length }, (_, i) => {
    const area = areaOf(i);
    const share = (k: number) => area * relative[i]! * shareOf(spreads[4 * i + k]!);
    const [first, second] = [share(axis), share(axis + 2)];
    // Both err together as far as the surer one errs; what the other errs more is its own.
    const common = both * Math.min(first, second);
    return {
      step: i === 0 ? 0 : times[samples[i]!]! - times[samples[i - 1]!]!,
      centre: boxCoordinate(boxes, i, axis),
      length: boxCoordinate(boxes, i, axis + 2),
      centreVariance: (side * (first + second) + 2 * common) / 4,
      lengthVariance: side * (first + second) - 2 * common,
      covariance: (side * (second - first)) / 2,
      centreAcceleration: centre.acceleration * area,
      lengthAcceleration: size.acceleration * area,
    };
  });
  return smoothInterval(observations, {
    centreVelocity: centre.startVelocity * areaOf(0),
    lengthVelocity: size.startVelocity * areaOf(0),
  });
}
