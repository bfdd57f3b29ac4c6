import type { JobSummary, PersonTracking } from '../client/api.ts';
import { fileBase, saveFile } from '../element/save-file.ts';
import { csvRows } from '../export/csv-rows.ts';
import { rekognitionJson } from '../export/rekognition-json.ts';

/** A kind of download. */
export type ResultFormat = 'json' | 'csv';

/** Characters of a file that are held at once, about. */
const PART_LENGTH = 4_000_000;

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
    return asBlob(csvRows(await tracking.getPaths(jobId)), 'text/csv');
  }
  const getPage = (NextToken: string) => tracking.getPersonTracking({ JobId: jobId, NextToken });
  return asBlob(rekognitionJson(getPage), 'application/json');
}

/**
 * A text of any length as a file. Of a day it is longer than a page has memory: what is there is handed to the browser, which
 * puts it on the disk, and the page does other things in between.
 */
async function asBlob(
  pieces: Iterable<string> | AsyncIterable<string>,
  type: string,
): Promise<Blob> {
  const parts: Blob[] = [];
  let text: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    text.push(piece);
    length += piece.length;
    if (length < PART_LENGTH) continue;
    parts.push(new Blob(text));
    text = [];
    length = 0;
    await new Promise((goOn) => setTimeout(goOn));
  }
  return new Blob([...parts, ...text], { type });
}

/** What files of a result are called after: `entrance` for `entrance.mp4`, and `entrance-incomplete` where it is not the whole one. */
export function resultBase({ key, status }: Pick<JobSummary, 'key' | 'status'>): string {
  return `${fileBase(key)}${status === 'FAILED' ? '-incomplete' : ''}`;
}

/** `entrance.mp4` and `json` give `entrance-people.json`. */
export function resultFileName(
  job: Pick<JobSummary, 'key' | 'status'>,
  format: ResultFormat,
): string {
  return `${resultBase(job)}-people.${format}`;
}

/** The browser's dialogue for a place to save at, where it has one. */
interface SaveWindow {
  showSaveFilePicker?(options: {
    id: string;
    suggestedName: string;
    startIn: FileSystemFileHandle;
  }): Promise<FileSystemFileHandle>;
}

/**
 * Saves a file: beside the video it is about where the browser can be asked for that, else among the downloads. Call it
 * from a click.
 * @param make the content, made once there is a place for it
 * @param video as the browser gave it; undefined where it gave no more than the content
 * @throws what `make` throws, and DOMException where the file cannot be written
 */
export async function saveResult(
  name: string,
  make: () => Promise<Blob>,
  video: FileSystemFileHandle | undefined,
): Promise<void> {
  let place: FileSystemFileHandle | null;
  try {
    place = video === undefined ? null : await askPlace(name, video);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    // Frames and policies may refuse the dialogue.
    place = null;
  }
  const content = await make();
  if (place === null) {
    saveFile(content, name);
    return;
  }
  const stream = await place.createWritable();
  await stream.write(content);
  await stream.close();
}

/** Asks for a place, beginning where the video lies; null where there is no dialogue. */
async function askPlace(
  name: string,
  video: FileSystemFileHandle,
): Promise<FileSystemFileHandle | null> {
  const options = { id: 'footpath-result', suggestedName: name, startIn: video };
  return (await (window as SaveWindow).showSaveFilePicker?.(options)) ?? null;
}
