import { VideoTimes } from './video-times.ts';

/** What moves a player's time. Times in milliseconds from the video's start. */
export interface PlaybackClock {
  readonly timeMs: number;
  readonly paused: boolean;
  play(): void;
  pause(): void;
  /** Goes to a time, kept inside the video. */
  seek(timeMs: number): void;
  /** @param rate 1 is the usual speed */
  setRate(rate: number): void;
  /** Stops calling back. */
  dispose(): void;
}

/** Called whenever another moment is on screen, or playing began or ended. */
export type ClockListener = (timeMs: number) => void;

/**
 * The clock of a video element. It reports the time of the frame on screen (`requestVideoFrameCallback`), which
 * the element's own `currentTime` may be a frame ahead of; browsers without it report on each repaint. A still picture that was
 * asked for has the time that was asked for, though its frame began some milliseconds before. Until the first place asked for is
 * on screen, its time counts: of a video that is still loading there is no picture, or its first.
 */
export class VideoClock implements PlaybackClock {
  readonly #video: HTMLVideoElement;
  readonly #listener: ClockListener;
  readonly #times: VideoTimes;
  readonly #abort = new AbortController();
  #timeMs = 0;
  /** Where the last seek led. */
  #askedMs = Number.NaN;
  /** Whether a place that was asked for has been on screen. */
  #arrived = false;
  #handle = 0;

  /** @param startMs the file's own time of the result's 0, see {@link VideoTimes} */
  constructor(video: HTMLVideoElement, listener: ClockListener, startMs: number) {
    this.#video = video;
    this.#listener = listener;
    const { signal } = this.#abort;
    this.#times = new VideoTimes(video, startMs / 1000, () => this.#goThere(), signal);
    const report = () => this.#report(this.#times.ofPlace(video.currentTime));
    for (const type of ['play', 'pause', 'ended', 'loadeddata', 'seeked'] as const) {
      video.addEventListener(type, report, { signal });
    }
    if ('requestVideoFrameCallback' in video) {
      const onFrame: VideoFrameRequestCallback = (_now, frame) => {
        // First, so that a listener who ends this clock ends what was asked for, too.
        this.#handle = video.requestVideoFrameCallback(onFrame);
        this.#times.learn(frame.mediaTime);
        this.#report(this.#times.ofFrame(frame.mediaTime));
      };
      this.#handle = video.requestVideoFrameCallback(onFrame);
      return;
    }
    const element: HTMLVideoElement = video;
    const onRepaint = () => {
      this.#handle = requestAnimationFrame(onRepaint);
      if (!element.paused) report();
    };
    this.#handle = requestAnimationFrame(onRepaint);
  }

  get timeMs(): number {
    return this.#timeMs;
  }

  get paused(): boolean {
    return this.#video.paused || this.#video.ended;
  }

  play(): void {
    // A rejected play() means that the browser stopped it again, which `pause` reports.
    this.#video.play().catch(() => undefined);
  }

  pause(): void {
    this.#video.pause();
  }

  seek(timeMs: number): void {
    this.#askedMs = Math.max(0, timeMs);
    if (this.#times.isKnown) this.#goThere();
    if (this.#arrived) return;
    this.#timeMs = this.#askedMs;
    this.#listener(this.#timeMs);
  }

  setRate(rate: number): void {
    this.#video.playbackRate = rate;
  }

  dispose(): void {
    this.#abort.abort();
    if ('cancelVideoFrameCallback' in this.#video)
      this.#video.cancelVideoFrameCallback(this.#handle);
    else cancelAnimationFrame(this.#handle);
  }

  #goThere(): void {
    if (Number.isNaN(this.#askedMs)) return;
    // Half a millisecond on: sample times are rounded down, and the frame before must not be hit.
    this.#video.currentTime = this.#times.placeOf((this.#askedMs + 0.5) / 1000);
  }

  #report(seconds: number): void {
    const { paused, seeking, currentTime, readyState } = this.#video;
    const isReady = readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && this.#times.isKnown;
    this.#arrived ||= isReady && !seeking;
    if (this.#arrived) {
      // Whatever is reported there: a busy browser tells of the frame from before a seek when the seek is over.
      const placeMs = 1000 * this.#times.ofPlace(currentTime);
      const rests = paused && !seeking && Math.abs(placeMs - this.#askedMs) < 1;
      this.#timeMs = rests ? this.#askedMs : 1000 * seconds;
    }
    this.#listener(this.#timeMs);
  }
}

/** A clock for paths without their video: runs on repaints. */
export class BareClock implements PlaybackClock {
  readonly #durationMs: number;
  readonly #listener: ClockListener;
  #timeMs = 0;
  #rate = 1;
  #playing = false;
  #handle = 0;

  /** @param durationMs length of the video that is missing */
  constructor(durationMs: number, listener: ClockListener) {
    this.#durationMs = durationMs;
    this.#listener = listener;
  }

  get timeMs(): number {
    return this.#timeMs;
  }

  get paused(): boolean {
    return !this.#playing;
  }

  play(): void {
    if (this.#playing) return;
    if (this.#timeMs >= this.#durationMs) this.#timeMs = 0;
    this.#playing = true;
    let before = performance.now();
    const onRepaint = (now: number) => {
      this.#timeMs = Math.min(this.#durationMs, this.#timeMs + (now - before) * this.#rate);
      before = now;
      if (this.#timeMs >= this.#durationMs) this.#playing = false;
      else this.#handle = requestAnimationFrame(onRepaint);
      this.#listener(this.#timeMs);
    };
    this.#handle = requestAnimationFrame(onRepaint);
    this.#listener(this.#timeMs);
  }

  pause(): void {
    this.#playing = false;
    cancelAnimationFrame(this.#handle);
    this.#listener(this.#timeMs);
  }

  seek(timeMs: number): void {
    this.#timeMs = Math.min(Math.max(0, timeMs), this.#durationMs);
    this.#listener(this.#timeMs);
  }

  setRate(rate: number): void {
    this.#rate = rate;
  }

  dispose(): void {
    this.#playing = false;
    cancelAnimationFrame(this.#handle);
  }
}
