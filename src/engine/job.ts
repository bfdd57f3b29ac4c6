import type { FailureKind, FailureRecord } from '../contract/failure.ts';
import type { ValidStartRequest } from '../contract/validate.ts';
import type { DecodeReport, DetectorReport, VideoInfo } from './ports.ts';
import type { TrackingSettings } from './settings.ts';
import type { ShareCounts } from './share-counts.ts';

/** What a running job does, in this order; `needs-permission`: waits for the user to allow the file again. */
export const STAGES = [
  'waiting',
  'needs-permission',
  'opening',
  'loading-model',
  'tracking',
  'refining',
  'done',
] as const;

/** What a running job does at the moment. */
export type JobStage = (typeof STAGES)[number];

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
  /**
   * People that the tracker is sure of so far. The end may tell mix-ups apart and join broken paths, so that there are
   * more or fewer. Absent until people are looked for.
   */
  readonly peopleSoFar?: number;
  /** Bytes of the model read and in all, while it loads. */
  readonly modelBytes?: { readonly loaded: number; readonly total: number };
}

/** How a job came to its result: for people who want to know, and for bug reports. */
export interface JobReport {
  readonly decode?: DecodeReport;
  readonly detector?: DetectorReport;
  /**
   * With the motion gate: in how many detection frames people were detected in the whole, in parts, and in nothing. Absent too for
   * jobs that an earlier version began.
   */
  readonly shares?: ShareCounts;
  /** Milliseconds spent, without waiting. */
  readonly elapsedMs: number;
  /** Times the job went on after a crash or reload. */
  readonly resumed: number;
}

/** Deaths of its thread without a checkpoint in between after which a job is given up. */
export const MAX_ATTEMPTS = 3;

/** State of a job in the store. `queued` jobs wait; a `running` one without an owner is an orphan to resume. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed';

/** What people know of a recording and its file need not tell. */
export interface RecordingRecord {
  /** Name of the camera, whose scene counts. */
  readonly camera?: string;
  /** When the video begins: ISO 8601 with its offset from UTC; null: nobody knows, whatever the file tells. */
  readonly startsAt?: string | null;
}

/** A job as stored. Times are Unix milliseconds. */
export interface JobRecord {
  readonly jobId: string;
  /** As validated. */
  readonly request: ValidStartRequest;
  /** The version that the job reads, settled at its start. */
  readonly object: { readonly bucket: string; readonly key: string; readonly version: string };
  readonly settings: TrackingSettings;
  readonly state: JobState;
  readonly createdAtMs: number;
  readonly finishedAtMs?: number;
  /** How long the results are kept once the job ended; absent: for ever. */
  readonly keepMs?: number;
  /** Set at the end, unless kept for ever. */
  readonly expiresAtMs?: number;
  /** Whether its video stays once the last result about that is over; absent: true. */
  readonly keepVideo?: boolean;
  /** Asked for while it ran or had no owner; whoever owns it next ends it. */
  readonly stopRequested?: true;
  /** Set when a look found its time to be over, for the next one: see `lookForOver`. */
  readonly overSinceMs?: number;
  /** Set once the completion message was sent; until then it is sent again after a crash. */
  readonly notifiedAtMs?: number;
  /**
   * Starts since the last checkpoint that died on their own, and the one under way: a job that kills its thread again
   * and again is given up.
   */
  readonly attempts: number;
  /** Who runs it, or ran it last: see `JobHost.runner`. */
  readonly runner?: string;
  /** Chunks of samples stored, the last whole or not; the next sample is `samplesDone`. */
  readonly chunks: number;
  readonly samplesDone: number;
  readonly samplesTotal: number;
  /** Elements that its samples can come to at the most: room for them is set aside. */
  readonly elementsAtMost?: number;
  /** Bytes of its detections. */
  readonly detectionBytes?: number;
  /** How long its detections are kept once it ended; absent: as long as its results. 0: not at all. */
  readonly keepDetectionsMs?: number;
  /** Set at the end where its detections are kept, until they go. */
  readonly keptDetections?: KeptDetections;
  /** What happens with it now; of a job whose page died, until another page looks: what did. */
  readonly stage: JobStage;
  readonly video?: VideoInfo;
  /** What its owner said of the recording. */
  readonly recording?: RecordingRecord;
  readonly report: JobReport;
  readonly failure?: FailureRecord;
  /** Set at the end. */
  readonly people?: number;
  /** Set at the end. */
  readonly elements?: number;
  /** The result that `settings`, `people`, `elements` and `finishedAtMs` are of; absent: 1, the first. */
  readonly revision?: number;
  /** Results before that one that can still be read, oldest first. */
  readonly earlier?: readonly Revision[];
  /** Asked for, and not there yet: another result from its detections. */
  readonly retrack?: RetrackRequest;
  /** Why the last result that was asked for did not come. */
  readonly retrackFailure?: FailureRecord & { readonly revision: number };
}

/** Detections that outlive their job's end. */
export interface KeptDetections {
  /** Unix milliseconds; absent: as long as the job. */
  readonly expiresAtMs?: number;
  /** See `JobRecord.overSinceMs`. */
  readonly overSinceMs?: number;
}

/** One result of a job: its detections, followed in one way. */
export interface Revision {
  /** From 1, in the order in which they were made. */
  readonly revision: number;
  readonly settings: TrackingSettings;
  readonly finishedAtMs: number;
  readonly people: number;
  readonly elements: number;
}

/** Asks for another result. */
export interface RetrackRequest {
  readonly revision: number;
  readonly settings: TrackingSettings;
  /** See `JobRecord.attempts`. */
  readonly attempts: number;
}

/** Whether a job waits or runs. */
export function isOpen({ state }: Pick<JobRecord, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/**
 * Failures that say nothing of the video: once their cause is gone, a job that ended with one can go on from its last
 * checkpoint.
 */
const PASSING: ReadonlySet<FailureKind> = new Set([
  'engine-missing',
  'quota-exceeded',
  'store-unavailable',
  'worker-crashed',
]);

/** Whether a job that has ended can be let run again, from its last checkpoint: its samples are kept for that. */
export function canGoOn({ state, failure }: Pick<JobRecord, 'state' | 'failure'>): boolean {
  return state === 'failed' && failure !== undefined && PASSING.has(failure.kind);
}

/**
 * The record of a job that failed and has no result: before any thread could take it, or where there was no room for one.
 * @param finishedAtMs Unix milliseconds
 */
export function failedWithoutResult(
  job: JobRecord,
  failure: FailureRecord,
  finishedAtMs: number,
): JobRecord {
  return {
    ...job,
    state: 'failed',
    stage: 'done',
    finishedAtMs,
    ...(job.keepMs === undefined ? {} : { expiresAtMs: finishedAtMs + job.keepMs }),
    people: 0,
    elements: 0,
    failure,
  };
}

/** The record of a job that goes on after its failure: it waits, with what it has. */
export function reopened(job: JobRecord): JobRecord {
  const {
    failure: _failure,
    finishedAtMs: _finished,
    expiresAtMs: _expires,
    overSinceMs: _over,
    notifiedAtMs: _notified,
    runner: _runner,
    people: _people,
    elements: _elements,
    ...kept
  } = job;
  return { ...kept, state: 'queued', stage: 'waiting', attempts: 0 };
}
