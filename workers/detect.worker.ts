/** The thread of `footpath detect`: finds people in a part of a video and hands them on, without following anybody. */
import * as Comlink from 'comlink';
import { Failure, type FailureRecord } from '../src/contract/failure.ts';
import { detectSamples, type PassedSample } from '../src/engine/detect-samples.ts';
import type { DetectorReport, TimeRange, VideoInfo } from '../src/engine/ports.ts';
import type { TrackingSettings } from '../src/engine/settings.ts';
import { openVideo } from '../src/media/open-video.ts';
import { createDetectorPool, type OnnxModel } from './detector/pool/detector-pool.ts';
import { embeddingOf } from './known-again.ts';
import { stallTimeout } from './stall-timeout.ts';

/** What to look for, and where. */
export interface DetectRequest {
  readonly video: Blob;
  /** A part by its times, or one of so many parts of equal length, counted from 1. */
  readonly range: TimeRange | EqualPart;
  readonly settings: Pick<
    TrackingSettings,
    'sampleRate' | 'backend' | 'quality' | 'detectEvery' | 'motionGate' | 'knownAgainBy'
  >;
  /** Address of the folder that `models/` lies in. */
  readonly assets: string;
  /** A file, or the address of a prepared model's manifest. */
  readonly model: OnnxModel | string;
  readonly workers?: number;
}

/** One of several parts of a video of equal length. */
export interface EqualPart {
  /** From 1. */
  readonly part: number;
  readonly of: number;
}

/** The first line, as JSON. */
interface DetectedHead {
  /** In seconds; `to` is null where the part goes to the end. */
  readonly range: { readonly from: number; readonly to: number | null };
  readonly video: VideoInfo;
  readonly detector: DetectorReport;
}

/** One sample as a line of JSON: numbers keep every bit. */
interface DetectedLine extends PassedSample {
  /** 4 numbers a detection, XyxyPx; absent, as what follows, where the sample was passed over. */
  readonly boxes?: readonly number[];
  readonly scores?: readonly number[];
  /** Absent where the detector does not tell how unsure it is of sides. */
  readonly spreads?: readonly number[];
  /** Absent where the detector gives no embeddings. */
  readonly features?: readonly number[];
  /** Absent where no network looked at the sample by which people are known again. */
  readonly reid?: { readonly rows: readonly number[]; readonly values: readonly number[] };
}

/** How it ended. */
export interface DetectEnding {
  /** How people were looked for in the end; absent where that did not begin. */
  readonly detector?: DetectorReport;
  /** The video as it is known once the part was read. */
  readonly video?: VideoInfo;
  readonly failure?: FailureRecord;
}

/** What the page calls. */
export interface DetectApi {
  /**
   * @param write takes a line about the video, then one a sample, in order; its promise is waited for
   */
  detect(request: DetectRequest, write: (line: string) => Promise<void>): Promise<DetectEnding>;
}

/** When one of several parts of equal length begins and ends: the same on every machine. */
async function timesOf(
  video: Blob,
  { part, of }: EqualPart,
  settings: DetectRequest['settings'],
): Promise<TimeRange> {
  const whole = await openVideo(video, { sampleRate: settings.sampleRate });
  const { durationMs } = whole.info;
  await whole.close();
  // Whole milliseconds, so that a part's end is the next one's beginning.
  const cut = (parts: number) => Math.round((durationMs * parts) / of) / 1000;
  return { from: cut(part - 1), to: part === of ? Number.POSITIVE_INFINITY : cut(part) };
}

const api: DetectApi = {
  async detect({ video, range, settings, model, assets, workers }, write) {
    let report: DetectorReport | undefined;
    let read: VideoInfo | undefined;
    try {
      const times = 'of' in range ? await timesOf(video, range, settings) : range;
      const source = await openVideo(video, { sampleRate: settings.sampleRate, range: times });
      const info = source.info;
      const detector = await createDetectorPool({
        ...embeddingOf({ ...settings, refine: true }, assets),
        ...(typeof model === 'string' ? { manifestUrl: model } : model),
        backend: settings.backend,
        quality: settings.quality,
        motionGate: settings.motionGate,
        video: info,
        ...(workers === undefined ? {} : { threads: workers }),
      });
      try {
        const samples = detectSamples({
          source,
          detector,
          detectEvery: settings.detectEvery,
          from: times.from,
          release: ({ frame }) => frame.close(),
          signal: new AbortController().signal,
          timeout: stallTimeout,
        });
        const head: DetectedHead = {
          range: { from: times.from, to: Number.isFinite(times.to) ? times.to : null },
          video: info,
          detector: detector.report,
        };
        await write(`${JSON.stringify(head)}\n`);
        const writeLine = (line: DetectedLine) => write(`${JSON.stringify(line)}\n`);
        for (;;) {
          const next = await samples.next();
          if (next.done) {
            for (const passed of next.value) await writeLine(passed);
            break;
          }
          const { sample, frame, timestampMs, timeSeconds, passed, detections } = next.value;
          for (const before of passed) await writeLine(before);
          const { count, boxes, scores, spreads, features, reid } = detections;
          await writeLine({
            sample,
            frame,
            timestampMs,
            timeSeconds,
            boxes: [...boxes.subarray(0, 4 * count)],
            scores: [...scores.subarray(0, count)],
            ...(spreads && { spreads: [...spreads] }),
            ...(features && { features: [...features] }),
            ...(reid && { reid: { rows: [...reid.rows], values: [...reid.values] } }),
          });
        }
      } finally {
        report = detector.report;
        await detector.close();
        await source.close();
        read = source.info;
      }
      return { detector: report, video: read };
    } catch (error) {
      return {
        ...(report && { detector: report }),
        failure: Failure.from(error).toRecord(),
      };
    }
  },
};
Comlink.expose(api);
