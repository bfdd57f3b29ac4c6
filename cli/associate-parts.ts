/** `footpath associate --parts`: detections of a video, found in one or several parts, to what `footpath track` gives. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  getPersonTrackingResponse,
  type PathElement,
  videoMetadata,
} from '../src/contract/answer.ts';
import { finishTracks } from '../src/engine/finish-tracks.ts';
import { type ResultChunk, Results } from '../src/engine/results.ts';
import { CHUNK_SAMPLES, ChunkBuilder, type SampleChunk } from '../src/engine/sample-chunk.ts';
import type { TrackingSettings } from '../src/engine/settings.ts';
import { type MotPath, motRows } from '../src/export/mot-rows.ts';
import { rekognitionJson } from '../src/export/rekognition-json.ts';
import { MotDataError } from '../src/metrics/mot-text.ts';
import { createTracker } from '../src/track/trackers/create-tracker.ts';
import { type DetectionPart, type PartAbout, readPart } from './detection-part.ts';

/**
 * Folders of parts: those named, and the subfolders of those that are none themselves.
 * @throws MotDataError when there is none in one of them
 */
export async function findParts(folders: readonly string[]): Promise<string[]> {
  const isPart = async (folder: string) =>
    (await stat(join(folder, 'part.json')).catch(() => undefined))?.isFile() ?? false;
  const found = new Set<string>();
  for (const folder of folders.map((path) => resolve(path))) {
    if (await isPart(folder)) {
      found.add(folder);
      continue;
    }
    const names = await readdir(folder).catch((error) => {
      throw new MotDataError(`${folder}: this folder cannot be read.`, { cause: error });
    });
    const inside: string[] = [];
    for (const name of names.sort()) {
      if (await isPart(join(folder, name))) inside.push(join(folder, name));
    }
    if (inside.length === 0) {
      throw new MotDataError(
        `${folder}: no part here (what footpath detect writes, with part.json).`,
      );
    }
    for (const path of inside) found.add(path);
  }
  return [...found];
}

/** What all parts of one video have in common, by the words for it. */
const COMMON: Readonly<Record<string, (about: PartAbout) => unknown>> = {
  'another video': ({ video }) => video.sha256,
  'another reading of the video': ({ info }) => info,
  'another sample rate': ({ sampleRate }) => sampleRate,
  'another model': ({ model }) => model.sha256,
  'another backend': ({ detector }) => detector.backend,
  'other input sizes': ({ detector }) => detector.inputs,
  'another motion gate': ({ detector }) => detector.motionGate,
};

/** The name of a part's range. */
function rangeText({ range: { from, to } }: PartAbout): string {
  return `${from} to ${to ?? 'the end'} s`;
}

/**
 * Puts parts in order.
 * @throws MotDataError that names the parts which do not belong together, overlap or leave a hole
 */
export function orderParts(parts: readonly DetectionPart[]): DetectionPart[] {
  const ordered = [...parts].sort((a, b) => a.about.range.from - b.about.range.from);
  const [first] = ordered;
  if (!first) throw new MotDataError('There is no part.');
  for (const part of ordered) {
    for (const [words, value] of Object.entries(COMMON)) {
      if (JSON.stringify(value(part.about)) === JSON.stringify(value(first.about))) continue;
      throw new MotDataError(
        `${part.folder} does not belong to ${first.folder}: it is of ${words}.`,
      );
    }
  }
  if (first.about.range.from > 0) {
    throw new MotDataError(
      `There is a hole before ${first.folder} (${rangeText(first.about)}): no part begins at 0 s.`,
    );
  }
  for (const [i, part] of ordered.entries()) {
    const { to } = part.about.range;
    const next = ordered[i + 1];
    const between = `${part.folder} (${rangeText(part.about)})`;
    if (!next) {
      if (to === null) continue;
      throw new MotDataError(`There is a hole behind ${between}: no part goes to the end.`);
    }
    const named = `${between} and ${next.folder} (${rangeText(next.about)})`;
    if (to === null || to > next.about.range.from) throw new MotDataError(`${named} overlap.`);
    if (to < next.about.range.from) throw new MotDataError(`Between ${named} there is a hole.`);
  }
  return ordered;
}

/** Follows the people through the samples of parts in order. */
async function trackParts(
  parts: readonly DetectionPart[],
  settings: TrackingSettings,
): Promise<Results> {
  const { info, detector } = parts[0]!.about;
  const { scoreThreshold } = detector;
  const tracker = createTracker(settings.tracker, { scoreThreshold });
  const chunks: SampleChunk[] = [];
  let chunk = new ChunkBuilder(0);
  for (const { samples } of parts) {
    for (const sample of samples) {
      const assignments = tracker.update(sample.detections, sample.timeSeconds);
      if (chunk.length === CHUNK_SAMPLES) {
        chunks.push(chunk.build(tracker.snapshot()));
        chunk = new ChunkBuilder(chunk.end);
      }
      chunk.add(sample, sample.detections, assignments);
    }
  }
  if (chunk.length > 0) chunks.push(chunk.build(tracker.snapshot()));
  const history = { chunkCount: chunks.length, chunk: async (index: number) => chunks[index]! };
  const { tracks, times } = await finishTracks(settings, history, scoreThreshold);
  return new Results(tracks, times, info);
}

function* elementsOf(chunks: Iterable<ResultChunk>): Generator<PathElement> {
  for (const { timestampsMs, indices, boxes } of chunks) {
    for (let k = 0; k < indices.length; k++) {
      const [left, top, width, height] = boxes.subarray(4 * k, 4 * k + 4);
      yield {
        timestampMs: timestampsMs[k]!,
        index: indices[k]!,
        left: left!,
        top: top!,
        width: width!,
        height: height!,
      };
    }
  }
}

function pathsOf(results: Results): MotPath[] {
  const rows: { frames: number[]; boxes: number[]; scores: number[] }[] = [];
  for (const { indices, frames, boxes, scores } of results.byIndex()) {
    for (let k = 0; k < indices.length; k++) {
      const index = indices[k]!;
      const path = rows[index] ?? { frames: [], boxes: [], scores: [] };
      rows[index] = path;
      path.frames.push(frames[k]!);
      path.boxes.push(...boxes.subarray(4 * k, 4 * k + 4));
      path.scores.push(scores[k]!);
    }
  }
  return rows.map((path, index) => ({
    index,
    frames: Int32Array.from(path.frames),
    boxes: Float32Array.from(path.boxes),
    scores: Float32Array.from(path.scores),
  }));
}

/** What was found, in pieces of text. */
export interface AssociatedVideo {
  readonly people: number;
  readonly elements: number;
  readonly text: AsyncIterable<string> | Iterable<string>;
}

/**
 * Turns the parts of a video into its result, to the byte that of `footpath track` by the same settings.
 * @throws MotDataError where the parts are not whole or not those of one video from start to end
 */
export async function associateParts(
  folders: readonly string[],
  settings: TrackingSettings,
  format: 'rekognition' | 'mot',
): Promise<AssociatedVideo> {
  const parts: DetectionPart[] = [];
  for (const folder of await findParts(folders)) parts.push(await readPart(folder));
  const ordered = orderParts(parts);
  const { info } = ordered[0]!.about;
  const results = await trackParts(ordered, settings);
  const { people, elements } = results;
  if (format === 'mot') return { people, elements, text: motRows(pathsOf(results), info) };
  const request = {
    Video: { S3Object: { Bucket: 'videos', Name: 'video' } },
  };
  const answer = getPersonTrackingResponse(
    { jobId: '', request },
    {
      status: 'SUCCEEDED',
      metadata: videoMetadata(info),
      elements: [...elementsOf(results.byTimestamp())],
    },
  );
  return { people, elements, text: rekognitionJson(async () => answer) };
}
