import type { FailureRecord } from '../contract/failure.ts';
import type { CompletionMessage } from '../contract/types.ts';
import { type JobProgress, STAGES } from '../engine/job.ts';
import { isJobPicture, type JobPicture } from './job-picture.ts';

/**
 * What the pages and workers of one database tell each other. Anything of this origin can speak there, so a message is
 * a hint to look, never the thing itself.
 */
export type ChannelMessage =
  /** There may be work: a job was added, or an object can be read again. */
  | { readonly type: 'wake' }
  | { readonly type: 'stop'; readonly jobId: string }
  | { readonly type: 'progress'; readonly progress: JobProgress }
  /** Somebody looks at a running job and wants to see what it sees. */
  | { readonly type: 'watch'; readonly jobId: string }
  | { readonly type: 'picture'; readonly picture: JobPicture }
  | { readonly type: 'completion'; readonly message: Pick<CompletionMessage, 'JobId'> }
  /** A job has failed and the store cannot even keep that. */
  | { readonly type: 'unstored'; readonly end: UnstoredEnd }
  /** The list of jobs, objects or scenes is another one now. */
  | { readonly type: 'change' };

/** The end of a job that the store has as open still. */
export interface UnstoredEnd {
  readonly jobId: string;
  /** Who runs it by the store; absent where not even its beginning could be stored. */
  readonly runner?: string;
  readonly finishedAtMs: number;
  readonly failure: FailureRecord;
}

/** Opens the channel of a database. It hears every other page and worker of this origin, not itself. */
export function openChannel(
  database: string,
  onMessage: (message: ChannelMessage) => void,
): { post: (message: ChannelMessage) => void; close: () => void } {
  const channel = new BroadcastChannel(`footpath:${database}`);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (isChannelMessage(data)) onMessage(data);
  };
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}

/** Whether what was heard is a message of ours: all of its members are there and what they should be. */
export function isChannelMessage(data: unknown): data is ChannelMessage {
  if (!isRecord(data)) return false;
  switch (data.type) {
    case 'wake':
    case 'change':
      return true;
    case 'stop':
    case 'watch':
      return typeof data.jobId === 'string';
    case 'progress':
      return isProgress(data.progress);
    case 'picture':
      return isJobPicture(data.picture);
    case 'completion':
      return isRecord(data.message) && typeof data.message.JobId === 'string';
    case 'unstored':
      return isUnstoredEnd(data.end);
    default:
      return false;
  }
}

function isProgress(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { jobId, stage, samplesDone, samplesTotal, samplesPerSecond } = value;
  const { secondsLeft, peopleSoFar, modelBytes } = value;
  return (
    typeof jobId === 'string' &&
    STAGES.some((known) => known === stage) &&
    [samplesDone, samplesTotal, samplesPerSecond].every(isCount) &&
    (secondsLeft === null || isCount(secondsLeft)) &&
    (peopleSoFar === undefined || isCount(peopleSoFar)) &&
    (modelBytes === undefined ||
      (isRecord(modelBytes) && isCount(modelBytes.loaded) && isCount(modelBytes.total)))
  );
}

function isUnstoredEnd(value: unknown): boolean {
  if (!isRecord(value) || !isRecord(value.failure)) return false;
  const { kind, message } = value.failure;
  return (
    typeof value.jobId === 'string' &&
    (value.runner === undefined || typeof value.runner === 'string') &&
    isCount(value.finishedAtMs) &&
    (kind === 'quota-exceeded' || kind === 'store-unavailable') &&
    typeof message === 'string'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
