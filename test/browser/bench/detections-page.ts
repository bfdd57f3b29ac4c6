/** Finds the people of a video, as a job does, and gives what was found before any tracking. */
import { detectSamples } from '../../../src/engine/detect-samples.ts';
import type { SampleRate } from '../../../src/engine/ports.ts';
import { DEFAULT_SETTINGS } from '../../../src/engine/settings.ts';
import { openVideo } from '../../../src/media/open-video.ts';
import { createDetectorPool } from '../../../workers/detector/pool/detector-pool.ts';

/** How to detect. */
export interface DetectionsAsked {
  readonly quality: 'fast' | 'balanced' | 'accurate';
  readonly sampleRate: SampleRate;
  readonly motionGate: boolean;
  /** Default `int8`; `wasm`: the same in single precision. */
  readonly backend?: 'int8' | 'wasm';
  /** Default one a core. */
  readonly threads?: number;
  /** Of the prepared ones; default the product's. */
  readonly model?: string;
  /** Embed people by the network that knows them again. Default not. */
  readonly reid?: boolean;
}

const manifest = (model: string) => new URL(`/models/${model}/manifest.json`, location.href).href;

/** One sample's detections in plain arrays. */
export interface PlainDetections {
  readonly boxes: number[];
  readonly scores: number[];
  readonly spreads?: number[];
  readonly features: number[];
  /** Absent where the frame was not looked at by a network that knows people again. */
  readonly reid?: { readonly rows: number[]; readonly values: number[] };
}

/** What was found in `/video`. */
export interface PlainPeople {
  readonly frames: PlainDetections[];
  /** Score from which the detector is sure. */
  readonly scoreThreshold: number;
  /** From the first sample to the last, the video's decoding included. */
  readonly milliseconds: number;
}

async function detect({
  quality,
  sampleRate,
  reid,
  model = DEFAULT_SETTINGS.model,
  ...pool
}: DetectionsAsked): Promise<PlainPeople> {
  const source = await openVideo({ url: '/video' }, { sampleRate });
  const detector = await createDetectorPool({
    manifestUrl: manifest(model),
    ...(reid && { embedding: { manifestUrl: manifest('person-reidentification') } }),
    backend: 'int8',
    quality,
    video: source.info,
    ...pool,
  });
  const { scoreThreshold } = detector.report;
  const frames: PlainDetections[] = [];
  const start = performance.now();
  const samples = detectSamples({
    source,
    detector,
    detectEvery: 1,
    release: ({ frame }) => frame.close(),
    signal: new AbortController().signal,
    timeout: () => ({ expired: new Promise(() => {}), cancel: () => {} }),
  });
  for await (const { detections } of samples) {
    const { count, boxes, scores, spreads, features = [], reid } = detections;
    frames.push({
      boxes: [...boxes.subarray(0, 4 * count)],
      scores: [...scores.subarray(0, count)],
      ...(spreads && { spreads: [...spreads] }),
      features: [...features],
      ...(reid && { reid: { rows: [...reid.rows], values: [...reid.values] } }),
    });
  }
  const milliseconds = performance.now() - start;
  await Promise.all([detector.close(), source.close()]);
  return { frames, scoreThreshold, milliseconds };
}

/** What the bench calls. */
export interface DetectionsPage {
  detect: typeof detect;
}

Object.assign(window, { bench: { detect } satisfies DetectionsPage });
