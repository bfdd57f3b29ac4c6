/**
 * What the detector finds in every frame of a video, as a job finds it. It is kept in .cache/bench-detections, so that a
 * bench of what comes after takes seconds.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { EmbeddingSpreads } from '../../src/track/appearance/embedding-kind.ts';
import type { Detections } from '../../src/track/detections.ts';
import { ROOT, startBenchBrowser } from './bench-browser.ts';

/** A preset of the default detector. */
export type Quality = 'fast' | 'balanced' | 'accurate';

/** Everybody who was found in a video. */
export interface FoundPeople {
  readonly frames: readonly Detections[];
  /** Score from which the detector is sure. */
  readonly scoreThreshold: number;
}

/** How to detect: see test/browser/bench/detections-page.ts. */
export interface DetectionsAsked {
  readonly quality: Quality;
  readonly sampleRate: number | 'all';
  readonly motionGate: boolean;
  readonly backend?: 'int8' | 'wasm';
  readonly threads?: number;
  /** Of the prepared ones; default the product's. */
  readonly model?: string;
  /** Embed people by the network that knows them again. Default not. */
  readonly reid?: boolean;
}

/** What that page answers. */
export interface PlainPeople {
  readonly frames: readonly {
    readonly boxes: number[];
    readonly scores: number[];
    readonly spreads?: number[];
    readonly features: number[];
    readonly reid?: { readonly rows: number[]; readonly values: number[] };
  }[];
  readonly scoreThreshold: number;
  readonly milliseconds: number;
}

declare const window: { bench: { detect(asked: DetectionsAsked): Promise<PlainPeople> } };

const REID_MANIFEST = resolve(ROOT, 'public/models/person-reidentification/manifest.json');

/** Whether set-up had the network that knows people again. */
export const HAS_REID = existsSync(REID_MANIFEST);

/** What its embeddings usually are, for refinement. */
export function reidSpreads(): EmbeddingSpreads {
  return (JSON.parse(readFileSync(REID_MANIFEST, 'utf8')) as { spreads: EmbeddingSpreads }).spreads;
}

/**
 * Finds the people of a video, or reads who was found before.
 * @param video file
 * @param quality of the detector
 * @param isFresh look again, whatever was kept
 * @param how in 8-bit integers (the default) or in single precision; with the motion gate, or every frame as a whole (the default); `model`
 *   another one than the product's
 */
export async function findPeople(
  video: string,
  quality: Quality,
  isFresh: boolean,
  {
    backend = 'int8',
    motionGate = false,
    model,
  }: Partial<Pick<DetectionsAsked, 'backend' | 'motionGate' | 'model'>> = {},
): Promise<FoundPeople> {
  const folder = resolve(ROOT, '.cache/bench-detections');
  const embeds = HAS_REID && model === undefined;
  const way = `${model ? `-${model}` : ''}${backend === 'int8' ? '' : `-${backend}`}${motionGate ? '-gate' : ''}`;
  const name = `${basename(video)}-${statSync(video).size}-${quality}${way}${embeds ? '-reid' : ''}.json`;
  const kept = join(folder, name);
  if (isFresh || !existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    const asked = {
      quality,
      sampleRate: 'all',
      motionGate,
      backend,
      reid: embeds,
      ...(model && { model }),
    } as const;
    writeFileSync(kept, JSON.stringify(await detectInPage(video, asked)));
  }
  return asFound(JSON.parse(readFileSync(kept, 'utf8')) as PlainPeople);
}

/** What the page found, in the form that trackers take. */
export function asFound({ frames, scoreThreshold }: PlainPeople): FoundPeople {
  return {
    scoreThreshold,
    frames: frames.map(({ boxes, scores, spreads, features, reid }) => ({
      count: scores.length,
      boxes: Float32Array.from(boxes),
      scores: Float32Array.from(scores),
      ...(spreads && { spreads: Int8Array.from(spreads) }),
      ...(features.length > 0 && { features: Int8Array.from(features) }),
      ...(reid && {
        reid: { rows: Int32Array.from(reid.rows), values: Int8Array.from(reid.values) },
      }),
    })),
  };
}

/** Finds the people of a video in a browser of its own. */
export async function detectInPage(video: string, asked: DetectionsAsked): Promise<PlainPeople> {
  const bench = await startBenchBrowser(video);
  try {
    const page = await bench.open('bench/detections.html');
    const found = await page.evaluate((how) => window.bench.detect(how), asked);
    await page.close();
    return found;
  } finally {
    await bench.close();
  }
}
