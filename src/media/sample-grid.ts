/**
 * Rekognition looked at 15 samples a second: of a video with `fps` frames a second, frame floor(i * fps / 15), which is
 * the frame on display at i / 15 seconds. So said, the rule fits variable frame rates too. Of a slower video every
 * frame is taken, once.
 */

/** Containers round times, WebM to whole milliseconds: a frame this little late counts as on time. Seconds. */
const ROUNDING_SECONDS = 0.001;

/** Decides, frame by frame in order of display, which frames are on the grid. */
export class SampleGrid {
  readonly #rate: number | 'all';
  #start: number | undefined;
  #next = 0;

  /** @param rate samples a second, above 0, or every frame */
  constructor(rate: number | 'all') {
    this.#rate = rate;
  }

  /**
   * Whether a frame is a sample.
   * @param timeSeconds when it appears, from the video's start
   * @param untilSeconds when the next frame takes its place
   */
  takes(timeSeconds: number, untilSeconds: number): boolean {
    if (this.#rate === 'all') return true;
    this.#start ??= timeSeconds;
    const at = (i: number) => this.#start! + i / (this.#rate as number);
    if (at(this.#next) >= untilSeconds - ROUNDING_SECONDS) return false;
    while (at(this.#next) < untilSeconds - ROUNDING_SECONDS) this.#next++;
    return true;
  }
}

/**
 * Rekognition's Timestamp of a frame: whole milliseconds, rounded down. A container's rounding just below a whole
 * millisecond does not count.
 */
export function timestampMs(timeSeconds: number): number {
  return Math.floor(timeSeconds * 1000 + 1e-3);
}
