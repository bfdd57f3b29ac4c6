/**
 * Seconds within which two lengths of time are taken for the same. Times come from whole ticks of a video and are added
 * and subtracted in double precision, whose error in a day of video is below 1e-11; no two samples are so near.
 */
export const TIME_EPSILON = 1e-9;

/**
 * Holds that samples come in order.
 * @param timeSeconds of a tracker's next sample
 * @param lastSeconds of the one before; NaN before the first
 * @throws RangeError when time does not grow or is no number
 */
export function assertLater(timeSeconds: number, lastSeconds: number): void {
  if (Number.isFinite(timeSeconds) && !(timeSeconds <= lastSeconds)) return;
  throw new RangeError(
    `timeSeconds is ${timeSeconds}; it must be a finite number above the last one, ${lastSeconds}`,
  );
}
