import { css, html } from 'lit';
import { clockText } from '../../analytics/by-time.ts';
import { onThisClock } from '../../analytics/device-clock.ts';
import { controls } from '../../element/controls.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import './name-field.ts';
import type { Recording } from './recording.ts';

/** While a year is typed a browser tells of each of its figures: 0002, 0020, 0202. */
const EARLIEST = '1970-01-01T00:00:00';

/**
 * `<recording-card>`: which camera a video is of, and when it begins; both can be put right.
 *
 * @fires camera-change - the camera's name
 * @fires clock-change - when the video begins, ISO 8601 with its offset, or null where nobody knows
 * @fires scene-take - name of the camera whose lines and zones are to be used
 */
export class RecordingCard extends AppElement {
  static override properties = {
    recording: { attribute: false },
    cameras: { attribute: false },
    offered: { attribute: false },
  };

  declare recording: Recording;
  /** Names of the cameras that have lines or zones. */
  declare cameras: readonly string[];
  /** Whether to offer another camera's scene. */
  declare offered: boolean;

  constructor() {
    super();
    this.cameras = [];
    this.offered = false;
  }

  protected override render() {
    const { camera, startsAt, clockFrom } = this.recording;
    const { language } = this;
    const clock = startsAt === null ? '' : clockText(startsAt, 0).slice(0, 19);
    const others = this.cameras.filter((name) => name !== camera);
    return html`
      <div class="field">
        <span aria-hidden="true">${language.say('camera.label')}</span>
        <name-field
          .label=${language.say('camera.label')}
          .value=${camera}
          @name-change=${({ detail }: CustomEvent<string>) => this.#tell('camera-change', detail)}
        ></name-field>
        <small>${language.say('camera.hint')}</small>
      </div>
      <label>
        <span>${language.say('clock.label')}</span>
        <input
          type="datetime-local"
          step="1"
          min=${EARLIEST}
          max="9999-12-31T23:59:59"
          .value=${clock}
          @change=${(event: Event) => {
            const { value, validity } = event.target as HTMLInputElement;
            if (validity.valid)
              this.#tell('clock-change', value === '' ? null : onThisClock(value));
          }}
          @blur=${(event: Event) => {
            const input = event.target as HTMLInputElement;
            // What was not taken is not to look as if it were.
            if (input.validity.rangeUnderflow) input.value = clock;
          }}
        />
        <small>${language.say(
          startsAt === null || clockFrom === 'nowhere' ? 'clock.unknown' : `clock.${clockFrom}`,
        )}</small>
      </label>
      ${
        this.offered && others.length > 0
          ? html`<label>
              <span>${language.say('camera.take')}</span>
              <select
                @change=${(event: Event) => {
                  const { value } = event.target as HTMLSelectElement;
                  if (value !== '') this.#tell('scene-take', value);
                }}
              >
                <option value="" selected></option>
                ${others.map((name) => html`<option value=${name}>${name}</option>`)}
              </select>
            </label>`
          : null
      }
    `;
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr));
        gap: 0.75rem 1.5rem;
      }
      label,
      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
        gap: 0.125rem;
        min-width: 0;
      }
      span {
        font-size: 0.875rem;
        font-weight: 600;
      }
      small {
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
      input {
        font: inherit;
        color: var(--ink);
        color-scheme: inherit;
        min-width: 0;
        width: 100%;
        min-height: 2.75rem;
        padding: 0.25rem 0.625rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--card);
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('recording-card', RecordingCard);

declare global {
  interface HTMLElementTagNameMap {
    'recording-card': RecordingCard;
  }
}
