/** Seconds from one look by which people are known again to the next. */
const REID_SECONDS = 0.5;

/**
 * Whether people of a sample are embedded: of the samples looked at, about two a second. It depends on the sample's own
 * time alone, so that a part of a video, a job that goes on and any number of threads choose alike.
 * @param timeSeconds of the sample, from the video's start
 * @param stepSeconds usual time from one sample that is looked at to the next
 */
export function isReidSample(timeSeconds: number, stepSeconds: number): boolean {
  const window = (seconds: number) => Math.floor(seconds / REID_SECONDS + 1e-6);
  return window(timeSeconds) > window(timeSeconds - stepSeconds);
}
