import type { JobSummary, PersonTracking } from '../client/api.ts';
import { fileBase, saveFile } from '../element/save-file.ts';
import { csvRows } from '../export/csv-rows.ts';
import { rekognitionJson } from '../export/rekognition-json.ts';

/** A kind of download. */
export type ResultFormat = 'json' | 'csv';

/** What a file has in it, in parts, so that a long one need not fit into memory. */
export interface FileContent {
  readonly type: string;
  readonly parts: Iterable<string> | AsyncIterable<string>;
}

/** Characters of a file that are held at once, about. */
const PART_LENGTH = 4_000_000;
/** Elements of a result, of some 150 characters each, from which on its file is long. */
const LONG_ELEMENTS = 1_000_000;

/**
 * A job's whole result: `json`, the merged answer of GetPersonTracking; `csv`, a table for spreadsheets.
 * @throws the exceptions of GetPersonTracking, `json` as its parts are read
 */
export async function resultFile(
  tracking: PersonTracking,
  jobId: string,
  format: ResultFormat,
): Promise<FileContent> {
  if (format === 'csv') {
    return { type: 'text/csv', parts: inParts(csvRows(await tracking.getPaths(jobId))) };
  }
  const getPage = (NextToken: string) => tracking.getPersonTracking({ JobId: jobId, NextToken });
  return { type: 'application/json', parts: inParts(rekognitionJson(getPage)) };
}

/** A text of any length in parts; the page does other things in between. */
async function* inParts(
  pieces: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void, void> {
  let text: string[] = [];
  let length = 0;
  for await (const piece of pieces) {
    text.push(piece);
    length += piece.length;
    if (length < PART_LENGTH) continue;
    yield text.join('');
    text = [];
    length = 0;
    await new Promise((goOn) => setTimeout(goOn));
  }
  yield text.join('');
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

/** A file to save in, which some browsers can remove again. */
type SavePlace = FileSystemFileHandle & { remove?(): Promise<void> };

/** The browser's dialogue for a place to save at, where it has one. */
interface SaveWindow {
  showSaveFilePicker?(options: {
    id: string;
    suggestedName: string;
    startIn: FileSystemFileHandle | 'downloads';
  }): Promise<SavePlace>;
}

/**
 * Saves a file: beside the video it is about where the browser can be asked for that, else among the downloads. Call it
 * from a click.
 * @param make the content, made once there is a place for it
 * @param video as the browser gave it; undefined where it gave no more than the content
 * @param isLong asks for a place in any case: there a file is written part by part, while browsers hold a download in memory
 *   until it is whole
 * @throws what `make` and its parts throw, and DOMException where the file cannot be written
 */
export async function saveResult(
  name: string,
  make: () => Promise<FileContent>,
  video: FileSystemFileHandle | undefined,
  isLong = false,
): Promise<void> {
  let place: SavePlace | null;
  try {
    place = video || isLong ? await askPlace(name, video) : null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    // Frames and policies may refuse the dialogue.
    place = null;
  }
  if (place === null) {
    const { type, parts } = await make();
    const all: Blob[] = [];
    // Handed to the browser at once, which may have more room than the page.
    for await (const part of parts) all.push(new Blob([part]));
    saveFile(new Blob(all, { type }), name);
    return;
  }
  try {
    await writeTo(place, await make());
  } catch (error) {
    // Choosing a place has made an empty file there, in place of another of its name too: that is no result.
    await place.remove?.().catch(() => undefined);
    throw error;
  }
}

async function writeTo(place: SavePlace, { parts }: FileContent): Promise<void> {
  const stream = await place.createWritable();
  try {
    for await (const part of parts) await stream.write(part);
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => undefined);
    throw error;
  }
}

/** Whether a result's file is a long one. */
export function isLongFile({ elements = 0 }: Pick<JobSummary, 'elements'>): boolean {
  return elements >= LONG_ELEMENTS;
}

/** Asks for a place, beginning where the video lies; null where there is no dialogue. */
async function askPlace(
  name: string,
  video: FileSystemFileHandle | undefined,
): Promise<SavePlace | null> {
  const options = {
    id: 'footpath-result',
    suggestedName: name,
    startIn: video ?? ('downloads' as const),
  };
  return (await (window as SaveWindow).showSaveFilePicker?.(options)) ?? null;
}
