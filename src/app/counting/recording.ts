import { cameraFromName, clockFromName } from '../../analytics/clock-from-name.ts';
import type { JobSummary } from '../../client/api.ts';

/** What is known of a recording, and from where. */
export interface Recording {
  /** Name of the camera. */
  readonly camera: string;
  /** When it begins, ISO 8601 with its offset, or null where nobody knows. */
  readonly startsAt: string | null;
  readonly clockFrom: 'given' | 'name' | 'file' | 'nowhere';
}

/**
 * What is known of a job's video: what was said of it, else what its name tells, else what its file does. A camera that
 * was named for another video of a like name is taken to be this one's too.
 * @param jobs all others, newest first
 */
export function recordingOf(
  { key, recording = {}, recordedAt }: JobSummary,
  jobs: readonly JobSummary[] = [],
): Recording {
  const named = cameraFromName(key);
  const like = jobs.find((job) => job.recording?.camera && cameraFromName(job.key) === named);
  const camera = recording.camera ?? like?.recording?.camera ?? named ?? key;
  if (recording.startsAt !== undefined)
    return { camera, startsAt: recording.startsAt, clockFrom: 'given' };
  const wall = clockFromName(key);
  if (wall !== undefined) {
    // A camera that names its own offset from UTC is believed; of UTC itself nobody's day is.
    const startsAt = /[+-]\d\d:\d\d$/.test(wall) ? wall : onThisClock(wall);
    return { camera, startsAt, clockFrom: 'name' };
  }
  if (recordedAt) return { camera, startsAt: isoOf(recordedAt), clockFrom: 'file' };
  return { camera, startsAt: null, clockFrom: 'nowhere' };
}

/** A time on the wall, `2026-03-01T09:30:00`, or of UTC, with a `Z`, by this device's clock and with the offset that it had then. */
export function onThisClock(wall: string): string {
  return isoOf(new Date(wall));
}

/** A moment on this device's clock, to the second, with its offset: `2026-03-01T09:30:00+01:00`. */
function isoOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const wall = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${wall}${offset}`;
}
