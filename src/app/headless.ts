/** The page that the command line works in: no screen, its functions as globals. */
import { createPersonTracking } from '../client/person-tracking.ts';
import type { TrackingSettings } from '../engine/job.ts';
import { motRows } from '../export/mot-rows.ts';
import { rekognitionJson } from '../export/rekognition-json.ts';

/** What `footpath track` gives the page to call. */
interface CommandLine {
  footpathProgress?(progress: unknown): Promise<void>;
  footpathWrite?(text: string): Promise<void>;
}

/** Characters sent to the command line at a time. */
const PIECE_LENGTH = 1 << 18;

/**
 * Tracks the file chosen in the page's file field, writes the result to the command line and answers how it ended.
 */
async function trackFile(
  format: 'rekognition' | 'mot',
  options: { settings: Partial<TrackingSettings>; workers?: number },
): Promise<{ failure?: string; people: number; elements: number; report?: unknown }> {
  const line = globalThis as CommandLine;
  const file = document.querySelector('input')?.files?.[0];
  if (!file) throw new Error('no file was chosen');
  const tracking = createPersonTracking({
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  });
  try {
    tracking.addEventListener('progress', ({ detail }) => void line.footpathProgress?.(detail));
    await tracking.putObject({ Bucket: 'videos', Key: 'video', Body: file, Keep: 'reference' });
    const Video = { S3Object: { Bucket: 'videos', Name: 'video' } };
    const { JobId } = await tracking.startPersonTracking({ Video }, options.settings);
    const job = await tracking.waitForJob(JobId);
    const pieces =
      format === 'rekognition'
        ? rekognitionJson((NextToken) => tracking.getPersonTracking({ JobId, NextToken }))
        : motRows(await tracking.getPaths(JobId), {
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
    return {
      ...(job.failure ? { failure: job.failure.message } : {}),
      people: job.people ?? 0,
      elements: job.elements ?? 0,
      report: job.report,
    };
  } finally {
    await tracking.close();
  }
}

Object.assign(globalThis, { createPersonTracking, footpathTrackFile: trackFile });
