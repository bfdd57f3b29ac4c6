import type { JobProgress, JobReport } from '../../src/engine/job.ts';
import type { TrackingSettings } from '../../src/engine/settings.ts';
import type { BenchBrowser } from './bench-browser.ts';

/** What one job took, in milliseconds, and how it went. */
export interface TrackedRun {
  /** From the file in hand to the written result. */
  readonly totalMs: number;
  /** Until the first frame is asked for: the container is read, the model loaded, threads started. */
  readonly startUpMs: number;
  /** From there to the last frame tracked. */
  readonly trackingMs: number;
  readonly samples: number;
  readonly people: number;
  readonly report: JobReport;
}

/** Tracks a file in the app's headless page, as `footpath track` does. @throws Error when the job fails */
export async function trackInPage(
  bench: BenchBrowser,
  video: string,
  settings: Partial<TrackingSettings>,
): Promise<TrackedRun> {
  const page = await bench.open('headless.html');
  try {
    const entered = new Map<string, number>();
    let samples = 0;
    await page.exposeFunction('footpathProgress', (progress: JobProgress) => {
      if (!entered.has(progress.stage)) entered.set(progress.stage, performance.now());
      samples = Math.max(samples, progress.samplesDone);
    });
    await page.exposeFunction('footpathWrite', () => {});
    await page.setInputFiles('#video', video);
    const startMs = performance.now();
    const ending = await page.evaluate(
      (chosen) =>
        (globalThis as unknown as { footpathTrackFile: TrackFile }).footpathTrackFile(
          'rekognition',
          { settings: chosen },
        ),
      settings,
    );
    const endMs = performance.now();
    if (ending.failure) throw new Error(`${video}: ${ending.failure}`);
    const trackingMs = entered.get('tracking') ?? endMs;
    return {
      totalMs: endMs - startMs,
      startUpMs: trackingMs - startMs,
      trackingMs: (entered.get('refining') ?? endMs) - trackingMs,
      samples,
      people: ending.people,
      report: ending.report,
    };
  } finally {
    await page.close();
  }
}

/** See src/app/headless.ts. */
type TrackFile = (
  format: 'rekognition',
  options: { settings: Partial<TrackingSettings> },
) => Promise<{ failure?: string; people: number; report: JobReport }>;
