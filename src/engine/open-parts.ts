import type { JobRecord } from './job.ts';
import type { JobHost } from './job-host.ts';
import type { DetectorPool, FrameSource } from './ports.ts';
import type { ProgressMeter } from './progress.ts';
import { unlessAborted } from './unless-aborted.ts';

/** What a job reads and what it finds people with. */
export interface OpenParts<Image> {
  readonly source: FrameSource<Image>;
  readonly detector: DetectorPool<Image>;
}

/**
 * Opens a job's video and its detector, both at the same time: the model is read and threads start while the container is read.
 * @param meter hears of the model's bytes once the video is open
 * @param enterLoading called when it is
 * @throws Failure of either, the video's where both fail; the signal's reason as soon as that is aborted. What comes of
 *   them later is closed
 */
export async function openParts<Image>(
  job: JobRecord,
  host: JobHost<Image>,
  meter: ProgressMeter,
  enterLoading: () => Promise<void>,
): Promise<OpenParts<Image>> {
  const { signal } = host;
  let isLoading = false;
  let modelBytes: readonly [loaded: number, total: number] | undefined;
  const tellBytes = () => {
    if (isLoading && modelBytes && !signal.aborted) meter.loadModel(...modelBytes);
  };
  const opening = host.openVideo(job);
  const information = opening.then(({ info }) => info);
  const starting = host.openDetector(job, information, (...bytes) => {
    modelBytes = bytes;
    tellBytes();
  });
  // Awaited later, or never.
  for (const early of [information, starting]) early.catch(() => {});
  try {
    const source = await unlessAborted(opening, signal);
    signal.throwIfAborted();
    await enterLoading();
    isLoading = true;
    tellBytes();
    return { source, detector: await unlessAborted(starting, signal) };
  } catch (error) {
    for (const part of [opening, starting]) part.then((late) => late.close()).catch(() => {});
    throw error;
  }
}
