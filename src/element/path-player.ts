/**
 * Long because one element is its template and what it does at each event and key; its styles, clock and drawing are
 * elsewhere.
 */
import { html, type PropertyValues } from 'lit';
import { sampleIntervalMs } from '../analytics/presence.ts';
import { drawPaths, personAt, type TrailLength } from '../overlay/draw-paths.ts';
import { TrailLayer } from '../overlay/trail-layer.ts';
import type { PersonPath } from '../track/path.ts';
import { controls } from './controls.ts';
import { drawVideo } from './draw-video.ts';
import { momentText } from './duration.ts';
import { icon } from './icons.ts';
import { usesKey } from './key-use.ts';
import { LocalizedElement } from './localized.ts';
import { option } from './option.ts';
import { pathPlayerStyles } from './path-player-styles.ts';
import { BareClock, type PlaybackClock, VideoClock } from './playback-clock.ts';
import { theme } from './theme.ts';

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const TRAILS: readonly TrailLength[] = ['off', 'recent', 'whole'];

/** What the clock is made of. */
const STARTED_WITH = ['src', 'unplayable', 'durationMs', 'videoStartMs'];

/**
 * `<footpath-player>`: a video with boxes, numbers and trails in step, and its controls. Without a video it shows the
 * paths on a blank frame. Time runs from left to right in every language, as media players have it: so do the bar, the
 * buttons and the arrow keys.
 *
 * Keys, while the focus is inside: space plays and pauses, left and right step by one sample, with shift by five
 * seconds, Home and End go to the ends, Escape clears the selection. A page may pass on the keys of other places
 * with {@link PathPlayer.handleKey}.
 *
 * @slot - lies over the picture, as large as it is
 * @fires time-change - another moment is on screen: milliseconds from the video's start
 * @fires person-select - a person is picked: the Index, or null for nobody
 * @fires video-unplayable - the browser cannot play the video; the blank frame takes its place
 */
export class PathPlayer extends LocalizedElement {
  static override properties = {
    src: {},
    paths: { attribute: false },
    durationMs: { type: Number },
    frameWidth: { type: Number },
    frameHeight: { type: Number },
    selected: { attribute: false },
    startsAt: {},
    videoStartMs: { type: Number },
    trail: { state: true },
    speed: { state: true },
    playing: { state: true },
    unplayable: { state: true },
  };

  /** Address of the video, or null for a blank frame. */
  declare src: string | null;
  declare paths: readonly PersonPath[];
  declare durationMs: number;
  /** Pixels of the displayed frame: the picture's shape until the video is there. */
  declare frameWidth: number;
  declare frameHeight: number;
  /** Index of the person to bring forward, or null. */
  declare selected: number | null;
  /** When the video begins, ISO 8601 with its offset: then times are those of the clock. Null: of the video. */
  declare startsAt: string | null;
  /** The video file's own time of the paths' 0, in milliseconds. */
  declare videoStartMs: number;
  declare private trail: TrailLength;
  declare private speed: number;
  declare private playing: boolean;
  declare private unplayable: boolean;

  #clock: PlaybackClock | null = null;
  #intervalMs = 1000 / 15;
  #resize: ResizeObserver | null = null;
  readonly #trails = new TrailLayer();

  constructor() {
    super();
    this.src = null;
    this.paths = [];
    this.durationMs = 0;
    this.frameWidth = 16;
    this.frameHeight = 9;
    this.selected = null;
    this.startsAt = null;
    this.videoStartMs = 0;
    this.addEventListener('keydown', (event) => this.handleKey(event));
    this.trail = 'recent';
    this.speed = 1;
    this.playing = false;
    this.unplayable = false;
  }

  /** The moment on screen, milliseconds from the video's start. */
  get timeMs(): number {
    return this.#clock?.timeMs ?? 0;
  }

  /** Shows another moment. */
  seek(timeMs: number): void {
    this.#clock?.seek(Math.min(Math.max(0, timeMs), this.durationMs));
  }

  /**
   * The picture on screen with its boxes and trails, as a JPEG of the frame's size, at most 1920 pixels wide. Without a
   * video they are on black.
   */
  async picture(): Promise<Blob> {
    const width = Math.min(1920, this.frameWidth);
    const height = Math.round((width * this.frameHeight) / this.frameWidth);
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d')!;
    const video = this.renderRoot.querySelector('video');
    if (video) await drawVideo(context, video);
    else context.fillRect(0, 0, width, height);
    drawPaths(context, width, height, this.#drawn);
    return new Promise((made, failed) =>
      canvas.toBlob(
        (image) => (image ? made(image) : failed(new Error('The picture could not be made.'))),
        'image/jpeg',
        0.9,
      ),
    );
  }

  /** Does what a key asks for, unless the control that has the focus needs the key itself. */
  handleKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (usesKey(event, this)) return;
    const seconds = event.shiftKey ? 5000 : 0;
    switch (event.key) {
      case ' ':
        this.#toggle();
        break;
      case 'ArrowLeft':
        if (seconds > 0) this.seek(this.timeMs - seconds);
        else this.#step(-1);
        break;
      case 'ArrowRight':
        if (seconds > 0) this.seek(this.timeMs + seconds);
        else this.#step(1);
        break;
      case 'Home':
        this.seek(0);
        break;
      case 'End':
        this.seek(this.durationMs);
        break;
      case 'Escape':
        if (this.selected === null) return;
        this.#select(null);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // After a move in the document the parts are there already.
    if (this.hasUpdated) this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#clock?.dispose();
    this.#clock = null;
    this.#resize?.disconnect();
    this.#resize = null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('src')) this.unplayable = false;
    if (changed.has('paths')) this.#intervalMs = sampleIntervalMs(this.paths);
  }

  protected override updated(changed: PropertyValues): void {
    if (STARTED_WITH.some((name) => changed.has(name))) this.#start();
    if (changed.has('frameWidth') || changed.has('frameHeight')) {
      const stage = this.#part<HTMLElement>('.stage');
      stage.style.setProperty('--shape', `${this.frameWidth} / ${this.frameHeight}`);
      stage.style.setProperty('--ratio', String(this.frameWidth / this.frameHeight));
    }
    this.#showTime(this.timeMs);
    this.#draw();
  }

  protected override render() {
    const { language } = this;
    const video = this.src !== null && !this.unplayable;
    return html`
      <div class="screen"><div class="stage" @click=${this.#onStageClick}>
        ${
          video
            ? html`<video
                .src=${this.src}
                preload="auto"
                playsinline
                muted
                @error=${this.#onVideoError}
                tabindex="-1"
                aria-hidden="true"
              ></video>`
            : null
        }
        <canvas aria-hidden="true"></canvas>
        <slot></slot>
      </div></div>
      <div class="bar" dir="ltr" role="group" aria-label=${language.say('player.playback')}>
        <input
          type="range"
          min="0"
          max=${this.durationMs}
          step="any"
          aria-label=${language.say('player.position')}
          @input=${(event: Event) => this.seek((event.target as HTMLInputElement).valueAsNumber)}
        />
        <div class="row">
          <button
            class="quiet icon-only"
            title=${language.say('player.step-back-key')}
            aria-label=${language.say('player.step-back')}
            @click=${() => this.#step(-1)}
          >
            ${icon('stepBack')}
          </button>
          <button
            class="primary icon-only play"
            title=${language.say(this.playing ? 'player.pause-key' : 'player.play-key')}
            aria-label=${language.say(this.playing ? 'player.pause' : 'player.play')}
            @click=${this.#toggle}
          >
            ${icon(this.playing ? 'pause' : 'play')}
          </button>
          <button
            class="quiet icon-only"
            title=${language.say('player.step-forward-key')}
            aria-label=${language.say('player.step-forward')}
            @click=${() => this.#step(1)}
          >
            ${icon('stepForward')}
          </button>
          <span class="time"><bdi class="now"></bdi> / <bdi>${momentText(language, this.durationMs, this.startsAt)}</bdi></span>
          <span class="space"></span>
          <label>
            <span>${language.say('player.paths')}</span>
            <select
              @change=${(event: Event) => {
                this.trail = (event.target as HTMLSelectElement).value as TrailLength;
              }}
            >
              ${TRAILS.map((trail) =>
                option(trail, language.say(`player.paths-${trail}`), trail === this.trail),
              )}
            </select>
          </label>
          <label>
            <span>${language.say('player.speed')}</span>
            <select
              @change=${(event: Event) => {
                this.speed = Number((event.target as HTMLSelectElement).value);
                this.#clock?.setRate(this.speed);
              }}
            >
              ${SPEEDS.map((speed) =>
                option(speed, `${language.number(speed)}×`, speed === this.speed),
              )}
            </select>
          </label>
          <button
            class="quiet icon-only full"
            title=${language.say('player.full-screen')}
            aria-label=${language.say('player.full-screen')}
            ?hidden=${!document.fullscreenEnabled}
            @click=${this.#fullScreen}
          >
            ${icon('full')}
          </button>
        </div>
      </div>
    `;
  }

  #part<T extends Element>(selector: string): T {
    return this.renderRoot.querySelector<T>(selector)!;
  }

  #start(): void {
    const timeMs = this.timeMs;
    this.#clock?.dispose();
    const video = this.renderRoot.querySelector('video');
    this.#clock = video
      ? new VideoClock(video, this.#onTime, this.videoStartMs)
      : new BareClock(this.durationMs, this.#onTime);
    this.#clock.setRate(this.speed);
    this.#clock.seek(timeMs);
    this.#resize?.disconnect();
    this.#resize = new ResizeObserver(() => this.#draw());
    this.#resize.observe(this.#part('canvas'));
  }

  readonly #onTime = (timeMs: number): void => {
    this.playing = !(this.#clock?.paused ?? true);
    this.#draw();
    this.#showTime(timeMs);
    this.dispatchEvent(new CustomEvent<number>('time-change', { detail: timeMs }));
  };

  /** Outside of the template: many times a second. */
  #showTime(timeMs: number): void {
    const { language } = this;
    const now = momentText(language, timeMs, this.startsAt);
    this.#part('.now').textContent = now;
    const range = this.#part<HTMLInputElement>('input');
    range.value = String(timeMs);
    const length = momentText(language, this.durationMs, this.startsAt);
    range.setAttribute('aria-valuetext', language.say('player.time-of', { time: now, length }));
    range.style.setProperty('--done', `${(100 * timeMs) / Math.max(1, this.durationMs)}%`);
  }

  #draw(): void {
    const canvas = this.#part<HTMLCanvasElement>('canvas');
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || height === 0) return;
    const scale = window.devicePixelRatio;
    const pixels = [Math.round(width * scale), Math.round(height * scale)] as const;
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) {
      canvas.width = pixels[0];
      canvas.height = pixels[1];
    }
    const context = canvas.getContext('2d')!;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    const drawn = this.#drawn;
    drawPaths(context, width, height, drawn, () =>
      this.#trails.draw(context, width, height, scale, drawn),
    );
  }

  get #drawn() {
    return {
      paths: this.paths,
      timeMs: this.timeMs,
      intervalMs: this.#intervalMs,
      trail: this.trail,
      selected: this.selected,
    };
  }

  readonly #toggle = (): void => {
    if (this.#clock?.paused) this.#clock.play();
    else this.#clock?.pause();
  };

  #step(samples: number): void {
    this.#clock?.pause();
    this.seek(this.timeMs + samples * this.#intervalMs);
  }

  readonly #fullScreen = (): void => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void this.requestFullscreen();
  };

  readonly #onVideoError = (): void => {
    this.unplayable = true;
    this.dispatchEvent(new CustomEvent('video-unplayable'));
  };

  readonly #onStageClick = (event: MouseEvent): void => {
    const frame = this.#part('canvas').getBoundingClientRect();
    const index = personAt(
      this.paths,
      this.timeMs,
      this.#intervalMs,
      (event.clientX - frame.left) / frame.width,
      (event.clientY - frame.top) / frame.height,
    );
    if (index === null && this.selected === null) this.#toggle();
    else this.#select(index === this.selected ? null : index);
  };

  #select(index: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>('person-select', { detail: index }));
  }

  static override styles = [theme, controls, pathPlayerStyles];
}

declare global {
  interface HTMLElementTagNameMap {
    'footpath-player': PathPlayer;
  }
}
