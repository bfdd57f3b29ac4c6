import type { Glimpse } from './detect-samples.ts';
import type { JobProgress, JobRecord } from './job.ts';
import type { DetectorPool, FrameSource, VideoInfo } from './ports.ts';
import type { ResultChunks } from './results.ts';
import type { DetectionChunk, SampleChunk } from './sample-chunk.ts';

/**
 * What a job is stored in; see `JobStore` of the store folder. Each call is stored whole or not at all, `writeResults`
 * chunk by chunk. All throw Failure `quota-exceeded`, `store-unavailable`.
 */
export interface JobStorePort {
  get(jobId: string): Promise<JobRecord | undefined>;
  update(
    jobId: string,
    change: (job: JobRecord) => JobRecord | undefined,
  ): Promise<JobRecord | undefined>;
  checkpoint(
    jobId: string,
    chunk: SampleChunk,
    change: (job: JobRecord) => JobRecord,
  ): Promise<JobRecord | undefined>;
  sampleChunk(jobId: string, chunk: number): Promise<SampleChunk | undefined>;
  detectionChunk(jobId: string, chunk: number): Promise<DetectionChunk | undefined>;
  /** Forgets what a job needs to go on, its detections aside. */
  dropCheckpoints(jobId: string): Promise<void>;
  /** Forgets a job's detections. */
  dropDetections(jobId: string): Promise<void>;
  /** Frees the room that was set aside for the job's end. */
  makeRoom(jobId: string): Promise<void>;
  writeResults(jobId: string, revision: number, results: ResultChunks): Promise<void>;
  /** Forgets one result of a job. */
  dropResults(jobId: string, revision: number): Promise<void>;
}

/** What all work on a job needs of its host: storage, clocks and a way to say how it goes. */
export interface WorkHost {
  readonly store: JobStorePort;
  readonly onProgress: (progress: JobProgress) => void;
  /** Aborted with a Failure to stop the work, with anything else to leave it to be taken up again. */
  readonly signal: AbortSignal;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Unix milliseconds. */
  readonly wallClock: () => number;
}

/** What a job runs on: its host's threads, clocks and storage. */
export interface JobHost<Image> extends WorkHost {
  /** Names this host among all that ever ran jobs of the store. */
  readonly runner: string;
  /** Whether another host was closed or its page left, as opposed to having died while it ran a job. */
  hasLeft(runner: string | undefined): Promise<boolean>;
  /** @throws Failure when the video cannot be had or read */
  openVideo(job: JobRecord): Promise<FrameSource<Image>>;
  /**
   * @param video is still being opened: what needs nothing of it begins
   * @throws Failure when no detector can be had, or no video
   */
  openDetector(
    job: JobRecord,
    video: Promise<VideoInfo>,
    onModelBytes: (loaded: number, total: number) => void,
  ): Promise<DetectorPool<Image>>;
  /** See {@link Glimpse}. */
  readonly glimpse?: (image: Image) => Glimpse | undefined;
  /** Closes the image of a sample passed over. */
  readonly release: (image: Image) => void;
  readonly timeout: (milliseconds: number) => { expired: Promise<never>; cancel: () => void };
}
