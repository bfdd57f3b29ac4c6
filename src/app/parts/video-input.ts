import type { JobSettings, ObjectSummary, PersonTracking } from '../../client/api.ts';

/** Name of the one bucket that the app keeps its videos in. */
export const BUCKET = 'videos';

/** A video as somebody gave it: a handle where the browser has them, since a handle outlives a reload without a copy. */
export interface VideoInput {
  readonly name: string;
  readonly body: File | FileSystemFileHandle;
  readonly sizeBytes: number;
}

interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}
interface PickerWindow {
  showOpenFilePicker?(options: {
    id: string;
    types: { description: string; accept: Record<string, string[]> }[];
  }): Promise<FileSystemFileHandle[]>;
}

async function fromHandle(handle: FileSystemFileHandle): Promise<VideoInput> {
  const { name, size } = await handle.getFile();
  return { name, body: handle, sizeBytes: size };
}

/** A plain file as input. */
export function fromFile(file: File): VideoInput {
  return { name: file.name, body: file, sizeBytes: file.size };
}

/** The first file of a drop, or null when there is none. Must be called while the drop event is being handled. */
export async function fromDrop(transfer: DataTransfer): Promise<VideoInput | null> {
  const item = [...transfer.items].find(({ kind }) => kind === 'file');
  if (!item) return null;
  const file = item.getAsFile();
  const handle = await (item as HandleItem).getAsFileSystemHandle?.().catch(() => null);
  if (handle?.kind === 'file') return fromHandle(handle as FileSystemFileHandle);
  return file && handle?.kind !== 'directory' ? fromFile(file) : null;
}

/** Whether {@link pickVideo} works here; elsewhere a file field does. */
export function canPick(): boolean {
  return 'showOpenFilePicker' in window;
}

/** Asks for a video with the browser's file dialogue; null when it was dismissed. */
export async function pickVideo(): Promise<VideoInput | null> {
  try {
    const handles = await (window as PickerWindow).showOpenFilePicker!({
      id: 'footpath-video',
      types: [
        {
          description: 'Videos',
          accept: { 'video/*': ['.mp4', '.m4v', '.mov', '.webm', '.mkv', '.ts', '.m2ts'] },
        },
      ],
    });
    return handles[0] ? await fromHandle(handles[0]) : null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** A sample video of this site as a file, so that it is kept like any other. @throws Error when it cannot be had */
export async function fetchSample(path: string): Promise<VideoInput> {
  const response = await fetch(path);
  if (!response.ok)
    throw new Error(`The sample is not there: ${path} answered ${response.status}.`);
  const blob = await response.blob();
  return fromFile(new File([blob], path.split('/').at(-1)!, { type: 'video/mp4' }));
}

/**
 * Stores the video and starts its job.
 * @returns the job's id
 */
export async function startJob(
  tracking: PersonTracking,
  input: VideoInput,
  settings: Partial<JobSettings>,
): Promise<string> {
  // Asked once there is something to keep: browsers clear unprotected storage when space runs short.
  void navigator.storage?.persist?.().catch(() => false);
  const stored = await tracking.putObject({ Bucket: BUCKET, Key: input.name, Body: input.body });
  const { JobId } = await tracking.startPersonTracking(
    { Video: { S3Object: { Bucket: BUCKET, Name: stored.Key, Version: stored.VersionId } } },
    settings,
  );
  return JobId;
}

/** The stored video of a job, or undefined when it was deleted. */
export async function videoOf(
  tracking: PersonTracking,
  job: { readonly bucket: string; readonly key: string; readonly version: string },
): Promise<ObjectSummary | undefined> {
  const objects = await tracking.listObjects({ Bucket: job.bucket });
  return objects.find(({ Key, VersionId }) => Key === job.key && VersionId === job.version);
}

/** Forgets a job, and its video with it when no other job is about that video. */
export async function forgetJob(tracking: PersonTracking, jobId: string): Promise<void> {
  const { bucket, key, version } = await tracking.getJob(jobId);
  await tracking.deleteJob(jobId);
  const shared = (await tracking.listJobs()).some(
    (job) => job.bucket === bucket && job.key === key && job.version === version,
  );
  if (!shared) await tracking.deleteObject({ Bucket: bucket, Key: key, VersionId: version });
}
