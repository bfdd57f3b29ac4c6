/** Long because it is the whole interface of the library on one page: types and their words, and no code. */
import type { Analysis, AnalysisOptions } from '../analytics/analyze.ts';
import type { Scene } from '../analytics/scene.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type {
  CompletionMessage,
  GetPersonTrackingRequest,
  GetPersonTrackingResponse,
  StartPersonTrackingRequest,
  StartPersonTrackingResponse,
  VideoMetadata,
} from '../contract/types.ts';
import type { JobProgress, JobReport, RecordingRecord } from '../engine/job.ts';
import type {
  FollowingSetting,
  Given,
  ModelName,
  OwnModelRecord,
  TrackingSettings,
} from '../engine/settings.ts';
import type { JobPicture } from '../protocol/job-picture.ts';
import type { SampleDetections } from '../track/detections.ts';
import type { PersonPath } from '../track/path.ts';
import type { SdkRequestHandler } from './request-handler.ts';

export type { JobPicture } from '../protocol/job-picture.ts';

/**
 * A person detector of the caller's own: an ONNX file as YOLOX (exported without decoding) or RTMDet (exported with its
 * suppression) give it, person being the first class. ONNX Runtime is loaded only for it; it runs on wasm.
 */
export interface OwnModel {
  /** A file, which is kept with the job until that has ended, or an address of this origin. */
  readonly onnx: File | Blob | URL | string;
  readonly family: OwnModelRecord['family'];
}

/** How a job is to be computed. */
export interface JobSettings extends Omit<TrackingSettings, 'model'> {
  /**
   * What finds the people. Default `nanodet-person`; `coco-ssd-person` is older and finds fewer. A file that is no such
   * detector ends its job as FAILED, `model-damaged`.
   */
  readonly model: ModelName | OwnModel;
}

/** Options of {@link createPersonTracking}; each has a default. */
export interface PersonTrackingOptions extends Given<JobSettings> {
  /** Name of the IndexedDB database. Default `footpath`. */
  readonly database?: string | undefined;
  /**
   * `browser` keeps jobs and videos in IndexedDB, over reloads and for every page. `memory` keeps them as long as this page
   * lives, and for it alone: where the browser stores nothing, see {@link canStore}. Default `browser`.
   */
  readonly storage?: 'browser' | 'memory' | undefined;
  /** Address, on this origin, of the folder that `npx footpath copy-assets` filled. Default: `./` of the page. */
  readonly assets?: string | URL | undefined;
  /** Address of the job worker's file, on this origin. Default: `engine/job.worker.js` in `assets`. */
  readonly workerUrl?: string | URL | undefined;
  /** Jobs that run at the same time, over all pages of this database. At least 1, the default. */
  readonly concurrency?: number | undefined;
  /** Detector threads; default: one a core on wasm, one on a GPU. At least 1. */
  readonly workers?: number | undefined;
  /** Days that results are kept. Default 7, as Rekognition did; `Infinity` keeps them until deleted. */
  readonly keepResultsDays?: number | undefined;
  /**
   * Days that what was found in a video is kept, so that its people can be tracked again without it. Default `Infinity`: as
   * long as the results; 0: not at all. They are the first to go when room is short.
   */
  readonly keepDetectionsDays?: number | undefined;
  /**
   * Whether the video of a job that is started here stays once the last result about it is over, as an object in a bucket does.
   * Default true; in the app and in `<footpath-tracker>` false, as nobody could see or delete it there.
   */
  readonly keepVideos?: boolean | undefined;
  /** Jobs that may be open at once, waiting ones included. Default 20, Rekognition's own limit. */
  readonly maxOpenJobs?: number | undefined;
  /** Hears the completion of every job of this database, in the shape of Rekognition's SNS message. */
  readonly onCompletion?: ((message: CompletionMessage) => void) | undefined;
}

/** Body of a stored object. A URL must be of this origin and answer range requests. */
export type ObjectBody = File | Blob | FileSystemFileHandle | URL;

/** Input of {@link PersonTracking.putObject}. */
export interface PutObjectRequest {
  readonly Bucket: string;
  readonly Key: string;
  readonly Body: ObjectBody;
  /**
   * Names this version. Default: a hash of the body, so that the same file put twice is one; above 256 MiB of its size, the
   * time of its last change and 128 places in it.
   */
  readonly VersionId?: string | undefined;
  /**
   * `copy` stores the bytes, so that they outlive a reload. `reference` keeps only the handle, address or open
   * file: no space is used, but after a reload an open file is lost, and for a handle the user is asked. Default: `copy`
   * for files, blobs and handles of up to 256 MiB as far as there is room, else `reference`; always for URLs, where `copy`
   * is refused.
   */
  readonly Keep?: 'copy' | 'reference' | undefined;
  /**
   * True for a video that is nothing without a job about it: where a day after this call, or later, there is none, it goes at the
   * second look, a day after the first. A version that is stored without it stays. Default false.
   */
  readonly WithJobs?: boolean | undefined;
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
  /** The file's own time of the result's 0, in milliseconds, where that is later than 0: Chromium plays by the file's own times. */
  readonly videoStartMs?: number;
  /** When the video was recorded as its container tells it: on some devices the time of a copy. */
  readonly recordedAt?: Date;
  /** What {@link PersonTracking.describeRecording} was told. */
  readonly recording?: RecordingRecord;
  readonly failure?: FailureRecord;
  /** Set where {@link PersonTracking.resumeJob} lets it go on from where it failed. */
  readonly canGoOn?: true;
  readonly progress: JobProgress;
  /** People found; set at the end. */
  readonly people?: number;
  /** Elements (person x sampled frame); set at the end. */
  readonly elements?: number;
  readonly report?: JobReport;
  /** Every result that can be read, oldest first; the last is the one that counts, and that the members above speak of. */
  readonly revisions: readonly RevisionSummary[];
  /** Set while it is being tracked again, or waits for it; `progress` is of that then. */
  readonly retracking?: Pick<RevisionSummary, 'revision' | 'settings'>;
  /** Why nothing came of tracking it again, the last time. */
  readonly retrackFailure?: FailureRecord & { readonly revision: number };
  /** What was found in its video, while that is kept: {@link PersonTracking.retrack} needs it. */
  readonly detections?: {
    /** Room that it takes. */
    readonly bytes: number;
    /** Absent when kept for ever. */
    readonly expiresAt?: Date;
  };
}

/** Names one of a job's results. */
export interface RevisionOption {
  /** See {@link RevisionSummary}. Default: the latest. */
  readonly revision?: number | undefined;
}

/** Settings by which people are tracked again; what is not named stays as it was. */
export type RetrackSettings = Given<Pick<TrackingSettings, FollowingSetting>>;

/** One result of a job: what was found in its video, followed in one way. */
export interface RevisionSummary {
  /** From 1, the job's own; a number is given out once. */
  readonly revision: number;
  readonly settings: TrackingSettings;
  readonly finishedAt: Date;
  readonly people: number;
  readonly elements: number;
}

/** Events of {@link PersonTracking}, dispatched for the jobs of every tab on the same database. */
export interface PersonTrackingEventMap {
  /** A job advanced. */
  progress: CustomEvent<JobProgress>;
  /** A job ended: Rekognition's completion message. */
  completion: CustomEvent<CompletionMessage>;
  /** The list of jobs, objects or scenes changed. */
  change: Event;
  /**
   * This page cannot work: its background thread does not load, it may store nothing, or it came unencrypted. Jobs wait for a page that can.
   * Also {@link PersonTracking.trouble}.
   */
  trouble: CustomEvent<FailureRecord>;
}

/** People pathing on this device. Made by {@link createPersonTracking}. */
export interface PersonTracking extends EventTarget {
  /** Where jobs and videos are kept: the option's value. */
  readonly storage: 'browser' | 'memory';
  /** Answers a request of AWS's JSON protocol (`POST`, `X-Amz-Target`), as Rekognition's endpoint did. */
  readonly handle: (request: Request) => Promise<Response>;
  /** For AWS SDK v3: `new RekognitionClient({ region, credentials, requestHandler })`. */
  readonly requestHandler: SdkRequestHandler;
  /** What is wrong with this page, in words; undefined while nothing is known to be. */
  readonly trouble: FailureRecord | undefined;
  addEventListener<K extends keyof PersonTrackingEventMap>(
    type: K,
    listener: (event: PersonTrackingEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<K extends keyof PersonTrackingEventMap>(
    type: K,
    listener: (event: PersonTrackingEventMap[K]) => void,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;

  /**
   * Starts a job and answers at once, as Rekognition did.
   * @param settings for this job alone; over those of the options
   * @throws the exceptions of StartPersonTracking
   */
  startPersonTracking(
    request: StartPersonTrackingRequest,
    settings?: Given<JobSettings>,
  ): Promise<StartPersonTrackingResponse>;
  /**
   * A page of a job's result. A `NextToken` goes on giving pages of the result that it began with, while that is kept.
   * @throws the exceptions of GetPersonTracking
   */
  getPersonTracking(
    request: GetPersonTrackingRequest,
    options?: RevisionOption,
  ): Promise<GetPersonTrackingResponse>;

  /** Stores a video under a name. @throws InvalidParameterException, Failure `quota-exceeded` */
  putObject(request: PutObjectRequest): Promise<ObjectSummary>;
  /** Every version of every object, or of one bucket. */
  listObjects(filter?: { Bucket?: string | undefined }): Promise<ObjectSummary[]>;
  /** The bytes of a stored object, to play it. @throws Failure `object-missing`, `object-unreadable` */
  getObject(request: {
    Bucket: string;
    Key: string;
    VersionId?: string | undefined;
  }): Promise<Blob | URL>;
  /**
   * Asks the user to allow reading a stored file handle again, as browsers require after a reload. Call it from a
   * click. Jobs in stage `needs-permission` then go on. Answers whether it was allowed.
   */
  allowObject(request: {
    Bucket: string;
    Key: string;
    VersionId?: string | undefined;
  }): Promise<boolean>;
  /** Removes one version, or all of them. Jobs already done keep their results. */
  deleteObject(request: {
    Bucket: string;
    Key: string;
    VersionId?: string | undefined;
  }): Promise<void>;

  listJobs(): Promise<JobSummary[]>;
  /** @throws ResourceNotFoundException */
  getJob(jobId: string): Promise<JobSummary>;
  /** Every path of a finished job, by Index. @throws ResourceNotFoundException, InvalidParameterException */
  getPaths(jobId: string, options?: RevisionOption): Promise<PersonPath[]>;
  /**
   * What was found in each sample of an ended job, before anybody was followed: boxes of low confidence too, in pixels of the
   * displayed frame, left, top, right, bottom. In order of time, read in pieces as they are asked for.
   * @throws ServiceException `ResourceNotFoundException` for an unknown job; `InvalidParameterException` for one that has not
   *   looked for people, or is not done with it
   * @throws Failure `detections-missing`: they are not kept any more
   */
  getDetections(jobId: string): AsyncGenerator<SampleDetections, void, void>;
  /**
   * Tracks the people of an ended job again, without its video: from what was found in it, by other settings. In seconds,
   * in the background; the result is a new revision, which GetPersonTracking answers from then on. Until then, and
   * should it fail or the page die, the one before counts; a page that is opened next takes it up. The last 10 results of
   * a job are kept, as long as the job. The completion is told again.
   * @param settings what is to be different
   * @returns the job with its new result
   * @throws RangeError naming a setting that breaks its rule, or that needs people to be looked for anew
   * @throws ServiceException `ResourceNotFoundException` for an unknown job; `InvalidParameterException` for one that has
   *   not ended, can go on, or is being tracked again already
   * @throws Failure `detections-missing`: they are not kept any more; `stopped` by {@link stopJob}; `quota-exceeded`
   */
  retrack(jobId: string, settings: RetrackSettings): Promise<JobSummary>;
  /**
   * Counts a finished job with hindsight: crossings, visits, dwell, heat map.
   * @param scene lines, zones, clock and calibration: a {@link Scene}, or JSON of one
   * @throws SceneError that names the place, the rule and the value
   * @throws RangeError naming an option that is out of range
   * @throws ServiceException `ResourceNotFoundException` for an unknown job
   * @throws ServiceException `InvalidParameterException` for a job that has not ended, or whose video was never read
   */
  analyze(
    jobId: string,
    scene: unknown,
    options?: AnalysisOptions & RevisionOption,
  ): Promise<Analysis>;
  /**
   * Counts what a running job has found up to its last checkpoint, as its tracker has it, before hindsight: the end may count
   * more or fewer. Undefined for a job that has ended, or whose video was not opened yet.
   * @throws SceneError; ServiceException `ResourceNotFoundException` for an unknown job
   */
  analyzeSoFar(jobId: string, scene: unknown): Promise<Analysis | undefined>;
  /**
   * Says of a job's video which camera it is of and when it begins, in place of what was said before.
   * @throws ServiceException `ResourceNotFoundException`; SceneError for a camera or a time that breaks the rules of scenes
   */
  describeRecording(jobId: string, recording: RecordingRecord): Promise<void>;
  /**
   * Keeps a scene under the name of its camera, in place of the one before; `startsAt` is not kept, for it is a video's.
   * @throws SceneError, also where the scene names no camera
   */
  saveScene(scene: unknown): Promise<void>;
  /** The scenes that are kept, by the names of their cameras. */
  listScenes(): Promise<Scene[]>;
  /** Forgets a camera's scene. Its videos stay what they are. */
  deleteScene(camera: string): Promise<void>;
  /**
   * Shows what a running job sees: about a picture a second, with the people in it, wherever the job runs. Pictures are made
   * only while somebody watches, and stay on this device.
   * @param signal ends it
   */
  watchJob(
    jobId: string,
    onPicture: (picture: JobPicture) => void,
    options: { signal: AbortSignal },
  ): void;
  /**
   * Ends a job as FAILED, `stopped`; what it found up to there is kept. Of an ended job, stops tracking it again: its result
   * stays.
   */
  stopJob(jobId: string): Promise<void>;
  /**
   * Lets a job that failed for a passing cause (a full disk, lost storage, threads that died) go on from its last
   * checkpoint: `canGoOn` of its summary says so. Its completion is told again. Nothing happens to an open job.
   * @throws ResourceNotFoundException, LimitExceededException; Failure `quota-exceeded` while there is no room
   */
  resumeJob(jobId: string): Promise<void>;
  /** Stops and forgets a job and its results. */
  deleteJob(jobId: string): Promise<void>;
  /** Settles when the job has ended, with its summary. Rejects with the signal's reason, or once this is closed. */
  waitForJob(jobId: string, options?: { signal?: AbortSignal | undefined }): Promise<JobSummary>;

  /**
   * Ends this page's threads. Its running job is left resumable for the next page. What is asked to change anything afterwards, and
   * whoever waits for a job, ends in a `Failure` `stopped`.
   */
  close(): Promise<void>;
}
