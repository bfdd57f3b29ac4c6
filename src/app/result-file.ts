import type { PersonTracking } from '../client/api.ts';
import type { GetPersonTrackingResponse, PersonDetection } from '../contract/types.ts';

/**
 * The whole answer of GetPersonTracking as one JSON document: `JobStatus`, `StatusMessage` where the job failed,
 * `VideoMetadata` and the `Persons` of every page.
 * @throws the exceptions of GetPersonTracking
 */
export async function resultJson(tracking: PersonTracking, jobId: string): Promise<Blob> {
  const persons: PersonDetection[] = [];
  let page: GetPersonTrackingResponse;
  let token: string | undefined;
  do {
    page = await tracking.getPersonTracking({
      JobId: jobId,
      MaxResults: 1000,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    for (const person of page.Persons) persons.push(person);
    token = page.NextToken;
  } while (token !== undefined);
  const { JobStatus, StatusMessage, VideoMetadata } = page;
  const answer = { JobStatus, StatusMessage, VideoMetadata, Persons: persons };
  return new Blob([JSON.stringify(answer, null, 2), '\n'], { type: 'application/json' });
}

/**
 * A table for spreadsheets: one line a person and sample, boxes as ratios of the frame.
 * @throws ResourceNotFoundException
 */
export async function resultCsv(tracking: PersonTracking, jobId: string): Promise<Blob> {
  const lines = ['Index,TimestampMillis,Left,Top,Width,Height,Score,Seen'];
  for (const path of await tracking.getPaths(jobId)) {
    for (let i = 0; i < path.timestampsMs.length; i++) {
      const box = Array.from(path.boxes.subarray(4 * i, 4 * i + 4), (value) => value.toFixed(5));
      const seen = path.flags[i] === 0 ? 'yes' : 'estimated';
      const score = path.scores[i]!.toFixed(3);
      lines.push([path.index, path.timestampsMs[i], ...box, score, seen].join(','));
    }
  }
  return new Blob([lines.join('\r\n'), '\r\n'], { type: 'text/csv' });
}

/** `entrance.mp4` and `json` give `entrance-people.json`. */
export function resultFileName(key: string, extension: string): string {
  const base = key
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '');
  return `${base || 'video'}-people.${extension}`;
}

/** Hands a file to the browser's downloads. */
export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on the bytes once it began; a minute is ample for that.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
