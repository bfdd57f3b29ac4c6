/**
 * What the detector finds in every frame of a video, as a job finds it. It is kept in .cache/bench-detections, so that a
 * bench of what comes after takes seconds.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
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

interface PlainPeople {
  readonly frames: readonly {
    readonly boxes: number[];
    readonly scores: number[];
    readonly features: number[];
  }[];
  readonly scoreThreshold: number;
}

/** The page that finds people: test/browser/bench/detections-page.ts. */
declare const window: { bench: { detect(quality: Quality): Promise<PlainPeople> } };

/**
 * Finds the people of a video, or reads who was found before.
 * @param video file
 * @param quality of the detector
 * @param isFresh look again, whatever was kept
 */
export async function findPeople(
  video: string,
  quality: Quality,
  isFresh: boolean,
): Promise<FoundPeople> {
  const folder = resolve(ROOT, '.cache/bench-detections');
  const kept = join(folder, `${basename(video)}-${statSync(video).size}-${quality}.json`);
  if (isFresh || !existsSync(kept)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(kept, JSON.stringify(await look(video, quality)));
  }
  const { frames, scoreThreshold } = JSON.parse(readFileSync(kept, 'utf8')) as PlainPeople;
  return {
    scoreThreshold,
    frames: frames.map(({ boxes, scores, features }) => ({
      count: scores.length,
      boxes: Float32Array.from(boxes),
      scores: Float32Array.from(scores),
      ...(features.length > 0 && { features: Int8Array.from(features) }),
    })),
  };
}

async function look(video: string, quality: Quality): Promise<PlainPeople> {
  const bench = await startBenchBrowser(video);
  try {
    const page = await bench.open('bench/detections.html');
    const found = await page.evaluate((asked) => window.bench.detect(asked), quality);
    await page.close();
    return found;
  } finally {
    await bench.close();
  }
}
