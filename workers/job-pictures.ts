import type { Glimpse } from '../src/engine/detect-samples.ts';
import { frameRatios } from '../src/engine/frame-ratios.ts';
import type { DecodedImage } from '../src/media/decoded-image.ts';
import { type JobPicture, PICTURE_EVERY_MS, WATCHED_MS } from '../src/protocol/job-picture.ts';
import { CONFIRMED } from '../src/track/tracker.ts';
import { drawUpright, scaledPicture } from './detector/thread/scaled-picture.ts';

/** Pixels: sharp enough beside a progress bar. */
const WIDTH = 640;
const JPEG = { type: 'image/jpeg', quality: 0.8 } as const;

/** Pictures of running jobs, made now and then, and only while somebody looks. */
export class JobPictures {
  readonly #post: (picture: JobPicture) => void;
  readonly #watchedUntilMs = new Map<string, number>();
  readonly #dueMs = new Map<string, number>();

  /** @param post shows a picture to whoever looks */
  constructor(post: (picture: JobPicture) => void) {
    this.#post = post;
  }

  /** Somebody looks at a job. */
  watch(jobId: string): void {
    this.#watchedUntilMs.set(jobId, performance.now() + WATCHED_MS);
  }

  /** See {@link Glimpse}. @param image stays the caller's */
  glimpse(jobId: string, image: DecodedImage): Glimpse | undefined {
    const now = performance.now();
    if (now > (this.#watchedUntilMs.get(jobId) ?? 0)) return undefined;
    if (now < (this.#dueMs.get(jobId) ?? 0)) return undefined;
    this.#dueMs.set(jobId, now + PICTURE_EVERY_MS);
    const picture = jpegOf(image);
    // A picture that cannot be made is not worth a word: the next may.
    picture.catch(() => {});
    return (timestampMs, { count, ids, boxes, states }, frame) => {
      const sure: number[] = [];
      const ratios: number[] = [];
      for (let i = 0; i < count; i++) {
        const box = states[i] === CONFIRMED && frameRatios(boxes, i, frame);
        if (!box) continue;
        sure.push(ids[i]!);
        ratios.push(...box);
      }
      const people = { ids: Int32Array.from(sure), boxes: Float32Array.from(ratios) };
      picture.then(
        (jpeg) => this.#post({ jobId, timestampMs, image: jpeg, ...people }),
        () => {},
      );
    };
  }
}

async function jpegOf(image: DecodedImage): Promise<Blob> {
  // The detector takes the frame itself over.
  const frame = image.frame.clone();
  try {
    const scale = Math.min(1, WIDTH / image.width);
    const [width, height] = [image.width * scale, image.height * scale];
    const isUpright = image.rotation % 180 === 0;
    const picture = await scaledPicture(
      frame,
      isUpright ? width : height,
      isUpright ? height : width,
    );
    const canvas = new OffscreenCanvas(Math.round(width), Math.round(height));
    drawUpright(canvas.getContext('2d', { alpha: false })!, picture, image);
    picture.close();
    return await canvas.convertToBlob(JPEG);
  } finally {
    frame.close();
  }
}
