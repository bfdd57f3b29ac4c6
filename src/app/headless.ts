/** The page that the command line works in: no screen, its functions as globals. */
import type { JobSettings, OwnModel } from '../client/api.ts';
import { createPersonTracking } from '../client/person-tracking.ts';
import { motRows } from '../export/mot-rows.ts';
import { rekognitionJson } from '../export/rekognition-json.ts';

/** What `footpath track` gives the page to call. */
interface CommandLine {
  footpathProgress?(progress: unknown): Promise<void>;
  footpathWrite?(text: string): Promise<void>;
}

/** Characters sent to the command line at a time. */
const PIECE_LENGTH = 1 << 18;

/** How the command line wants it. */
export interface HeadlessOptions {
  readonly settings: Partial<JobSettings>;
  readonly workers?: number;
  /** Said when the page's second file field holds a detector. */
  readonly modelFamily?: OwnModel['family'];
}

/**
 * Tracks the file chosen in the page's first file field, writes the result to the command line and answers how it ended.
 */
async function trackFile(
  format: 'rekognition' | 'mot',
  { settings, workers, modelFamily }: HeadlessOptions,
): Promise<{ failure?: string; people: number; elements: number; report?: unknown }> {
  const line = globalThis as CommandLine;
  const chosen = (field: string) => document.querySelector<HTMLInputElement>(field)?.files?.[0];
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
