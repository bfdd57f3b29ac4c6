import { css, html, type PropertyValues } from 'lit';
import type { JobPicture, PersonTracking } from '../../client/api.ts';
import { clockText } from '../../element/duration.ts';
import { theme } from '../../element/theme.ts';
import { drawPaths } from '../../overlay/draw-paths.ts';
import type { PersonPath } from '../../track/path.ts';
import { AppElement } from '../app-element.ts';

/** `<job-picture>`: the picture that a running job looks at, with a box around each person. Nothing until there is one. */
export class JobPictureView extends AppElement {
  static override properties = {
    tracking: { attribute: false },
    jobId: {},
    picture: { state: true },
  };

  declare tracking: PersonTracking;
  declare jobId: string;
  declare private picture: JobPicture | null;

  #watching = new AbortController();
  #url = '';
  readonly #resized = new ResizeObserver(() => this.#draw());

  constructor() {
    super();
    this.jobId = '';
    this.picture = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watching.abort();
    this.#resized.disconnect();
    URL.revokeObjectURL(this.#url);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('jobId')) this.#watch();
  }

  protected override render() {
    const { picture } = this;
    if (!picture) return null;
    const { language } = this;
    const time = clockText(language, picture.timestampMs, 0);
    return html`<figure>
      <div class="frame">
        <img src=${this.#url} alt=${language.say('picture.at', { time })} @load=${this.#draw} />
        <canvas aria-hidden="true"></canvas>
      </div>
      <figcaption>${language.say('picture.people', { time, count: picture.ids.length })}</figcaption>
    </figure>`;
  }

  #watch(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
    this.picture = null;
    const { signal } = this.#watching;
    this.tracking.watchJob(this.jobId, (picture) => this.#show(picture), { signal });
  }

  #show(picture: JobPicture): void {
    URL.revokeObjectURL(this.#url);
    this.#url = URL.createObjectURL(picture.image);
    this.picture = picture;
  }

  readonly #draw = (): void => {
    const image = this.renderRoot.querySelector('img');
    const canvas = this.renderRoot.querySelector('canvas');
    const context = canvas?.getContext('2d');
    const { picture } = this;
    if (!image || !canvas || !context || !picture) return;
    this.#resized.observe(image);
    const { clientWidth, clientHeight } = image;
    canvas.width = Math.round(clientWidth * devicePixelRatio);
    canvas.height = Math.round(clientHeight * devicePixelRatio);
    context.scale(devicePixelRatio, devicePixelRatio);
    drawPaths(context, clientWidth, clientHeight, {
      paths: pathsOf(picture),
      timeMs: picture.timestampMs,
      intervalMs: 1,
      trail: 'off',
      selected: null,
    });
  };

  static override styles = [
    theme,
    css`
      :host {
        display: block;
      }
      figure {
        margin: 1.25rem 0 0;
      }
      .frame {
        position: relative;
        width: fit-content;
        max-width: 100%;
        margin-inline: auto;
        border-radius: var(--radius-small);
        overflow: clip;
        background: var(--sunken);
      }
      img {
        display: block;
        width: auto;
        max-width: 100%;
        max-height: 46dvh;
      }
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }
      figcaption {
        margin-top: 0.375rem;
        text-align: center;
        color: var(--ink-soft);
        font-size: 0.875rem;
        font-variant-numeric: var(--numbers);
      }
    `,
  ];
}

/** Each person as a path of the one moment. */
function pathsOf({ ids, boxes, timestampMs }: JobPicture): PersonPath[] {
  return Array.from(ids, (id, i) => ({
    // Ids count from 1, an Index from 0.
    index: id - 1,
    timestampsMs: Float64Array.of(timestampMs),
    frames: Int32Array.of(0),
    boxes: boxes.slice(4 * i, 4 * i + 4),
    scores: Float32Array.of(1),
    flags: Uint8Array.of(0),
  }));
}

customElements.define('job-picture', JobPictureView);
