import type { FailureKind, FailureRecord } from '../contract/failure.ts';
import type { ValidStartRequest } from '../contract/validate.ts';
import type { OnnxFamily } from '../detect/onnx-family.ts';
import type { TrackerName } from '../track/trackers/create-tracker.ts';
import type { BackendName, DecodeReport, DetectorReport, SampleRate, VideoInfo } from './ports.ts';

/** Person detectors that come with Footpath, the default first. */
export const MODEL_NAMES = ['nanodet-person', 'coco-ssd-person'] as const;

/** A person detector that comes with Footpath, by the id of its manifest. */
export type ModelName = (typeof MODEL_NAMES)[number];

/** A person detector of the user's own, an ONNX file, as a job's record names it. */
export interface OwnModelRecord {
  /** What the file is called, for people. */
  readonly name: string;
  readonly family: OnnxFamily;
  /** Its address on this origin, or the fingerprint of a file that is kept with the job until it has ended. */
  readonly from: { readonly url: string } | { readonly file: string };
}

/** How a job is computed. Kept with the job, so that a resumed job goes on as it began. */
export interface TrackingSettings {
  /** Samples a second, or every frame. Above 0, at most 120. Default 15, as Rekognition sampled. */
  readonly sampleRate: SampleRate;
  /** Tracker by name. Default `footpath`; refinement tracks anew with that one. */
  readonly tracker: TrackerName;
  /**
   * Look over the whole job once it is detected: tell mix-ups apart, join broken paths, smooth, fill short gaps.
   * Default true; false where another tracker is chosen, whose own answer is wanted then.
   */
  readonly refine: boolean;
  /** With `refine`: put estimated boxes into short gaps, marked as such in a path's flags. Default true. */
  readonly fillGaps: boolean;
  /**
   * With `refine`: for how many seconds a person may be out of sight and still be the same person, 0 to 3600. Default
   * 5. Longer: fewer people counted twice; people dressed alike may become one.
   */
  readonly rejoinSeconds: number;
  /**
   * Look for people in every so many samples only, 1 to 10; their boxes in between are estimated and marked as such, up
   * to the last look. Above 1 it saves time, costs some accuracy, and needs `refine` and `fillGaps`. Default 1.
   */
  readonly detectEvery: number;
  /** Where the detector runs. Default `auto`: the fastest that a short measurement finds. */
  readonly backend: BackendName | 'auto';
  /**
   * Larger inputs find smaller people and take longer. `auto`: the best with which this device, by a short measurement,
   * takes no longer than twice the video's length; the report says which. Default `balanced`.
   */
  readonly quality: 'auto' | 'fast' | 'balanced' | 'accurate';
  /** What finds the people. Default `nanodet-person`. */
  readonly model: ModelName | OwnModelRecord;
}

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
  /** Milliseconds spent, without waiting. */
  readonly elapsedMs: number;
  /** Times the job went on after a crash or reload. */
  readonly resumed: number;
}

/** State of a job in the store. `queued` jobs wait; a `running` one without an owner is an orphan to resume. */
export type JobState = 'queued' | 'running' | 'succeeded' | 'failed';

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
  /** What happens with it now; of a job whose page died, until another page looks: what did. */
  readonly stage: JobStage;
  readonly video?: VideoInfo;
  readonly report: JobReport;
  readonly failure?: FailureRecord;
  /** Set at the end. */
  readonly people?: number;
  /** Set at the end. */
  readonly elements?: number;
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
  'quota-exceeded',
  'store-unavailable',
  'worker-crashed',
]);

/** Whether a job that has ended can be let run again, from its last checkpoint: its samples are kept for that. */
export function canGoOn({ state, failure }: Pick<JobRecord, 'state' | 'failure'>): boolean {
  return state === 'failed' && failure !== undefined && PASSING.has(failure.kind);
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
