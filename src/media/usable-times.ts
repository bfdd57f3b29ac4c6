import { Failure } from '../contract/failure.ts';

/** More frames a second than any camera takes and any video plays: times that ask for it are none. */
const MAX_FRAME_RATE = 1000;
/** Fewer are a number that nobody wrote on purpose. */
const MIN_FRAME_RATE = 1e-3;

/** @throws Failure `times-unusable` where so many frames take so few seconds that their times mean nothing */
export function checkTimes(frames: number, seconds: number): void {
  if (frames < 2 || frames <= MAX_FRAME_RATE * seconds) return;
  throw new Failure(
    'times-unusable',
    `The video gives its ${frames} pictures ${seconds > 0 ? `no more than ${(1000 * seconds).toFixed(1)} milliseconds in all` : 'the same time'}, so it cannot be told when anybody is where: its times are missing or damaged. Copy it again from the camera or its source, or convert it to H.264 in an MP4 file with a frame rate.`,
  );
}

/**
 * A time in whole microseconds.
 * @throws Failure `times-unusable` where it is so far away that no decoder takes it, as of a damaged table
 */
export function toMicroseconds(seconds: number): number {
  const microseconds = Math.round(seconds * 1e6);
  if (Number.isSafeInteger(microseconds)) return microseconds;
  throw new Failure(
    'times-unusable',
    'The video gives one of its pictures a time that is centuries away from the others, so it cannot be told when anybody is where: its times are damaged. The people found up to there are kept. Copy it again from the camera or its source, or convert it to H.264 in an MP4 file with a frame rate.',
  );
}

/** A frame rate as it is told, in frames a second: 0 where it is beyond reason. */
export function reasonableRate(rate: number): number {
  return rate >= MIN_FRAME_RATE && rate <= MAX_FRAME_RATE ? rate : 0;
}
