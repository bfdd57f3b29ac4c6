/** `footpath associate --parts`: detections of a video, found in one or several parts, to what `footpath track` gives. */
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { getPersonTrackingResponse, videoMetadata } from '../src/contract/answer.ts';
import { followDetections } from '../src/engine/follow-detections.ts';
import { elementsOf, type Results } from '../src/engine/results.ts';
import {
  CHUNK_SAMPLES,
  type DetectionChunk,
  DetectionChunkBuilder,
} from '../src/engine/sample-chunk.ts';
import { contradictsDetectEvery, type TrackingSettings } from '../src/engine/settings.ts';
import { type MotPath, motRows } from '../src/export/mot-rows.ts';
import { rekognitionJson } from '../src/export/rekognition-json.ts';
import { MotDataError } from '../src/metrics/mot-text.ts';
import {
  ABOUT,
  type DetectionPart,
  type PartAbout,
  type PartSample,
  readPart,
} from './detection-part.ts';
import { PARTIAL_SUFFIX } from './run-folder.ts';

/**
 * Folders of parts: those named, and the subfolders of those that are none themselves.
 * @throws MotDataError when there is none in one of them
 */
export async function findParts(folders: readonly string[]): Promise<string[]> {
  const isPart = async (folder: string) =>
    (await stat(join(folder, ABOUT)).catch(() => undefined))?.isFile() ?? false;
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
    // What a worker was putting in its place when it was killed is no part yet.
    for (const name of names.filter((known) => !known.endsWith(PARTIAL_SUFFIX)).sort()) {
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
  'another network that knows people again, or of another release': ({ detector }) =>
    detector.fingerprint,
  'other input sizes': ({ detector }) => detector.inputs,
  'another motion gate': ({ detector }) => detector.motionGate,
  'samples looked at otherwise': ({ detectEvery = 1 }) => detectEvery,
};

/** The name of a part's range. */
function rangeText({ range: { from, to } }: PartAbout): string {
  return `${from} to ${to ?? 'the end'} s`;
}

/**
 * Puts parts in order.
 * @throws MotDataError that names the parts which do not belong together, overlap or leave a hole
 */
function orderParts(parts: readonly DetectionPart[]): DetectionPart[] {
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

/**
 * The detections of parts in order, cut into chunks at the samples at which a job cuts them. What lies behind the last
 * sample that was looked at is left out, as there.
 * @param every looks at every so many samples, a multiple of what the parts did
 */
function chunksOf(parts: readonly DetectionPart[], every: number): DetectionChunk[] {
  const chunks: DetectionChunk[] = [];
  let chunk = new DetectionChunkBuilder(0);
  let passed: PartSample[] = [];
  let ordinal = 0;
  for (const { samples } of parts) {
    for (const sample of samples) {
      if (ordinal++ % every !== 0) {
        passed.push(sample);
        continue;
      }
      if (chunk.length === CHUNK_SAMPLES) {
        chunks.push(chunk.build());
        chunk = new DetectionChunkBuilder(chunk.end);
      }
      for (const between of passed) chunk.pass(between);
      passed = [];
      chunk.add(sample, sample.detections);
    }
  }
  if (chunk.length > 0) chunks.push(chunk.build());
  return chunks;
}

/** @throws MotDataError where other samples were looked at than the settings want */
function checkLooks(parts: readonly DetectionPart[], every: number): void {
  const { detectEvery = 1 } = parts[0]!.about;
  if (detectEvery === 1) return;
  if (every % detectEvery !== 0) {
    throw new MotDataError(
      `${parts[0]!.folder}: people were looked for in every ${detectEvery}th sample, so --detect-every must be a multiple of ${detectEvery}, but is ${every}.`,
    );
  }
  let before = 0;
  for (const { folder, about, samples } of parts) {
    if (samples.length > 0 && about.firstSample !== before) {
      throw new MotDataError(
        `${folder} begins with sample ${about.firstSample} of the video, but the parts before it hold ${before}: frames are damaged there, so the parts do not agree which samples to look at. Detect the video in one part, or without --detect-every.`,
      );
    }
    before += samples.length;
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

/** How to follow; without `detectEvery` and `knownAgainBy` as the parts were looked at. */
export type AssociateSettings = Omit<TrackingSettings, 'detectEvery' | 'knownAgainBy'> &
  Partial<Pick<TrackingSettings, 'detectEvery' | 'knownAgainBy'>>;

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
  settings: AssociateSettings,
  format: 'rekognition' | 'mot',
): Promise<AssociatedVideo> {
  const parts: DetectionPart[] = [];
  for (const folder of await findParts(folders)) parts.push(await readPart(folder));
  const ordered = orderParts(parts);
  const { info: opened, detector, detectEvery = 1 } = ordered[0]!.about;
  const info = { ...opened, durationMs: ordered.at(-1)!.about.lengthMs ?? opened.durationMs };
  const every = settings.detectEvery ?? detectEvery;
  checkLooks(ordered, every);
  if (contradictsDetectEvery({ ...settings, detectEvery: every })) {
    throw new MotDataError(
      `People are looked for in every ${every}th sample only, so boxes in between are estimated, which --no-refine and --no-fill rule out.`,
    );
  }
  const chunks = chunksOf(ordered, every);
  const history = {
    chunkCount: chunks.length,
    chunk: async (index: number) => chunks[index]!,
    frame: info,
    modelThreshold: detector.scoreThreshold,
    ...(detector.identity && { reid: detector.identity.spreads }),
  };
  const results = await followDetections(history, {
    ...settings,
    detectEvery: every,
    knownAgainBy: settings.knownAgainBy ?? (detector.identity ? 'network' : 'colours'),
  });
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
      elements: [...results.byTimestamp()].flatMap((chunk) => [...elementsOf(chunk)]),
    },
  );
  return { people, elements, text: rekognitionJson(async () => answer) };
}
