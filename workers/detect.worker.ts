/** The thread of `footpath detect`: finds people in a part of a video and hands them on, without following anybody. */
import * as Comlink from 'comlink';
import { Failure, type FailureRecord } from '../src/contract/failure.ts';
import { detectSamples, STALLED } from '../src/engine/detect-samples.ts';
import type { DetectorReport, TimeRange, VideoInfo } from '../src/engine/ports.ts';
import type { TrackingSettings } from '../src/engine/settings.ts';
import { openVideo } from '../src/media/open-video.ts';
import { afterSilence } from '../src/protocol/silence.ts';
import { createDetectorPool, type OnnxModel } from './detector/pool/detector-pool.ts';

/** What to look for, and where. */
export interface DetectRequest {
  readonly video: Blob;
  readonly range: TimeRange;
  readonly settings: Pick<TrackingSettings, 'sampleRate' | 'backend' | 'quality' | 'motionGate'>;
  /** A file, or the address of a prepared model's manifest. */
  readonly model: OnnxModel | string;
  readonly workers?: number;
}

/** The first line, as JSON. */
interface DetectedHead {
  readonly video: VideoInfo;
  readonly detector: DetectorReport;
}

/** One sample as a line of JSON: numbers keep every bit. */
interface DetectedLine {
  readonly frame: number;
  readonly timestampMs: number;
  readonly timeSeconds: number;
  /** 4 numbers a detection, XyxyPx. */
  readonly boxes: readonly number[];
  readonly scores: readonly number[];
  /** Absent where the detector gives no embeddings. */
  readonly features?: readonly number[];
}

/** How it ended. */
export interface DetectEnding {
  /** How people were looked for in the end; absent where that did not begin. */
  readonly detector?: DetectorReport;
  readonly failure?: FailureRecord;
}

/** What the page calls. */
export interface DetectApi {
  /**
   * @param write takes a line about the video, then one a sample, in order; its promise is waited for
   */
  detect(request: DetectRequest, write: (line: string) => Promise<void>): Promise<DetectEnding>;
}

const api: DetectApi = {
  async detect({ video, range, settings, model, workers }, write) {
    let report: DetectorReport | undefined;
    try {
      const source = await openVideo(video, { sampleRate: settings.sampleRate, range });
      const info = source.info;
      const detector = await createDetectorPool({
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
          detectEvery: 1,
          from: range.from,
          release: ({ frame }) => frame.close(),
          signal: new AbortController().signal,
          timeout: (milliseconds) => {
            let cancel = () => {};
            const expired = new Promise<never>((_, reject) => {
              cancel = afterSilence(milliseconds, () => reject(STALLED));
            });
            expired.catch(() => {});
            return { expired, cancel };
          },
        });
        const head: DetectedHead = { video: info, detector: detector.report };
        await write(`${JSON.stringify(head)}\n`);
        for await (const { frame, timestampMs, timeSeconds, detections } of samples) {
          const { count, boxes, scores, features } = detections;
          const line: DetectedLine = {
            frame,
            timestampMs,
            timeSeconds,
            boxes: [...boxes.subarray(0, 4 * count)],
            scores: [...scores.subarray(0, count)],
            ...(features && { features: [...features] }),
          };
          await write(`${JSON.stringify(line)}\n`);
        }
      } finally {
        report = detector.report;
        await detector.close();
        await source.close();
      }
      return { detector: report };
    } catch (error) {
      return {
        ...(report && { detector: report }),
        failure: Failure.from(error).toRecord(),
      };
    }
  },
};
Comlink.expose(api);
