/** One picture of a running job, with the people found in it as the tracker has them at that moment. */
export interface JobPicture {
  readonly jobId: string;
  /** Milliseconds from the video's start. */
  readonly timestampMs: number;
  /** A JPEG of the frame as it is displayed, at most 640 pixels wide. */
  readonly image: Blob;
  /** The tracker's number of each person, from 1. The result numbers people anew. */
  readonly ids: Int32Array;
  /** Left, top, width, height of each person as ratios of the frame. */
  readonly boxes: Float32Array;
}

/** How often a page says that somebody looks, in milliseconds. */
export const WATCH_EVERY_MS = 2000;
/** For so many milliseconds after that pictures are made. */
export const WATCHED_MS = 5000;
/** Milliseconds between two pictures: enough to look at, and hardly any work. */
export const PICTURE_EVERY_MS = 1000;

/** Whether what was heard is a picture: all of its members are there and what they should be. */
export function isJobPicture(value: unknown): value is JobPicture {
  if (typeof value !== 'object' || value === null) return false;
  const { jobId, timestampMs, image, ids, boxes } = value as Partial<
    Record<keyof JobPicture, unknown>
  >;
  return (
    typeof jobId === 'string' &&
    Number.isFinite(timestampMs) &&
    image instanceof Blob &&
    ids instanceof Int32Array &&
    boxes instanceof Float32Array &&
    boxes.length === 4 * ids.length
  );
}
