import type { EmbeddedPeople } from './ports.ts';

/** Seconds from one look by which people are known again to the next, while somebody is near whom they might be mixed up with. */
const NEAR_SECONDS = 0.5;
/** The same for everybody. */
const REID_SECONDS = 2;

/**
 * Who of a sample is embedded: of the samples looked at, in about two a second those who are near to somebody, and in one every two
 * seconds everybody. It depends on the video's own times alone, so that a part of a video, a job that goes on and any number of
 * threads choose alike, and no rate is too uneven for it.
 * @param timeSeconds of the sample, from the video's start
 * @param previousSeconds of the one looked at before it; absent: there is none
 * @returns undefined: nobody
 */
export function embeddedPeople(
  timeSeconds: number,
  previousSeconds = Number.NEGATIVE_INFINITY,
): EmbeddedPeople | undefined {
  const isFirst = (span: number) => {
    const window = (seconds: number) => Math.floor(seconds / span + 1e-6);
    return window(timeSeconds) > window(previousSeconds);
  };
  if (isFirst(REID_SECONDS)) return 'everybody';
  return isFirst(NEAR_SECONDS) ? 'near' : undefined;
}
