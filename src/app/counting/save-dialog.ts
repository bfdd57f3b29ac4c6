import { css, html } from 'lit';
import { BUCKET_MS, type BucketName, bucketFor } from '../../analytics/by-time.ts';
import { controls } from '../../element/controls.ts';
import { option } from '../../element/option.ts';
import { theme } from '../../element/theme.ts';
import { type AnalysisTable, analysesCsv, type CountedResult } from '../../export/analysis-csv.ts';
import type { CsvLocale } from '../../export/csv-text.ts';
import { AppElement } from '../app-element.ts';
import { Attempt } from '../host/attempt.ts';
import { dialogStyle } from '../parts/dialog-style.ts';
import { type ResultFormat, saveResult } from '../result-file.ts';

/** The tables in their order on the screen. */
const TABLES: readonly AnalysisTable[] = ['times', 'crossings', 'visits', 'people'];
/** Spreadsheets read UTF-8 as such once this mark stands at the begin. */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * `<save-dialog>`: what of a result, or of all results of a camera, can be saved as a table for spreadsheets, and, behind it,
 * for programs.
 *
 * @fires format-choose - {@link ResultFormat}: what programs get
 */
export class SaveDialog extends AppElement {
  static override properties = {
    name: {},
    video: { attribute: false },
    isCamera: { attribute: false },
    results: { state: true },
    by: { state: true },
    separator: { state: true },
  };

  /** What the files are called after: the video's name without its ending, or the camera's. */
  declare name: string;
  /** The video as the browser gave it: tables are saved beside it where that can be asked for. */
  declare video: FileSystemFileHandle | undefined;
  /** Whether it is about all results of a camera: programs then get none of their positions. Default false. */
  declare isCamera: boolean;
  /** Empty until it is opened. */
  declare private results: readonly CountedResult[];
  /** Null until somebody has chosen: what fits the video's length. */
  declare private by: BucketName | null;
  /** Null until somebody has chosen: as the country writes numbers, for so do its spreadsheets. */
  declare private separator: CsvLocale['separator'] | null;

  readonly #attempt = new Attempt(this);

  constructor() {
    super();
    this.name = '';
    this.isCamera = false;
    this.results = [];
    this.by = null;
    this.separator = null;
  }

  /** Opens it. @param results at least one */
  async open(results: readonly CountedResult[]): Promise<void> {
    this.results = results;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')!.showModal();
  }

  protected override render() {
    const { language } = this;
    return html`<dialog aria-labelledby="title">
      <h2 id="title">${language.say('save.title')}</h2>
      ${this.#attempt.notice} ${this.results.length > 0 ? this.#tables(this.results) : null}
      ${this.#programs()}
      <form method="dialog"><button class="quiet">${language.say('save.close')}</button></form>
    </dialog>`;
  }

  #tables(results: readonly CountedResult[]) {
    const { language } = this;
    const scene = results[0]!.analysis.scene;
    const longestMs = Math.max(...results.map(({ analysis }) => analysis.video.durationMs));
    const by = this.by ?? (this.isCamera ? 'hour' : bucketFor(longestMs));
    const separator = this.separator ?? (language.number(1.5).includes(',') ? ';' : ',');
    const isFilled: Record<AnalysisTable, boolean> = {
      times: true,
      crossings: scene.lines.length > 0,
      visits: scene.zones.length > 0,
      people: true,
    };
    return html`
      <ul>
        ${TABLES.filter((table) => isFilled[table]).map((table) => {
          return html`<li>
              <button @click=${() => this.#save(results, table, by, separator)}>
                <span>
                  ${language.say(`save.${table}`)}<small>${language.say(`save.${table}-hint`)}</small>
                </span>
              </button>
            </li>`;
        })}
      </ul>
      <label>
        <span>${language.say('save.by')}</span>
        <select
          @change=${(event: Event) => {
            this.by = (event.target as HTMLSelectElement).value as BucketName;
          }}
        >
          ${(Object.keys(BUCKET_MS) as BucketName[]).map((unit) =>
            option(unit, language.say(`chart.by-${unit}`), unit === by),
          )}
        </select>
      </label>
      <label>
        <span>${language.say('save.numbers')}</span>
        <select
          @change=${(event: Event) => {
            this.separator = (event.target as HTMLSelectElement).value as CsvLocale['separator'];
          }}
        >
          ${option(',', language.say('save.point'), separator === ',')}
          ${option(';', language.say('save.decimal-comma'), separator === ';')}
        </select>
      </label>
    `;
  }

  #programs() {
    const { language } = this;
    const scene = this.#sceneButton();
    if (this.isCamera && !scene) return null;
    return html`
      <h3>${language.say('save.programs')}</h3>
      <div class="buttons">
        ${
          this.isCamera
            ? null
            : html`
                <button @click=${() => this.#choose('csv')}>${language.say('save.positions')}</button>
                <button title=${language.say('result.json-hint')} @click=${() => this.#choose('json')}>${language.say('result.json')}</button>
              `
        }
        ${scene}
      </div>
    `;
  }

  /** The camera's scene, as programs and the command line read it: without the clock, which is of one video. */
  #sceneButton() {
    const [first] = this.results;
    if (!first) return null;
    const { startsAt: _, ...scene } = first.analysis.scene;
    if (scene.lines.length + scene.zones.length === 0) return null;
    const make = async () => ({
      type: 'application/json',
      parts: [JSON.stringify(scene, undefined, 2)],
    });
    return html`<button
      @click=${() =>
        this.#attempt.run(() => saveResult(`${this.name}.scene.json`, make, this.video))}
    >${this.language.say('save.scene')}</button>`;
  }

  #save(
    results: readonly CountedResult[],
    table: AnalysisTable,
    by: BucketName,
    separator: CsvLocale['separator'],
  ): void {
    const rows = analysesCsv(results, table, { separator }, by);
    const make = async () => ({ type: 'text/csv', parts: [BYTE_ORDER_MARK, [...rows].join('')] });
    const name = `${this.name}-${table === 'people' ? 'persons' : table}.csv`;
    void this.#attempt.run(() => saveResult(name, make, this.video));
  }

  #choose(format: ResultFormat): void {
    this.dispatchEvent(new CustomEvent<ResultFormat>('format-choose', { detail: format }));
  }

  static override styles = [
    theme,
    controls,
    dialogStyle,
    css`
      dialog {
        width: min(30rem, calc(100vw - 2rem));
        padding: min(1.25rem, 5vw);
      }
      h2 {
        margin: 0 0 0.75rem;
      }
      h3 {
        margin: 1rem 0 0.375rem;
        font-size: 0.9375rem;
      }
      ul {
        list-style: none;
        margin: 0 0 0.75rem;
        padding: 0;
        display: grid;
        gap: 0.375rem;
      }
      li button {
        width: 100%;
        justify-content: start;
        text-align: start;
        overflow-wrap: anywhere;
      }
      small {
        display: block;
        font-weight: 400;
        color: var(--ink-soft);
      }
      label {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 0 0.75rem;
        min-width: 0;
        font-size: 0.9375rem;
        margin-top: 0.375rem;
      }
      select {
        min-width: 0;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
      }
      form {
        margin-top: 0.75rem;
        text-align: end;
      }
    `,
  ];
}

customElements.define('save-dialog', SaveDialog);

declare global {
  interface HTMLElementTagNameMap {
    'save-dialog': SaveDialog;
  }
}
