import { css, html } from 'lit';
import type { JobSettings, OwnModel } from '../../client/api.ts';
import { controls } from '../../element/controls.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import {
  BACKEND_CHOICES,
  KNOWN_AGAIN_BY,
  MODEL_NAMES,
  type ModelName,
} from '../../engine/settings.ts';
import { AppElement } from '../app-element.ts';
import { finderText, placeText } from '../words.ts';
import { moreStyle } from './more-style.ts';

/** The settings that few people need. */
export type AdvancedSettings = Pick<
  JobSettings,
  'backend' | 'detectEvery' | 'knownAgainBy' | 'model' | 'motionGate' | 'rejoinSeconds'
>;

const LOOKS = [1, 2, 3] as const;
/** What of a picture is looked at between two whole ones, the usual first. */
const PARTS = ['changes', 'all'] as const;
const OWN = 'own';
/** Seconds for which somebody may be gone, the usual first. */
export const ABSENCES = [60, 5, 600, 0] as const;

/**
 * `<advanced-options>`: what finds the people, how thoroughly, who counts as the same person, and where it is computed;
 * folded away.
 * @fires advanced-change - what changed of {@link AdvancedSettings}
 */
export class AdvancedOptions extends AppElement {
  static override properties = { settings: { attribute: false }, own: { state: true } };

  declare settings: AdvancedSettings;
  /** Whether a file of the user's own is wanted; none may be chosen yet. */
  declare private own: boolean;
  #family: OwnModel['family'] = 'yolox';

  constructor() {
    super();
    this.own = false;
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const before = changed.get('settings') as AdvancedSettings | undefined;
    // The usual options are wanted again.
    if (typeof before?.model === 'object' && typeof this.settings.model === 'string')
      this.own = false;
  }

  protected override render() {
    const { language } = this;
    const { backend, detectEvery, knownAgainBy, model, motionGate, rejoinSeconds } = this.settings;
    return html`<details>
      <summary>${language.say('advanced.title')}</summary>
      <div class="fields">
        <label class="field">
          <span>${language.say('advanced.finder')}</span>
          <select
            @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}
          >
            ${MODEL_NAMES.map((name) =>
              option(name, finderText(language, name), !this.own && name === model),
            )}
            ${option(OWN, language.say('advanced.own'), this.own)}
          </select>
        </label>
        ${this.own ? this.#ownFields() : null}
        <label class="field">
          <span>${language.say('advanced.looks')}</span>
          <select
            @change=${(event: Event) =>
              this.#change({ detectEvery: Number((event.target as HTMLSelectElement).value) })}
          >
            ${LOOKS.map((every) =>
              option(every, language.say(`advanced.looks-${every}`), every === detectEvery),
            )}
          </select>
        </label>
        <label class="field">
          <span>${language.say('advanced.within')}</span>
          <select
            @change=${(event: Event) =>
              this.#change({ motionGate: (event.target as HTMLSelectElement).value === 'changes' })}
          >
            ${PARTS.map((part) =>
              option(
                part,
                language.say(`advanced.within-${part}`),
                (part === 'changes') === motionGate,
              ),
            )}
          </select>
        </label>
        <label class="field">
          <span>${language.say('advanced.gone')}</span>
          <select
            @change=${(event: Event) =>
              this.#change({ rejoinSeconds: Number((event.target as HTMLSelectElement).value) })}
          >
            ${ABSENCES.map((seconds) =>
              option(seconds, language.say(`advanced.gone-${seconds}`), seconds === rejoinSeconds),
            )}
          </select>
        </label>
        <label class="field">
          <span>${language.say('advanced.marks')}</span>
          <select
            @change=${(event: Event) =>
              this.#change({
                knownAgainBy: (event.target as HTMLSelectElement)
                  .value as AdvancedSettings['knownAgainBy'],
              })}
          >
            ${KNOWN_AGAIN_BY.map((value) =>
              option(value, language.say(`advanced.marks-${value}`), value === knownAgainBy),
            )}
          </select>
        </label>
        <label class="field">
          <span>${language.say('advanced.where')}</span>
          <select
            @change=${(event: Event) =>
              this.#change({
                backend: (event.target as HTMLSelectElement).value as AdvancedSettings['backend'],
              })}
          >
            ${BACKEND_CHOICES.map((value) =>
              option(value, placeText(language, value), value === backend),
            )}
          </select>
        </label>
      </div>
    </details>`;
  }

  #ownFields() {
    const { language } = this;
    const { model } = this.settings;
    return html`
      <label class="field">
        <span>${language.say('advanced.file')}</span>
        <input
          type="file"
          accept=".onnx"
          @change=${(event: Event) => {
            const onnx = (event.target as HTMLInputElement).files?.[0];
            if (onnx) this.#change({ model: { onnx, family: this.#family } });
          }}
        />
      </label>
      <label class="field">
        <span>${language.say('advanced.kind')}</span>
        <select
          @change=${(event: Event) => {
            this.#family = (event.target as HTMLSelectElement).value as OwnModel['family'];
            if (typeof model === 'object') {
              this.#change({ model: { ...model, family: this.#family } });
            }
          }}
        >
          ${option('yolox', 'YOLOX', this.#family === 'yolox')}
          ${option('rtmdet', 'RTMDet', this.#family === 'rtmdet')}
        </select>
      </label>
      <p class="hint">
        ${language.say(typeof model === 'string' ? 'advanced.no-file' : 'advanced.with-file')}
      </p>
    `;
  }

  #choose(value: string): void {
    this.own = value === OWN;
    this.#change({ model: this.own ? MODEL_NAMES[0] : (value as ModelName) });
  }

  #change(part: Partial<AdvancedSettings>): void {
    this.dispatchEvent(
      new CustomEvent<Partial<AdvancedSettings>>('advanced-change', { detail: part }),
    );
  }

  static override styles = [
    theme,
    controls,
    moreStyle,
    css`
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: 1rem;
        padding-top: 0.375rem;
      }
      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
      }
      .field > span {
        margin-bottom: 0.375rem;
        font-size: 0.875rem;
        font-weight: 600;
      }
      input[type='file'] {
        font: inherit;
        font-size: 0.875rem;
        color: var(--ink-soft);
        width: 100%;
        border-radius: var(--radius-small);
      }
      ::file-selector-button {
        font: inherit;
        font-weight: 600;
        min-height: 2.75rem;
        margin-inline-end: 0.75rem;
        padding: 0.375rem 0.875rem;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--card);
        color: var(--ink);
        cursor: pointer;
      }
      .hint {
        grid-column: 1 / -1;
        margin: 0;
        font-size: 0.8125rem;
        color: var(--ink-soft);
      }
    `,
  ];
}

customElements.define('advanced-options', AdvancedOptions);
