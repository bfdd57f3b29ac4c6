import type { JobSettings, JobSummary, PersonTracking } from '../../client/api.ts';
import { Failure } from '../../contract/failure.ts';
import { ownAddress } from './own-address.ts';

/** Bucket of the videos that elements are given. */
const BUCKET = 'footpath-tracker';
/** Characters of an object's key. */
const MOST_NAME = 1024;

/** A video as an element is given one: what the page holds goes before an address. */
export interface GivenVideo {
  readonly file: File | Blob | FileSystemFileHandle | null;
  readonly src: string | null;
}

/** What a video is called; empty without one. */
export function videoName({ file, src }: GivenVideo): string {
  if (!file) return src ?? '';
  return ('name' in file ? file.name : 'video').slice(0, MOST_NAME);
}

/** Searches under way: of two elements that are given one video, the second finds the job of the first. */
const searches = new WeakMap<PersonTracking, Promise<unknown>>();

/**
 * The job that looks through a video: one that is there with the same settings, else a new one.
 * @param settings of the job, over the usual ones
 * @param isWanted asked right before a job is begun: whether its element still wants it
 * @returns the job's id; undefined where none is wanted any more
 * @throws Failure `object-missing` without a video, `object-unreadable` where it cannot be had, `settings-invalid` that names
 *   the setting, the rule and the value
 */
export function jobOfVideo(
  tracking: PersonTracking,
  video: GivenVideo,
  settings: Partial<JobSettings>,
  isWanted: () => boolean,
): Promise<string | undefined> {
  const search = () => findOrBegin(tracking, video, settings, isWanted);
  const found = (searches.get(tracking) ?? Promise.resolve()).then(search);
  searches.set(
    tracking,
    found.catch(() => {}),
  );
  return found;
}

async function findOrBegin(
  tracking: PersonTracking,
  video: GivenVideo,
  settings: Partial<JobSettings>,
  isWanted: () => boolean,
): Promise<string | undefined> {
  if (!isWanted()) return undefined;
  const { file, src } = video;
  if (!file && !src)
    throw new Failure('object-missing', 'There is no video: set src, or file, before start.');
  const { likeSettings } = await import('../../client/person-tracking.ts');
  // A slip of the page's is told before the video is read, and not as a defect of ours.
  const isLike = await likeSettings(settings).catch((error) => {
    throw error instanceof RangeError ? new Failure('settings-invalid', error.message) : error;
  });
  const { Key, VersionId } = await tracking.putObject({
    Bucket: BUCKET,
    Key: videoName(video).slice(0, MOST_NAME),
    Body: file ? (file as File) : ownAddress('src', src!),
    WithJobs: true,
  });
  const known = (await tracking.listJobs()).find(
    (job) =>
      job.bucket === BUCKET &&
      job.key === Key &&
      job.version === VersionId &&
      job.status !== 'FAILED' &&
      // One that was tracked again was looked through by its own settings, too.
      [job, ...job.revisions].some((result) => isLike(result.settings)),
  );
  if (known) return known.jobId;
  if (!isWanted()) return undefined;
  const { JobId } = await tracking.startPersonTracking(
    { Video: { S3Object: { Bucket: BUCKET, Name: Key, Version: VersionId } } },
    settings,
  );
  return JobId;
}

/** An address that plays the job's video, or null where it cannot be read any more. */
export async function videoAddress(
  tracking: PersonTracking,
  { bucket, key, version }: JobSummary,
): Promise<string | null> {
  try {
    const body = await tracking.getObject({ Bucket: bucket, Key: key, VersionId: version });
    return body instanceof Blob ? URL.createObjectURL(body) : body.href;
  } catch {
    return null;
  }
}

/** Lets go of an address that {@link videoAddress} made. */
export function releaseAddress(address: string | null): void {
  if (address?.startsWith('blob:')) URL.revokeObjectURL(address);
}
