import type { JobSettings, ObjectSummary, PersonTracking } from '../../client/api.ts';
import { VIDEO_EXTENSIONS } from '../../element/video-files.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { fromHandles, type GivenFiles, type VideoInput } from './given-files.ts';

/** Name of the one bucket that the app keeps its videos in. */
const BUCKET = 'videos';

interface PickerWindow {
  showOpenFilePicker?(options: {
    id: string;
    multiple: true;
    types: { description: string; accept: Record<string, readonly string[]> }[];
  }): Promise<FileSystemFileHandle[]>;
  showDirectoryPicker?(options: { id: string }): Promise<FileSystemDirectoryHandle>;
}

/** A file of this page's own making as input. */
function fromFile(file: File): VideoInput {
  return { name: file.name, body: file, sizeBytes: file.size };
}

/** Whether {@link pickVideos} works here; elsewhere, as in a frame of another origin, a file field does. */
export function canPick(): boolean {
  return 'showOpenFilePicker' in window && !isInForeignFrame();
}

/** Whether {@link pickFolder} works here; elsewhere a folder field may. */
export function canPickFolder(): boolean {
  return 'showDirectoryPicker' in window && !isInForeignFrame();
}

/** Asks for videos with the browser's file dialogue; null when it was dismissed. */
export function pickVideos(language: AppLanguage): Promise<GivenFiles | null> {
  return unlessDismissed(() =>
    (window as PickerWindow).showOpenFilePicker!({
      id: 'footpath-video',
      multiple: true,
      types: [
        { description: language.say('drop.videos'), accept: { 'video/*': VIDEO_EXTENSIONS } },
      ],
    }),
  );
}

/** Asks for a folder of videos; null when it was dismissed. */
export function pickFolder(): Promise<GivenFiles | null> {
  return unlessDismissed(async () => [
    await (window as PickerWindow).showDirectoryPicker!({ id: 'footpath-folder' }),
  ]);
}

async function unlessDismissed(ask: () => Promise<FileSystemHandle[]>): Promise<GivenFiles | null> {
  let handles: FileSystemHandle[];
  try {
    handles = await ask();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
  return fromHandles(handles);
}

/** A sample video of this site as a file, so that it is kept like any other. @throws Error when it cannot be had */
export async function fetchSample(language: AppLanguage, path: string): Promise<VideoInput> {
  const response = await fetch(path).catch(() => {
    throw new Error(language.say(navigator.onLine ? 'start.sample-lost' : 'start.sample-offline'));
  });
  if (!response.ok)
    throw new Error(
      language.say('start.sample-missing', { path, status: String(response.status) }),
    );
  const blob = await response.blob();
  return fromFile(new File([blob], path.split('/').at(-1)!, { type: 'video/mp4' }));
}

/** Videos that were given in this visit with a handle, by the job about them. */
const handles = new Map<string, FileSystemFileHandle>();

/** Where the video of a job lies, as the browser knows it; undefined where it was given otherwise, or in another visit. */
export function sourceOf(jobId: string): FileSystemFileHandle | undefined {
  return handles.get(jobId);
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
  const stored = await tracking.putObject({
    Bucket: BUCKET,
    Key: input.name,
    Body: input.body,
    WithJobs: true,
  });
  const { JobId } = await tracking.startPersonTracking(
    { Video: { S3Object: { Bucket: BUCKET, Name: stored.Key, Version: stored.VersionId } } },
    settings,
  );
  if (!(input.body instanceof File)) handles.set(JobId, input.body);
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

function isInForeignFrame(): boolean {
  try {
    return window.top!.origin !== window.origin;
  } catch {
    return true;
  }
}
