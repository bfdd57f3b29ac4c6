import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import { DEFAULT_SETTINGS, QUALITY_CHOICES } from '../../engine/settings.ts';
import { AppElement } from '../app-element.ts';
import { type ChosenSettings, isUsual } from '../host/kept-options.ts';
import './advanced-options.ts';
import { choiceText } from '../words.ts';
import type { AdvancedSettings } from './advanced-options.ts';

const RATES = [5, 15, 30, 'all'] as const;

/**
 * `<job-options>`: how the next video is looked at, folded away.
 * @fires settings-change - the {@link ChosenSettings}
 */
export class JobOptions extends AppElement {
  static override properties = { settings: { attribute: false } };

  declare settings: ChosenSettings;

  constructor() {
    super();
    new KeepFocus(this, () =>
      this.renderRoot.querySelector<HTMLInputElement>('input:checked')?.focus(),
    );
  }

  protected override render() {
    const { language } = this;
    const { sampleRate, quality } = this.settings;
    return html`<details>
      <summary>
        <span class="name">${language.say('options.title')}</span>
        <span class="now">
          ${choiceText(language, this.settings)}
        </span>
      </summary>
      <div class="fields">
        <fieldset>
          <legend>${language.say('options.closely')}</legend>
          <div class="choices">
            ${QUALITY_CHOICES.map(
              (value) => html`<label class="choice">
                <input
                  type="radio"
                  name="quality"
                  .checked=${value === quality}
                  @change=${() => this.#change({ quality: value })}
                />
                <span>${language.say(`options.${value}`)}<small>${language.say(`options.${value}-hint`)}</small></span>
              </label>`,
            )}
          </div>
        </fieldset>
        <label class="field">
          <span>${language.say('options.often')}</span>
          <select
            @change=${(event: Event) => {
              const { value } = event.target as HTMLSelectElement;
              this.#change({ sampleRate: value === 'all' ? 'all' : Number(value) });
            }}
          >
            ${RATES.map((rate) =>
              option(rate, language.say(`options.rate-${rate}`), rate === sampleRate),
            )}
          </select>
        </label>
        <advanced-options
          .settings=${this.settings}
          @advanced-change=${(event: CustomEvent<Partial<AdvancedSettings>>) =>
            this.#change(event.detail)}
        ></advanced-options>
        ${
          isUsual(this.settings)
            ? null
            : html`<button class="usual" @click=${() => this.#change(DEFAULT_SETTINGS)}>
                ${language.say('options.usual')}
              </button>`
        }
      </div>
    </details>`;
  }

  #change(part: Partial<ChosenSettings>): void {
    this.dispatchEvent(
      new CustomEvent<ChosenSettings>('settings-change', { detail: { ...this.settings, ...part } }),
    );
  }

  static override styles = [
    theme,
    controls,
    css`
      details {
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
      }
      summary {
        display: flex;
        flex-wrap: wrap;
        gap: 0.125rem 0.75rem;
        align-items: baseline;
        padding: 0.75rem 1rem;
        cursor: pointer;
        border-radius: var(--radius);
      }
      summary::before {
        content: '';
        width: 0.4rem;
        height: 0.4rem;
        border: solid var(--ink-soft);
        border-width: 0 2px 2px 0;
        rotate: -45deg;
        translate: 0 -0.1rem;
        transition: rotate 0.15s;
      }
      details[open] summary::before {
        rotate: 45deg;
      }
      summary::-webkit-details-marker {
        display: none;
      }
      .name {
        font-weight: 600;
      }
      .now {
        min-width: 0;
        color: var(--ink-soft);
        font-size: 0.875rem;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: 1rem;
        padding: 0.25rem min(1rem, 4vw) 1rem;
      }
      fieldset,
      advanced-options {
        grid-column: 1 / -1;
      }
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      legend,
      .field > span {
        padding: 0;
        margin-bottom: 0.375rem;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .field {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: start;
      }
      .usual {
        justify-self: start;
      }
      .choices {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr));
        gap: 0.5rem;
      }
      .choice {
        display: flex;
        gap: min(0.625rem, 2vw);
        align-items: baseline;
        padding: 0.5rem min(0.75rem, 2.5vw);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        cursor: pointer;
      }
      .choice:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      .choice:has(:focus-visible) {
        outline: 3px solid var(--accent);
        outline-offset: 2px;
      }
      .choice span {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .choice input {
        accent-color: var(--accent);
        margin: 0;
        outline: none;
      }
      small {
        display: block;
        color: var(--ink-soft);
        font-size: 0.8125rem;
        line-height: 1.35;
      }
      @media (forced-colors: active) {
        .choice:has(:checked) {
          outline: 3px solid Highlight;
          outline-offset: -3px;
        }
        .choice:has(:focus-visible) {
          outline-offset: 2px;
        }
      }
    `,
  ];
}

customElements.define('job-options', JobOptions);
