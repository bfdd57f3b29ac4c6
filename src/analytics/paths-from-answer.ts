import type { GetPersonTrackingResponse } from '../contract/types.ts';
import type { AnalysedPath } from './analysed-path.ts';
import type { AnalysedVideo } from './analyze.ts';

/** An answer that cannot be analysed; the message names the member and the rule. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError';
}

/** A video longer than a year, in milliseconds, is a mistake, and its minutes would fill the memory. */
const LONGEST_MS = 366 * 86_400_000;

/**
 * Paths from GetPersonTracking's answer, Rekognition's own or Footpath's, with all pages' `Persons` in one list, in any
 * order. Persons without a box (Rekognition left it out where it saw only a face) are passed over.
 * @param answer what `JSON.parse` made of it
 * @throws AnswerError when it is no finished answer
 */
export function pathsFromAnswer(answer: unknown): {
  paths: AnalysedPath[];
  video: AnalysedVideo;
} {
  const { JobStatus, VideoMetadata, Persons } = (answer ??
    {}) as Partial<GetPersonTrackingResponse>;
  if (!Array.isArray(Persons)) throw new AnswerError('Persons must be a list.');
  if (JobStatus !== undefined && JobStatus !== 'SUCCEEDED')
    throw new AnswerError(`JobStatus must be SUCCEEDED; it is ${JSON.stringify(JobStatus)}.`);
  const video = {
    frameWidth: positive(VideoMetadata?.FrameWidth, 'FrameWidth'),
    frameHeight: positive(VideoMetadata?.FrameHeight, 'FrameHeight'),
    durationMs: durationOf(VideoMetadata?.DurationMillis),
  };
  const people = new Map<number, { timestampMs: number; box: number[] }[]>();
  Persons.forEach((detection, i) => {
    const { Index, BoundingBox } = detection?.Person ?? {};
    const timestampMs = detection?.Timestamp;
    if (!Number.isInteger(Index) || Index! < 0)
      throw new AnswerError(`Persons[${i}].Person.Index must be a whole number from 0.`);
    if (typeof timestampMs !== 'number' || !Number.isFinite(timestampMs))
      throw new AnswerError(`Persons[${i}].Timestamp must be a number of milliseconds.`);
    if (BoundingBox === undefined || BoundingBox === null) return;
    const { Left, Top, Width, Height } = BoundingBox;
    const box = [Left, Top, Width, Height];
    if (!box.every((value) => typeof value === 'number' && Number.isFinite(value)))
      throw new AnswerError(
        `Persons[${i}].Person.BoundingBox must have Left, Top, Width and Height as numbers.`,
      );
    const samples = people.get(Index!) ?? [];
    if (samples.length === 0) people.set(Index!, samples);
    samples.push({ timestampMs, box: box as number[] });
  });
  const paths = [...people]
    .sort(([a], [b]) => a - b)
    .map(([index, samples]) => {
      samples.sort((a, b) => a.timestampMs - b.timestampMs);
      return {
        index,
        timestampsMs: Float64Array.from(samples, (it) => it.timestampMs),
        boxes: Float64Array.from(samples.flatMap((it) => it.box)),
      };
    });
  return { paths, video };
}

function positive(value: unknown, name: string): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw notRight(name, 'a number above 0', value);
}

/** 0 too: a transport stream of one picture does not say how long that is shown. */
function durationOf(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= LONGEST_MS) return value;
  throw notRight('DurationMillis', `a number from 0 to ${LONGEST_MS}`, value);
}

function notRight(name: string, rule: string, value: unknown): AnswerError {
  return new AnswerError(
    `VideoMetadata.${name} must be ${rule}; it is ${JSON.stringify(value) ?? 'missing'}.`,
  );
}
