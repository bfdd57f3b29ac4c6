import type { BoundingBox, GetPersonTrackingResponse } from '../contract/types.ts';
import type { AnalysedPath } from './analysed-path.ts';
import type { AnalysedVideo } from './analyze.ts';
import { FURTHEST } from './check-paths.ts';
import { shownValue } from './shown-value.ts';

/** An answer that cannot be analysed; the message names the member and the rule. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** A video longer than a year, in milliseconds, is a mistake, and its minutes would fill the memory. */
const LONGEST_MS = 366 * 86_400_000;

/** Pixels of a frame from side to side, stretched ones included: more are a mistake. */
const MOST_PIXELS = 2 ** 20;

interface Sample {
  readonly timestampMs: number;
  /** Left, Top, Width, Height. */
  readonly box: readonly number[];
}

/**
 * Paths from GetPersonTracking's answer, Rekognition's own or Footpath's, with all pages' `Persons` in one list, in any
 * order. Persons without a box (Rekognition left it out where it saw only a face) are passed over, and so is an element
 * that is there twice.
 * @param answer what `JSON.parse` made of it
 * @throws AnswerError when it is no finished answer, or one page of several
 */
export function pathsFromAnswer(answer: unknown): {
  paths: AnalysedPath[];
  video: AnalysedVideo;
} {
  const { JobStatus, VideoMetadata, NextToken, Persons } = (answer ??
    {}) as Partial<GetPersonTrackingResponse>;
  if (!Array.isArray(Persons)) throw new AnswerError('Persons must be a list.');
  if (JobStatus !== undefined && JobStatus !== 'SUCCEEDED')
    throw new AnswerError(`JobStatus must be SUCCEEDED; it is ${shown(JobStatus)}.`);
  // Counted alone, a page would pass for the whole video.
  if (NextToken !== undefined && NextToken !== null && NextToken !== '')
    throw new AnswerError(
      "NextToken must be absent: this is one page of several. Put all pages' Persons into one list, without NextToken.",
    );
  const video = {
    frameWidth: pixels(VideoMetadata?.FrameWidth, 'FrameWidth'),
    frameHeight: pixels(VideoMetadata?.FrameHeight, 'FrameHeight'),
    durationMs: durationOf(VideoMetadata?.DurationMillis),
  };
  const people = new Map<number, Sample[]>();
  Persons.forEach((detection, i) => {
    const { Index, BoundingBox } = detection?.Person ?? {};
    const timestampMs = detection?.Timestamp;
    if (!Number.isInteger(Index) || Index! < 0)
      throw new AnswerError(`Persons[${i}].Person.Index must be a whole number from 0.`);
    if (!isWithin(timestampMs, 0, LONGEST_MS))
      throw new AnswerError(
        `Persons[${i}].Timestamp must be a number of milliseconds from 0 to ${LONGEST_MS}; it is ${shown(timestampMs)}.`,
      );
    if (BoundingBox === undefined || BoundingBox === null) return;
    const samples = people.get(Index!) ?? [];
    if (samples.length === 0) people.set(Index!, samples);
    samples.push({ timestampMs, box: boxOf(BoundingBox, `Persons[${i}].Person.BoundingBox`) });
  });
  const paths = [...people]
    .sort(([a], [b]) => a - b)
    .map(([index, samples]) => path(index, samples));
  return { paths, video };
}

/** One sample a moment, in order of time: two would be steps of any length in no time. */
function path(index: number, samples: Sample[]): AnalysedPath {
  samples.sort((a, b) => a.timestampMs - b.timestampMs);
  const single = samples.filter(({ timestampMs, box }, k) => {
    const before = samples[k - 1];
    if (timestampMs !== before?.timestampMs) return true;
    if (box.every((value, side) => value === before.box[side])) return false;
    throw new AnswerError(
      `Persons must have one box of each person at a time; at ${timestampMs} ms that of Index ${index} is in two places, as where the pages of two jobs are in one list.`,
    );
  });
  return {
    index,
    timestampsMs: Float64Array.from(single, (it) => it.timestampMs),
    boxes: Float64Array.from(single.flatMap((it) => it.box)),
  };
}

function boxOf({ Left, Top, Width, Height }: Partial<BoundingBox>, member: string): number[] {
  for (const [name, value, least] of [
    ['Left', Left, -FURTHEST],
    ['Top', Top, -FURTHEST],
    ['Width', Width, 0],
    ['Height', Height, 0],
  ] as const) {
    if (!isWithin(value, least, FURTHEST))
      throw new AnswerError(
        `${member}.${name} must be a ratio of the frame, from ${least} to ${FURTHEST}; it is ${shown(value)}.`,
      );
  }
  return [Left!, Top!, Width!, Height!];
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most;
}

function pixels(value: unknown, name: string): number {
  if (isWithin(value, 1, MOST_PIXELS)) return value;
  throw notRight(name, `a number from 1 to ${MOST_PIXELS}`, value);
}

/** 0 too: a transport stream of one picture does not say how long that is shown. */
function durationOf(value: unknown): number {
  if (isWithin(value, 0, LONGEST_MS)) return value;
  throw notRight('DurationMillis', `a number from 0 to ${LONGEST_MS}`, value);
}

function notRight(name: string, rule: string, value: unknown): AnswerError {
  return new AnswerError(`VideoMetadata.${name} must be ${rule}; it is ${shown(value)}.`);
}

/** A member as a message shows it. */
function shown(value: unknown): string {
  return shownValue(value, 'missing');
}
