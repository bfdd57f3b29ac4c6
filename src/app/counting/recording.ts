import { cameraFromName } from '../../analytics/clock-from-name.ts';
import { isoOf, startFromName } from '../../analytics/device-clock.ts';
import type { JobSummary } from '../../client/api.ts';

/** A version that is named by the file's bytes. */
const CONTENT = /^[\da-f]{32}$/;

/** What is known of a recording, and from where. */
export interface Recording {
  /** Name of the camera. */
  readonly camera: string;
  /** When it begins, ISO 8601 with its offset, or null where nobody knows. */
  readonly startsAt: string | null;
  readonly clockFrom: 'given' | 'name' | 'file' | 'nowhere';
}

/** What was said of some jobs' videos, for others of the same camera and of the same video. */
interface Said {
  /** Cameras by what names of files have in common. */
  readonly cameras: ReadonlyMap<string | undefined, string>;
  /** Begins by video; null where nobody knows. */
  readonly starts: ReadonlyMap<string, string | null>;
}

/**
 * What is known of a job's video: what was said of it, else what its name tells, else what its file does. A camera that
 * was named for another video of a like name is taken to be this one's too, and what was said of the clock holds for every job of
 * the same video.
 * @param jobs all others, newest first
 */
export function recordingOf(job: JobSummary, jobs: readonly JobSummary[] = []): Recording {
  return recordingWith(job, saidOf(jobs));
}

/** What is known of the video of each job. @param jobs newest first */
export function recordingsOf(jobs: readonly JobSummary[]): Map<JobSummary, Recording> {
  const said = saidOf(jobs);
  return new Map(jobs.map((job) => [job, recordingWith(job, said)]));
}

/** Names the video of a job: two jobs of one file have it in common, whatever that is called where its bytes name the version. */
export function videoOf({ bucket, key, version }: JobSummary): string {
  return CONTENT.test(version) ? version : JSON.stringify([bucket, key, version]);
}

function saidOf(jobs: readonly JobSummary[]): Said {
  const cameras = new Map<string | undefined, string>();
  const starts = new Map<string, string | null>();
  for (const job of jobs) {
    const { camera, startsAt } = job.recording ?? {};
    const named = camera && cameraFromName(job.key);
    if (camera && !cameras.has(named)) cameras.set(named, camera);
    const video = videoOf(job);
    if (startsAt !== undefined && !starts.has(video)) starts.set(video, startsAt);
  }
  return { cameras, starts };
}

function recordingWith(job: JobSummary, { cameras, starts }: Said): Recording {
  const { key, recording = {}, recordedAt } = job;
  const named = cameraFromName(key);
  const camera = recording.camera ?? cameras.get(named) ?? named ?? key;
  const given = recording.startsAt === undefined ? starts.get(videoOf(job)) : recording.startsAt;
  if (given !== undefined) return { camera, startsAt: given, clockFrom: 'given' };
  const startsAt = startFromName(key);
  if (startsAt !== undefined) return { camera, startsAt, clockFrom: 'name' };
  if (recordedAt) return { camera, startsAt: isoOf(recordedAt), clockFrom: 'file' };
  return { camera, startsAt: null, clockFrom: 'nowhere' };
}
