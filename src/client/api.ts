import type { FailureRecord } from '../contract/failure.ts';
import type {
  CompletionMessage,
  GetPersonTrackingRequest,
  GetPersonTrackingResponse,
  StartPersonTrackingRequest,
  StartPersonTrackingResponse,
  VideoMetadata,
} from '../contract/types.ts';
import type { BackendName, DecodeReport, DetectorReport, SampleRate } from '../engine/ports.ts';

/** How a job is computed. Kept with the job, so that a resumed job goes on as it began. */
export interface TrackingSettings {
  /** Samples a second, or every frame. Above 0, at most 120. Default 15, as Rekognition sampled. */
  readonly sampleRate: SampleRate;
  /** Tracker by name. Default `footpath`. */
  readonly tracker: string;
  /** Look over the whole job once it is detected: join broken paths, smooth, fill short gaps. Default true. */
  readonly refine: boolean;
  /** Where the detector runs. Default `auto`: the fastest that a short measurement finds. */
  readonly backend: BackendName | 'auto';
  /** Larger inputs find smaller people and take longer. Default `balanced`. */
  readonly quality: 'fast' | 'balanced' | 'accurate';
}

/** Options of {@link createPersonTracking}; each has a default. */
export interface PersonTrackingOptions extends Partial<TrackingSettings> {
  /** Name of the IndexedDB database. Default `footpath`. */
  readonly database?: string;
  /** Folder, on this origin, that holds `models/`. Default: `./` of the page. */
  readonly assets?: string | URL;
  /** Detector threads; default: one a core on wasm, one on a GPU. At least 1. */
  readonly workers?: number;
  /** Days that results are kept. Default 7, as Rekognition did; `Infinity` keeps them until deleted. */
  readonly keepResultsDays?: number;
  /** Jobs that may be open at once, waiting ones included. Default 20, Rekognition's own limit. */
  readonly maxOpenJobs?: number;
  /** Hears the completion of every job of this database, in the shape of Rekognition's SNS message. */
  readonly onCompletion?: (message: CompletionMessage) => void;
}

/** Body of a stored object. A URL must be of this origin and answer range requests. */
export type ObjectBody = File | Blob | FileSystemFileHandle | URL;

/** Input of {@link PersonTracking.putObject}. */
export interface PutObjectRequest {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: ObjectBody;
  /**
   * `copy` stores the bytes, so that they outlive a reload. `reference` keeps only the handle, address or open
   * file: no space is used, but an open file is lost with the page. Default: `reference` for handles and URLs
   * (`copy` is refused there), `copy` for files and blobs up to 256 MiB, `reference` above.
   */
  readonly Keep?: 'copy' | 'reference';
}

/** A stored object as listed; one entry a version, newest first. */
export interface ObjectSummary {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId: string;
  readonly IsLatest: boolean;
  /** Bytes; 0 where a URL's size is unknown yet. */
  readonly Size: number;
  readonly ContentType: string;
  readonly LastModified: Date;
  readonly Kept: 'copy' | 'handle' | 'url' | 'page';
}

/** What a running job does at the moment. */
export type JobStage = 'waiting' | 'opening' | 'loading-model' | 'tracking' | 'refining' | 'done';

/** Progress of one job. */
export interface JobProgress {
  readonly jobId: string;
  readonly stage: JobStage;
  readonly samplesDone: number;
  /** An estimate until the video's end. */
  readonly samplesTotal: number;
  /** Sampled frames a second, over the last seconds. */
  readonly samplesPerSecond: number;
  /** Seconds left, or null while unknown. */
  readonly secondsLeft: number | null;
  /** Bytes of the model loaded and in all, while it loads. */
  readonly modelBytes?: { readonly loaded: number; readonly total: number };
}

/** How a job came to its result: for people who want to know, and for bug reports. */
export interface JobReport {
  readonly decode?: DecodeReport;
  readonly detector?: DetectorReport;
  /** Milliseconds spent, without waiting. */
  readonly elapsedMs: number;
  /** Times the job went on after a crash or reload. */
  readonly resumed: number;
}

/** One job as listed, newest first. */
export interface JobSummary {
  readonly jobId: string;
  readonly status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly jobTag?: string;
  readonly createdAt: Date;
  readonly finishedAt?: Date;
  /** Absent when kept for ever. */
  readonly expiresAt?: Date;
  readonly settings: TrackingSettings;
  readonly metadata?: VideoMetadata;
  readonly failure?: FailureRecord;
  readonly progress: JobProgress;
  /** People found; set at the end. */
  readonly people?: number;
  /** Elements (person x sampled frame); set at the end. */
  readonly elements?: number;
  readonly report?: JobReport;
}

/** One person's whole path, for drawing and lists; arrays of equal length `n`, ascending in time. */
export interface PersonPath {
  readonly index: number;
  /** n times, integer milliseconds. */
  readonly timestampsMs: Int32Array;
  /** 4n numbers: Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: Float32Array;
  /** n detector scores, 0 to 1. */
  readonly scores: Float32Array;
  /** n times 0 observed, 1 filled in between, 2 recovered at an end. */
  readonly flags: Uint8Array;
}

/** Events of {@link PersonTracking}, dispatched for the jobs of every tab on the same database. */
export interface PersonTrackingEventMap {
  /** A job advanced. */
  progress: CustomEvent<JobProgress>;
  /** A job ended: Rekognition's completion message. */
  completion: CustomEvent<CompletionMessage>;
  /** The list of jobs or objects changed. */
  change: Event;
}

/** People pathing on this device. Made by {@link createPersonTracking}. */
export interface PersonTracking extends EventTarget {
  addEventListener<K extends keyof PersonTrackingEventMap>(
    type: K,
    listener: (event: PersonTrackingEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;

  /**
   * Starts a job and answers at once, as Rekognition did.
   * @param settings for this job alone; over those of the options
   * @throws the exceptions of StartPersonTracking
   */
  startPersonTracking(
    request: StartPersonTrackingRequest,
    settings?: Partial<TrackingSettings>,
  ): Promise<StartPersonTrackingResponse>;
  /** A page of a job's result. @throws the exceptions of GetPersonTracking */
  getPersonTracking(request: GetPersonTrackingRequest): Promise<GetPersonTrackingResponse>;

  /** Stores a video under a name. @throws InvalidParameterException, Failure `quota-exceeded` */
  putObject(request: PutObjectRequest): Promise<ObjectSummary>;
  /** Every version of every object, or of one bucket. */
  listObjects(filter?: { Bucket?: string }): Promise<ObjectSummary[]>;
  /** The bytes of a stored object, to play it. @throws Failure `object-missing`, `object-unreadable` */
  getObject(request: { Bucket: string; Key: string; VersionId?: string }): Promise<Blob | URL>;
  /** Removes one version, or all of them. Jobs already done keep their results. */
  deleteObject(request: { Bucket: string; Key: string; VersionId?: string }): Promise<void>;

  listJobs(): Promise<JobSummary[]>;
  /** @throws ResourceNotFoundException */
  getJob(jobId: string): Promise<JobSummary>;
  /** Every path of a finished job, by Index. @throws ResourceNotFoundException */
  getPaths(jobId: string): Promise<PersonPath[]>;
  /** Ends a job as FAILED, `stopped`; what it found up to there is kept. Nothing happens to an ended job. */
  stopJob(jobId: string): Promise<void>;
  /** Stops and forgets a job and its results. */
  deleteJob(jobId: string): Promise<void>;
  /** Settles when the job has ended, with its summary. */
  waitForJob(jobId: string, options?: { signal?: AbortSignal }): Promise<JobSummary>;

  /** Ends this page's threads. Its running job is left resumable for the next page. */
  close(): Promise<void>;
}
