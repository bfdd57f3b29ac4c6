import { css, html, type TemplateResult } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import './heat-picture.ts';
import './moment-list.ts';
import { cameraHash } from '../route.ts';
import './recording-card.ts';
import type { Recording } from './recording.ts';
import type { DrawTool } from './scene-editor.ts';
import './scene-toolbar.ts';
import './shape-cards.ts';
import './time-chart.ts';

/** Events of the parts that go on to whoever has the panel. */
const PASSED_ON = [
  'tool-choose',
  'tool-place',
  'undo',
  'redo',
  'heat-toggle',
  'shape-select',
  'shape-name',
  'shape-swap',
  'shape-remove',
  'moment-open',
  'camera-change',
  'clock-change',
  'scene-take',
];

/**
 * `<count-panel>`: everything about counting but the picture: tools, counts, chart, single moments, camera and clock.
 *
 * @fires the events of its parts
 */
export class CountPanel extends AppElement {
  static override properties = {
    analysis: { attribute: false },
    recording: { attribute: false },
    cameras: { attribute: false },
    selected: { attribute: false },
    tool: { attribute: false },
    heat: { attribute: false },
    canUndo: { attribute: false },
    canRedo: { attribute: false },
    notice: { attribute: false },
  };

  declare analysis: Analysis;
  declare recording: Recording;
  /** Names of the cameras that have lines or zones. */
  declare cameras: readonly string[];
  /** Id of the shape that is picked, or null. */
  declare selected: string | null;
  declare tool: DrawTool;
  /** Whether the heat map is shown. */
  declare heat: boolean;
  declare canUndo: boolean;
  declare canRedo: boolean;
  /** What went wrong, to be shown. */
  declare notice: TemplateResult | null;

  /** Gives the focus to what changes a shape; where it is gone, to another's, else to the tools. */
  async focusShape(id: string): Promise<void> {
    await this.updateComplete;
    const cards = this.renderRoot.querySelector('shape-cards')!;
    await cards.updateComplete;
    if (!cards.focusShape(id)) this.renderRoot.querySelector('scene-toolbar')!.focusTools();
  }

  protected override firstUpdated(): void {
    for (const type of PASSED_ON) {
      // They do not bubble.
      this.renderRoot.addEventListener(
        type,
        (event) =>
          this.dispatchEvent(new CustomEvent(type, { detail: (event as CustomEvent).detail })),
        { capture: true },
      );
    }
  }

  protected override render() {
    const { analysis, selected, language } = this;
    const { lines, zones } = analysis.scene;
    const isEmpty = lines.length + zones.length === 0;
    return html`<section aria-labelledby="title">
      <h2 id="title">${language.say('count.title')}</h2>
      <scene-toolbar
        .tool=${this.tool}
        .canUndo=${this.canUndo}
        .canRedo=${this.canRedo}
        .heat=${this.heat}
      ></scene-toolbar>
      ${this.notice}
      ${this.heat ? html`<heat-scale .map=${analysis.heatMap}></heat-scale>` : null}
      ${
        isEmpty
          ? html`<div class="notice empty">
              ${icon('line')}
              <div>
                <p><strong>${language.say('count.empty')}</strong></p>
                <p>${language.say('count.empty-how')}</p>
              </div>
            </div>`
          : null
      }
      <p class="visually-hidden" role="status">${this.#spoken()}</p>
      <shape-cards
        .analysis=${analysis}
        .selected=${selected}
        @focus-leave=${() => this.focusShape('')}
      ></shape-cards>
      <div class="two">
        <section aria-labelledby="when">
          <h3 id="when">${language.say('chart.title')}</h3>
          <time-chart .analysis=${analysis} .shape=${selected ?? ''}></time-chart>
        </section>
        ${
          isEmpty
            ? null
            : html`<section aria-labelledby="moments">
                <h3 id="moments">${language.say('moment.title')}</h3>
                <moment-list .analysis=${analysis}></moment-list>
              </section>`
        }
      </div>
      <recording-card
        .recording=${this.recording}
        .cameras=${this.cameras}
        .offered=${isEmpty}
      ></recording-card>
      <p class="all"><a href=${cameraHash(this.recording.camera)}>${language.say('camera.all', { name: this.recording.camera })}</a></p>
    </section>`;
  }

  /** The counts in a sentence, for screen readers. */
  #spoken(): string {
    const { language } = this;
    const { lines, zones } = this.analysis;
    return [
      ...lines.map(({ line, in: came, out: went }) =>
        language.say('count.said-line', { name: line.name, came, went }),
      ),
      ...zones.map(({ zone, people }) =>
        language.say('count.said-zone', { name: zone.name, count: people }),
      ),
    ].join(' ');
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
        min-width: 0;
        padding: 0.75rem min(1rem, 3vw) 1rem;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--card);
        box-shadow: var(--shadow);
        container-type: inline-size;
      }
      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 0.75rem;
        align-content: start;
        /* Holds the hidden words, which would else make the page longer. */
        position: relative;
      }
      section section {
        gap: 0.25rem;
      }
      h2 {
        margin: 0;
        font-size: 1.125rem;
      }
      h3 {
        margin: 0;
        font-size: 1rem;
      }
      .empty {
        background: var(--accent-soft);
      }
      .empty > svg.icon {
        color: var(--accent);
      }
      .two {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 1rem 2rem;
      }
      @container (min-width: 52rem) {
        .two:has(> :nth-child(2)) {
          grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        }
      }
      @media print {
        :host {
          box-shadow: none;
        }
      }
    `,
  ];
}

customElements.define('count-panel', CountPanel);

declare global {
  interface HTMLElementTagNameMap {
    'count-panel': CountPanel;
  }
}
