/**
 * Detections of a video, or of a part of it, in a folder in MOTChallenge's form: `seqinfo.ini`, `det/det.txt`,
 * `det/times.csv`, `det/spreads.npy`, `det/features.npy`, `det/reid.npy` with `det/reid.txt`, and `part.json`, which says of what video,
 * which part and by what they were found. Numbers are written so that every bit comes back.
 */
import { mkdir, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DetectorReport, SampleRate, VideoInfo } from '../src/engine/ports.ts';
import { MotDataError, parseMot } from '../src/metrics/mot-text.ts';
import type { Detections, ReidEmbeddings } from '../src/track/detections.ts';
import { embeddingsBetween } from '../src/track/join-detections.ts';
import { detectionsByFrame } from './mot-detections.ts';
import { formatNpy, type Int8Table, parseNpy } from './npy.ts';
import { naming } from './output-file.ts';
import { readIfThere } from './read-if-there.ts';

/** What a part says of itself: `part.json`. */
export interface PartAbout {
  readonly format: 1;
  readonly video: { readonly name: string; readonly bytes: number; readonly sha256: string };
  /** Seconds from the video's start: from `from` on, before `to`; null: to the end. */
  readonly range: { readonly from: number; readonly to: number | null };
  readonly info: VideoInfo;
  /** Of the part that goes to the end, where the video turned out longer than its info says: how long, in milliseconds. */
  readonly lengthMs?: number;
  readonly sampleRate: SampleRate;
  /** SHA-256 of the detector's manifest, or of its ONNX file. */
  readonly model: { readonly id: string; readonly sha256: string };
  readonly detector: Pick<
    DetectorReport,
    'fingerprint' | 'backend' | 'inputs' | 'scoreThreshold' | 'motionGate' | 'identity'
  >;
  /** People were looked for in the samples whose ordinal in the video is a multiple of this; absent: 1, in all. */
  readonly detectEvery?: number;
  /** Ordinal in the video of the first sample of the range; 0 where there is none. */
  readonly firstSample?: number;
  /** Samples of the grid in the range, those passed over too. */
  readonly samples: number;
}

/** A sample with what was found in it. */
export interface PartSample {
  /** Ordinal of the displayed frame in the video, from 0. */
  readonly frame: number;
  readonly timestampMs: number;
  readonly timeSeconds: number;
  /** Of one that was passed over: none. */
  readonly detections: Detections;
}

/** A part as it was read. */
export interface DetectionPart {
  readonly folder: string;
  readonly about: PartAbout;
  readonly samples: readonly PartSample[];
}

/** The file that says what a part is: a folder with it is whole. */
export const ABOUT = 'part.json';

/** Collects samples and writes the files. */
export class PartWriter {
  readonly #rows: string[] = [];
  readonly #times: string[] = ['frame,timestampMs,timeSeconds\n'];
  readonly #spreads: Int8Array[] = [];
  readonly #features: Int8Array[] = [];
  #firstSample: number | undefined;
  /** Lines of det.txt, from 1, of those that a network looked at, and what it gave. */
  readonly #reidLines: number[] = [];
  readonly #reid: Int8Array[] = [];
  #detections = 0;
  /** Whether of each detection so far it is known how unsure its sides are. */
  #hasSpreads = true;
  /** Whether each detection so far has its embedding. */
  #hasFeatures = true;

  /** Samples so far. */
  get samples(): number {
    return this.#times.length - 1;
  }

  /** Takes the next sample. @param sample its `sample` is its ordinal in the video; without scores it was passed over */
  add(sample: {
    sample?: number;
    frame: number;
    timestampMs: number;
    timeSeconds: number;
    boxes?: readonly number[];
    scores?: readonly number[];
    spreads?: readonly number[];
    features?: readonly number[];
    reid?: { readonly rows: readonly number[]; readonly values: readonly number[] };
  }): void {
    const { frame, timestampMs, timeSeconds, boxes = [], scores = [], reid } = sample;
    this.#firstSample ??= sample.sample;
    for (const row of reid?.rows ?? []) this.#reidLines.push(this.#detections + row + 1);
    if (reid) this.#reid.push(Int8Array.from(reid.values));
    this.#times.push(`${frame},${timestampMs},${timeSeconds}\n`);
    for (const [i, score] of scores.entries()) {
      const [left, top, right, bottom] = boxes.slice(4 * i, 4 * i + 4) as [
        number,
        number,
        number,
        number,
      ];
      const box = [left, top, right - left, bottom - top].join(',');
      this.#rows.push(`${this.samples},-1,${box},${score},-1,-1,-1\n`);
    }
    this.#detections += scores.length;
    if (scores.length === 0) return;
    this.#spreads.push(Int8Array.from(sample.spreads ?? []));
    this.#features.push(Int8Array.from(sample.features ?? []));
    this.#hasSpreads &&= sample.spreads !== undefined;
    this.#hasFeatures &&= sample.features !== undefined;
  }

  /**
   * @param name of the sequence
   * @param about without what is counted here @throws Error that names the folder
   */
  async write(
    folder: string,
    name: string,
    about: Omit<PartAbout, 'format' | 'firstSample' | 'samples'>,
  ): Promise<void> {
    await naming(folder, () => this.#write(folder, name, about));
  }

  async #write(...[folder, name, about]: Parameters<PartWriter['write']>): Promise<void> {
    const { width, height } = about.info;
    await mkdir(join(folder, 'det'), { recursive: true });
    const rate = about.sampleRate === 'all' ? about.info.frameRate : about.sampleRate;
    const ini = [
      '[Sequence]',
      `name=${name}`,
      `frameRate=${Math.min(rate, about.info.frameRate || rate)}`,
      `seqLength=${this.samples}`,
      `imWidth=${Math.round(width)}`,
      `imHeight=${Math.round(height)}`,
      '',
    ];
    await writeFile(join(folder, 'seqinfo.ini'), ini.join('\n'));
    await writeFile(join(folder, 'det/det.txt'), this.#rows.join(''));
    await writeFile(join(folder, 'det/times.csv'), this.#times.join(''));
    if (this.#hasSpreads && this.#detections > 0) {
      const table = asTable(this.#spreads, this.#detections);
      await writeFile(join(folder, 'det/spreads.npy'), formatNpy(table));
    }
    if (this.#hasFeatures && this.#detections > 0) {
      const table = asTable(this.#features, this.#detections);
      await writeFile(join(folder, 'det/features.npy'), formatNpy(table));
    }
    if (this.#reidLines.length > 0) {
      const table = asTable(this.#reid, this.#reidLines.length);
      await writeFile(join(folder, 'det/reid.npy'), formatNpy(table));
      await writeFile(join(folder, 'det/reid.txt'), `${this.#reidLines.join('\n')}\n`);
    }
    const firstSample = this.#firstSample ?? 0;
    const whole: PartAbout = { format: 1, ...about, firstSample, samples: this.samples };
    // Last: a folder with it is whole.
    await writeFile(join(folder, ABOUT), `${JSON.stringify(whole, null, 2)}\n`);
  }
}

/**
 * Puts a part that is whole in its place. Where another worker was first with the same part, that one stays.
 * @throws Error where something else is there
 */
export async function keepPart(partial: string, out: string): Promise<void> {
  await rmdir(out).catch(() => {});
  try {
    await rename(partial, out);
  } catch (error) {
    const about = (folder: string) => readFile(join(folder, ABOUT), 'utf8').catch(() => undefined);
    const there = await about(out);
    if (there === undefined || there !== (await about(partial))) {
      throw new Error(`${out}: something else was put there meanwhile.`, { cause: error });
    }
  }
}

function asTable(parts: readonly Int8Array[], rows: number): Int8Table {
  const values = Buffer.concat(parts.map((part) => new Uint8Array(part.buffer)));
  return { rows, columns: values.length / rows, values: new Int8Array(values) };
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error) => {
    throw new MotDataError(`${path}: this file cannot be read; the part is not whole.`, {
      cause: error,
    });
  });
}

/** @throws MotDataError when it is no part's */
async function readAbout(folder: string): Promise<PartAbout> {
  const path = join(folder, ABOUT);
  const text = await readText(path);
  try {
    const about: PartAbout = JSON.parse(text);
    const isWhole =
      about.format === 1 &&
      typeof about.video.sha256 === 'string' &&
      typeof about.model.sha256 === 'string' &&
      Number.isFinite(about.range.from) &&
      (about.range.to === null || Number.isFinite(about.range.to)) &&
      Number.isInteger(about.samples) &&
      Number.isFinite(about.detector.scoreThreshold) &&
      Number.isFinite(about.info.width) &&
      Number.isFinite(about.info.height);
    if (isWhole) return about;
  } catch {
    // Said below.
  }
  throw new MotDataError(`${path}: this is not what footpath detect writes.`);
}

/** Reads a part. @throws MotDataError that names the file, where one is missing, cut short or does not fit the others */
export async function readPart(folder: string): Promise<DetectionPart> {
  const about = await readAbout(folder);
  const timesPath = join(folder, 'det/times.csv');
  const times = (await readText(timesPath))
    .trim()
    .split(/\r\n|\r|\n/)
    .slice(1);
  if (times.length !== about.samples) {
    throw new MotDataError(
      `${timesPath}: ${times.length} samples, but part.json says ${about.samples}.`,
    );
  }
  const path = join(folder, 'det/det.txt');
  const rows = parseMot(await readText(path), path);
  const found = detectionsByFrame(rows, Math.max(1, about.samples), path);
  const spreads = await readTable(join(folder, 'det/spreads.npy'), rows.count, 'det.txt', 4);
  const features = await readTable(join(folder, 'det/features.npy'), rows.count);
  const reid = await readReid(folder, rows.count);
  let row = 0;
  const samples = times.map((line, i): PartSample => {
    const [frame = Number.NaN, timestampMs = Number.NaN, timeSeconds = Number.NaN] = line
      .split(',')
      .map(Number);
    if (![frame, timestampMs, timeSeconds].every(Number.isFinite)) {
      throw new MotDataError(`${timesPath}:${i + 2}: "${line}" is not a frame and its times.`);
    }
    const detections = found[i]!;
    const from = row;
    row += detections.count;
    if (detections.count === 0) return { frame, timestampMs, timeSeconds, detections };
    const unsure = spreads?.values.subarray(spreads.columns * from, spreads.columns * row);
    const described = features?.values.subarray(features.columns * from, features.columns * row);
    const some = reid && embeddingsBetween(reid, from, row);
    return {
      frame,
      timestampMs,
      timeSeconds,
      detections: {
        ...detections,
        ...(unsure && { spreads: unsure }),
        ...(described && { features: described }),
        ...(some && { reid: some }),
      },
    };
  });
  return { folder, about, samples };
}

/** @returns undefined where the detector gave none */
async function readTable(path: string, count: number, lines = 'det.txt', columns?: number) {
  const file = await readIfThere(path);
  if (file === undefined) return undefined;
  const table = parseNpy(file);
  if (table?.rows === count && table.columns === (columns ?? table.columns)) return table;
  const wide = columns === undefined ? '' : `${columns} `;
  throw new MotDataError(
    `${path}: this is not a table of ${count} rows of ${wide}8-bit integers, one for each line of ${lines}.`,
  );
}

/** @returns undefined where no network looked at anybody @throws MotDataError where the two files do not fit */
async function readReid(folder: string, count: number): Promise<ReidEmbeddings | undefined> {
  const path = join(folder, 'det/reid.txt');
  const file = await readIfThere(path);
  if (file === undefined) return undefined;
  const rows = Int32Array.from(
    file
      .toString()
      .trim()
      .split(/\r\n|\r|\n/),
    (line) => Number(line) - 1,
  );
  for (const [i, row] of rows.entries()) {
    if (row >= (i === 0 ? 0 : rows[i - 1]! + 1) && row < count) continue;
    throw new MotDataError(`${path}:${i + 1}: this is no line of det.txt behind the one before.`);
  }
  const table = await readTable(join(folder, 'det/reid.npy'), rows.length, 'reid.txt');
  if (table) return { rows, values: table.values };
  throw new MotDataError(`${path}: its embeddings, reid.npy, are missing.`);
}
