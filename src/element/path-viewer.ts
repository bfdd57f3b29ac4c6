/**
 * Long because one element is its template, its styles and how its parts follow each other; the parts are elements of
 * their own.
 */
import { css, html, type PropertyValues } from 'lit';
import { pathsFromAnswer } from '../analytics/paths-from-answer.ts';
import { type PersonPresence, presenceOf, sampleIntervalMs } from '../analytics/presence.ts';
import { boxAt } from '../overlay/box-at.ts';
import type { PersonPath } from '../track/path.ts';
import { giveDefaults } from './give-defaults.ts';
import { LocalizedElement } from './localized.ts';
import type { PathPlayer } from './path-player.ts';
import type { PresenceTimeline } from './presence-timeline.ts';
import { ownText, theme } from './theme.ts';

/** Events of `<footpath-viewer>`. */
export interface ViewerEventMap {
  /** The user picked a person: the Index, or null for none. */
  'person-choose': CustomEvent<number | null>;
  /** The browser cannot play the video; the paths go on over a blank frame. */
  'video-unplayable': CustomEvent<null>;
}

/** What a page may set of it; frameworks are told by their types. */
export type ViewerProperty =
  | 'src'
  | 'paths'
  | 'durationMs'
  | 'frameWidth'
  | 'frameHeight'
  | 'startsAt'
  | 'videoStartMs';

/** What holds where nothing is given, and where a page takes away what it gave. */
const NOT_GIVEN: Pick<PathViewer, ViewerProperty> = {
  src: null,
  paths: [],
  durationMs: 0,
  frameWidth: 16,
  frameHeight: 9,
  startsAt: null,
  videoStartMs: 0,
};

/**
 * `<footpath-viewer>`: a finished job to look at: player, list of people and timeline, which follow each other. Whoever
 * picks a person below the player, as on a phone, has the player brought into view.
 *
 * @attr lang - language of its texts; default: the page's
 * @slot overlay - lies over the picture, as large as it is
 * @slot below - between the player and the timeline
 * @csspart player - picture and its controls
 * @csspart people - the list of people
 * @csspart timeline - who was there when
 * @fires {CustomEvent<number | null>} person-choose - the user picked a person: the Index, or null for none
 * @fires {CustomEvent<null>} video-unplayable - the browser cannot play the video; the paths go on over a blank frame
 */
export class PathViewer extends LocalizedElement {
  static override properties: Record<ViewerProperty | 'people' | 'present' | 'selected', object> = {
    src: {},
    paths: { attribute: false },
    durationMs: { type: Number, attribute: 'duration-ms' },
    frameWidth: { type: Number, attribute: 'frame-width' },
    frameHeight: { type: Number, attribute: 'frame-height' },
    people: { state: true },
    present: { state: true },
    selected: { state: true },
    startsAt: { attribute: 'starts-at' },
    videoStartMs: { type: Number, attribute: 'video-start-ms' },
  };

  /** Address of the video, or null for a blank frame. */
  declare src: string | null;
  /** Every path, of at least one sample each. */
  declare paths: readonly PersonPath[];
  /** Milliseconds of the video; shown longer where a path ends later, and as long as the paths where it is no finite number. */
  declare durationMs: number;
  /** Pixels of the displayed frame. */
  declare frameWidth: number;
  declare frameHeight: number;
  /** When the video begins, ISO 8601 with its offset: then times are those of the clock. Null: of the video. */
  declare startsAt: string | null;
  /** The video file's own time of the paths' 0, in milliseconds: `videoStartMs` of the job's summary. */
  declare videoStartMs: number;
  declare private people: readonly PersonPresence[];
  declare private present: ReadonlySet<number>;
  declare private selected: number | null;

  #intervalMs = 1000 / 15;

  constructor() {
    super();
    Object.assign(this, NOT_GIVEN);
    this.people = [];
    this.present = new Set();
    this.selected = null;
  }

  /** Passes a key of another place on the page to the player. */
  handleKey(event: KeyboardEvent): void {
    this.#player?.handleKey(event);
  }

  /** The picture on screen with its boxes and trails, as a JPEG; null before the viewer is shown. */
  async picture(): Promise<Blob | null> {
    return (await this.#player?.picture()) ?? null;
  }

  /** Shows another moment; milliseconds from the video's start. */
  seek(timeMs: number): void {
    this.#player?.seek(timeMs);
  }

  /** Shows a moment with somebody brought forward, and the player in view. @param index of the person, or null */
  async showMoment(timeMs: number, index: number | null): Promise<void> {
    await this.updateComplete;
    await this.#player?.updateComplete;
    this.#pick(index);
    this.seek(timeMs);
    this.bringPlayer();
  }

  /**
   * Shows a finished answer of GetPersonTracking, Amazon Rekognition's own or Footpath's, with all pages' `Persons` in one
   * list: in place of `paths`, `durationMs`, `frameWidth` and `frameHeight`.
   * @param answer what `JSON.parse` made of it
   * @throws AnswerError that names the member and the rule, where it is none
   */
  showAnswer(answer: unknown): void {
    const { paths, video } = pathsFromAnswer(answer);
    this.paths = paths.map(({ index, timestampsMs, boxes }) => ({
      index,
      timestampsMs: Float64Array.from(timestampsMs),
      frames: new Int32Array(timestampsMs.length),
      boxes: Float32Array.from(boxes),
      scores: new Float32Array(timestampsMs.length).fill(1),
      flags: new Uint8Array(timestampsMs.length),
    }));
    this.durationMs = video.durationMs;
    this.frameWidth = video.frameWidth;
    this.frameHeight = video.frameHeight;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    giveDefaults<typeof NOT_GIVEN>(this, NOT_GIVEN);
    if (!changed.has('paths')) return;
    this.#intervalMs = sampleIntervalMs(this.paths);
    this.people = this.paths.map((path) => presenceOf(path, this.#intervalMs));
    this.selected = null;
  }

  protected override render() {
    const statedMs = Number.isFinite(this.durationMs) ? this.durationMs : 0;
    const lengthMs = this.people.reduce((most, { lastMs }) => Math.max(most, lastMs), statedMs);
    const { language } = this;
    return html`<div class="work" lang=${language.locale} dir=${language.direction}>
      <footpath-player
        part="player"
        .src=${this.src}
        .paths=${this.paths}
        .durationMs=${lengthMs}
        .frameWidth=${this.frameWidth}
        .frameHeight=${this.frameHeight}
        .selected=${this.selected}
        .startsAt=${this.startsAt}
        .videoStartMs=${this.videoStartMs}
        @time-change=${this.#onTime}
        @person-select=${this.#onSelect}
        @video-unplayable=${() => this.dispatchEvent(new CustomEvent('video-unplayable'))}
      ><slot name="overlay"></slot></footpath-player>
      <section class="people" part="people" aria-labelledby="people">
        <h2 id="people">
          ${language.say('viewer.people')}
          <span>${language.say('viewer.on-screen', { count: this.present.size })}</span>
        </h2>
        <footpath-people
          .people=${this.people}
          .selected=${this.selected}
          .present=${this.present}
          .startsAt=${this.startsAt}
          @time-seek=${this.#onSeek}
          @person-select=${this.#onPick}
        ></footpath-people>
      </section>
      <slot name="below"></slot>
      <section class="when" part="timeline" aria-labelledby="when">
        <h2 id="when">${language.say('viewer.when')}</h2>
        <footpath-timeline
          .people=${this.people}
          .durationMs=${lengthMs}
          .selected=${this.selected}
          .startsAt=${this.startsAt}
          @time-seek=${this.#onSeek}
          @person-select=${this.#onPick}
        ></footpath-timeline>
      </section>
    </div>`;
  }

  get #player(): PathPlayer | null {
    return this.renderRoot.querySelector('footpath-player');
  }

  readonly #onTime = (event: CustomEvent<number>): void => {
    const timeMs = event.detail;
    this.renderRoot.querySelector<PresenceTimeline>('footpath-timeline')?.showTime(timeMs);
    const here = this.paths.filter((path) => boxAt(path, timeMs, this.#intervalMs));
    const same =
      here.length === this.present.size && here.every(({ index }) => this.present.has(index));
    if (!same) this.present = new Set(here.map(({ index }) => index));
  };

  readonly #onSeek = (event: CustomEvent<number>): void => this.seek(event.detail);

  readonly #onSelect = (event: CustomEvent<number | null>): void => this.#pick(event.detail);

  readonly #onPick = (event: CustomEvent<number | null>): void => {
    this.#pick(event.detail);
    if (event.detail !== null) this.bringPlayer();
  };

  #pick(index: number | null): void {
    this.selected = index;
    this.dispatchEvent(new CustomEvent('person-choose', { detail: index }));
  }

  /** Scrolls the player into view. */
  bringPlayer(): void {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.#player?.scrollIntoView({ block: 'nearest', behavior: calm ? 'instant' : 'smooth' });
  }

  static override styles = [
    theme,
    ownText,
    css`
      :host {
        display: block;
        container-type: inline-size;
        /* As a container it tells no width of its own: beside others in a row it had none. */
        contain-intrinsic-inline-size: min(48rem, 75vw);
        min-width: 0;
      }
      footpath-player,
      section {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: var(--shadow);
      }
      .work {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem;
      }
      ::slotted([slot='below']) {
        grid-row: 2;
      }
      .when {
        grid-row: 3;
      }
      footpath-player {
        --stage-height: 56vh;
      }
      footpath-people {
        display: block;
        padding: 0 0.5rem 0.5rem;
      }
      .when {
        padding-bottom: 0.5rem;
      }
      footpath-timeline {
        padding-inline: 0.5rem 1rem;
      }
      /* A busy hour has a thousand people: what comes after them stays within reach. */
      footpath-people,
      footpath-timeline {
        max-height: 24rem;
        overflow-y: auto;
        /* Painted apart from the page, of which something changes with each step of a video: else all rows were anew. */
        will-change: transform;
      }
      h2 {
        margin: 0;
        padding: 0.75rem 1rem 0.5rem;
        font-size: 1rem;
        display: flex;
        flex-wrap: wrap;
        gap: 0 1rem;
        justify-content: space-between;
        align-items: baseline;
      }
      h2 span {
        font-size: 0.8125rem;
        font-weight: 400;
        color: var(--ink-soft);
        font-variant-numeric: var(--numbers);
      }
      @container (min-width: 44rem) {
        .work {
          grid-template-columns: minmax(0, 1fr) clamp(13.5rem, 32cqi, 21rem);
        }
        footpath-player {
          --stage-height: 62vh;
        }
        .when,
        ::slotted([slot='below']) {
          grid-column: 1 / -1;
        }
        .people {
          display: flex;
          flex-direction: column;
          /* As tall as the player beside it, whatever the number of people. */
          contain: size;
          min-height: 14rem;
        }
        footpath-people {
          max-height: none;
        }
      }
      /* A phone on its side: the picture and its bar fill the screen. */
      @media (max-height: 34rem) {
        footpath-player {
          --stage-height: max(9rem, 100dvh - 9rem) !important;
        }
      }
      @media print {
        .work {
          display: block;
        }
        .people {
          contain: none;
          display: block;
        }
        footpath-people,
        footpath-timeline {
          max-height: none;
          overflow: visible;
        }
        footpath-player,
        section {
          margin-bottom: 1rem;
          box-shadow: none;
        }
      }
    `,
  ];
}

declare global {
  interface HTMLElementEventMap extends ViewerEventMap {}
  interface HTMLElementTagNameMap {
    'footpath-viewer': PathViewer;
  }
}
