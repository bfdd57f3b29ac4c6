/** The page that the command line works in: no screen, its functions as globals. */
import * as Comlink from 'comlink';
import type { Scene } from '../analytics/scene.ts';
import type { JobSettings, OwnModel } from '../client/api.ts';
import { allowOwnScripts } from '../client/own-scripts.ts';
import { createPersonTracking } from '../client/person-tracking.ts';
import { resultManifest } from '../client/result-manifest.ts';
import { DEFAULT_SETTINGS } from '../engine/settings.ts';
import { type AnalysisJson, analysisJson } from '../export/analysis-json.ts';
import { motRows } from '../export/mot-rows.ts';
import { rekognitionJson } from '../export/rekognition-json.ts';
import { arePeopleSmall } from './small-people.ts';

/** What `footpath track` gives the page to call. */
interface CommandLine {
  footpathProgress?(progress: unknown): Promise<void>;
  footpathWrite?(text: string): Promise<void>;
}

/** Characters sent to the command line at a time. */
const PIECE_LENGTH = 1 << 18;

/** Milliseconds that what is found waits at most before it is sent. */
const SEND_EVERY_MS = 500;

/** The file that a field of the page was given. */
const chosen = (field: string) => document.querySelector<HTMLInputElement>(field)?.files?.[0];

/** How the command line wants it. */
export interface HeadlessOptions {
  readonly settings: Partial<JobSettings>;
  readonly workers?: number;
  /** Said when the page's second file field holds a detector. */
  readonly modelFamily?: OwnModel['family'];
  /** What is to be counted. */
  readonly scene?: Scene;
  /** Whether the ending carries the result's manifest. */
  readonly manifest?: boolean;
}

/**
 * Tracks the file chosen in the page's first file field, writes the result to the command line and answers how it ended.
 */
async function trackFile(
  format: 'rekognition' | 'mot',
  { settings, workers, modelFamily, scene, manifest = false }: HeadlessOptions,
): Promise<{
  failure?: string;
  people: number;
  elements: number;
  /** See {@link arePeopleSmall}. */
  areSmall: boolean;
  report?: unknown;
  counts?: AnalysisJson;
  manifest?: unknown;
}> {
  const line = globalThis as CommandLine;
  const file = chosen('#video');
  if (!file) throw new Error('no file was chosen');
  const onnx = chosen('#model');
  const tracking = createPersonTracking({
    ...(workers === undefined ? {} : { workers }),
  });
  try {
    tracking.addEventListener('progress', ({ detail }) => void line.footpathProgress?.(detail));
    await tracking.putObject({ Bucket: 'videos', Key: 'video', Body: file, Keep: 'reference' });
    const Video = { S3Object: { Bucket: 'videos', Name: 'video' } };
    const { JobId } = await tracking.startPersonTracking(
      { Video },
      { ...settings, ...(onnx && modelFamily ? { model: { onnx, family: modelFamily } } : {}) },
    );
    const job = await tracking.waitForJob(JobId);
    const paths = await tracking.getPaths(JobId);
    const pieces =
      format === 'rekognition'
        ? rekognitionJson((NextToken) => tracking.getPersonTracking({ JobId, NextToken }))
        : motRows(paths, {
            width: job.metadata?.FrameWidth ?? 0,
            height: job.metadata?.FrameHeight ?? 0,
          });
    let text = '';
    for await (const piece of pieces) {
      text += piece;
      if (text.length < PIECE_LENGTH) continue;
      await line.footpathWrite?.(text);
      text = '';
    }
    await line.footpathWrite?.(text);
    const areSmall = !job.failure && arePeopleSmall(paths, job.report?.detector);
    const analysis = scene && job.metadata && (await tracking.analyze(JobId, scene));
    return {
      ...(analysis ? { counts: analysisJson(analysis, 'hour') } : {}),
      ...(job.failure ? { failure: job.failure.message } : {}),
      people: job.people ?? 0,
      elements: job.elements ?? 0,
      areSmall,
      report: job.report,
      ...(manifest && job.report?.detector
        ? { manifest: await resultManifest(tracking, JobId) }
        : {}),
    };
  } finally {
    await tracking.close();
  }
}

/** The part of a video to look at, in seconds from its start; `to` absent: to the end. Or the `part`-th `of` so many. */
export interface DetectOptions extends HeadlessOptions {
  readonly from: number;
  readonly to?: number;
  readonly equal?: { readonly part: number; readonly of: number };
}

/** See DetectApi of workers/detect.worker.ts. */
interface DetectThread {
  detect(request: object, write: (line: string) => Promise<void>): Promise<object>;
}

/** Finds the people in a part of the chosen file, writes a line a sample to the command line and answers how it ended. */
async function detectFile({
  settings,
  workers,
  modelFamily,
  from,
  to = Number.POSITIVE_INFINITY,
  equal,
}: DetectOptions): Promise<object> {
  const line = globalThis as CommandLine;
  const onnx = chosen('#model');
  const { sampleRate, backend, quality, motionGate, detectEvery, model, knownAgainBy } = {
    ...DEFAULT_SETTINGS,
    ...settings,
  };
  const thread = new Worker(new URL('../../workers/detect.worker.ts', import.meta.url), {
    type: 'module',
  });
  const died = new Promise<never>((_, reject) => {
    thread.addEventListener('error', ({ message }) =>
      reject(new Error(`the thread that looks for people failed (${message})`)),
    );
  });
  let text = '';
  let sentMs = performance.now();
  const write = async (more: string) => {
    text += more;
    if (text.length < PIECE_LENGTH && performance.now() - sentMs < SEND_EVERY_MS) return;
    sentMs = performance.now();
    const piece = text;
    text = '';
    await line.footpathWrite?.(piece);
  };
  const request = {
    video: chosen('#video'),
    range: equal ?? { from, to },
    settings: { sampleRate, backend, quality, motionGate, detectEvery, knownAgainBy },
    assets: location.href,
    model:
      onnx && modelFamily
        ? { onnx, family: modelFamily }
        : new URL(`models/${model}/manifest.json`, location.href).href,
    ...(workers === undefined ? {} : { workers }),
  };
  try {
    const ending = await Promise.race([
      Comlink.wrap<DetectThread>(thread).detect(request, Comlink.proxy(write)),
      died,
    ]);
    await line.footpathWrite?.(text);
    return ending;
  } finally {
    thread.terminate();
  }
}

allowOwnScripts();
Object.assign(globalThis, {
  createPersonTracking,
  resultManifest,
  footpathTrackFile: trackFile,
  footpathDetectFile: detectFile,
});
