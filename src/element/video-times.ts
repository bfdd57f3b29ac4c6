/** Of a start that is less nobody sees anything; seconds. */
const LEAST_START = 0.001;
/** How far a video is tried at most, in seconds, and how long a frame of there may take after the seek is over, in milliseconds. */
const MOST_TRIED = 0.5;
const FRAME_PATIENCE_MS = 250;

/**
 * How a browser's times of a video relate to those of its result, where the file's own times begin later than 0: a saved piece of a
 * stream, a recorder that goes by the time of day, the first of many reordered frames. Results count from what is first seen or heard.
 * Chromium goes by the file's times, Firefox from the first frame, and WebKit seeks in Matroska from there but tells of its frames by the
 * file's times. HTML leaves it open and no browser says which, so it is told from frames: from the first, and from whether there is
 * another at half the start. Seconds.
 */
export class VideoTimes {
  readonly #video: HTMLVideoElement;
  readonly #startSeconds: number;
  readonly #onKnown: () => void;
  readonly #signal: AbortSignal;
  /** By how much times of frames are ahead of the result's; and places to seek. */
  #frameShift = 0;
  #placeShift = 0;
  #firstFrame: number | undefined;
  #isKnown: boolean;

  /**
   * Where the file begins later than 0, it is sought for its first frame.
   * @param startSeconds the file's own time of the result's 0, at least 0
   * @param onKnown called once places can be asked for, unless they can be at once
   * @param signal no more is sought or called once it is aborted
   */
  constructor(
    video: HTMLVideoElement,
    startSeconds: number,
    onKnown: () => void,
    signal: AbortSignal,
  ) {
    this.#video = video;
    this.#startSeconds = startSeconds;
    this.#onKnown = onKnown;
    this.#signal = signal;
    // Browsers that tell of no frames count from the first.
    this.#isKnown = !(startSeconds >= LEAST_START && 'requestVideoFrameCallback' in video);
    if (this.#isKnown) return;
    // Of one that is there already no frame might be told any more.
    if (video.readyState > HTMLMediaElement.HAVE_NOTHING) video.load();
    video.currentTime = 0;
  }

  /** Whether places can be asked for. */
  get isKnown(): boolean {
    return this.#isKnown;
  }

  /** Learns from a frame on screen. @param mediaTime as `requestVideoFrameCallback` tells it */
  learn(mediaTime: number): void {
    if (this.#isKnown) return;
    if (this.#firstFrame === undefined) {
      this.#firstFrame = mediaTime;
      // Sound that begins as long before the pictures would be taken for it: then pictures are off by no more than that.
      if (mediaTime < this.#startSeconds - LEAST_START) this.#know(0);
      else this.#tryPlace();
    } else if (mediaTime !== this.#firstFrame) {
      this.#know(0);
    }
  }

  #tryPlace(): void {
    const start = this.#startSeconds;
    this.#frameShift = start;
    const later = () => setTimeout(() => this.#know(start), FRAME_PATIENCE_MS);
    this.#video.addEventListener('seeked', later, { once: true, signal: this.#signal });
    this.#video.currentTime = Math.min(MOST_TRIED, start / 2);
  }

  #know(placeShift: number): void {
    if (this.#isKnown || this.#signal.aborted) return;
    this.#isKnown = true;
    this.#placeShift = placeShift;
    this.#onKnown();
  }

  /** Where to seek for a time of the result. */
  placeOf(seconds: number): number {
    return seconds + this.#placeShift;
  }

  /** The result's time of a place in the video. @param currentTime of the element */
  ofPlace(currentTime: number): number {
    return Math.max(0, currentTime - this.#placeShift);
  }

  /** The result's time of a frame. @param mediaTime as `requestVideoFrameCallback` tells it */
  ofFrame(mediaTime: number): number {
    return Math.max(0, mediaTime - this.#frameShift);
  }
}
