import type { PersonTracking } from '../client/api.ts';
import { csvRows } from '../export/csv-rows.ts';
import { rekognitionJson } from '../export/rekognition-json.ts';

/** A kind of download. */
export type ResultFormat = 'json' | 'csv';

/**
 * A job's whole result: `json`, the merged answer of GetPersonTracking; `csv`, a table for spreadsheets.
 * @throws the exceptions of GetPersonTracking
 */
export async function resultFile(
  tracking: PersonTracking,
  jobId: string,
  format: ResultFormat,
): Promise<Blob> {
  if (format === 'csv') {
    return new Blob([...csvRows(await tracking.getPaths(jobId))], { type: 'text/csv' });
  }
  const pieces: string[] = [];
  const getPage = (NextToken: string) => tracking.getPersonTracking({ JobId: jobId, NextToken });
  for await (const piece of rekognitionJson(getPage)) pieces.push(piece);
  return new Blob(pieces, { type: 'application/json' });
}

/** `entrance.mp4` and `json` give `entrance-people.json`. */
export function resultFileName(key: string, format: ResultFormat): string {
  const base = key
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '');
  return `${base || 'video'}-people.${format}`;
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
