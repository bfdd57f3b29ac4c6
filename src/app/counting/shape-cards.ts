import { html } from 'lit';
import type { Analysis, LineCount, ZoneCount } from '../../analytics/analyze.ts';
import { controls } from '../../element/controls.ts';
import { spanText } from '../../element/duration.ts';
import { icon } from '../../element/icons.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import './name-field.ts';
import type { ShapeNames } from './scene-edits.ts';
import { shapeCardsStyles } from './shape-cards-styles.ts';

/** Fired by {@link ShapeCards} when a shape is to be called otherwise. */
export type ShapeNameEvent = CustomEvent<{ readonly id: string; readonly names: ShapeNames }>;

/**
 * `<shape-cards>`: what was counted at each line and in each zone, and, for the one that is picked, its names.
 *
 * @fires shape-select - id of the shape that is picked, or null
 * @fires shape-name - {@link ShapeNameEvent}
 * @fires shape-swap - id of the line whose other side is to be its inside
 * @fires shape-remove - id of the shape to be taken away
 * @fires focus-leave - the last shape went away with the focus
 */
export class ShapeCards extends AppElement {
  static override properties = {
    analysis: { attribute: false },
    selected: { attribute: false },
  };

  declare analysis: Analysis;
  /** Id of the shape that is picked, or null. */
  declare selected: string | null;

  constructor() {
    super();
    this.selected = null;
    new KeepFocus(this, () => {
      if (!this.focusShape('')) this.#tell('focus-leave', '');
    });
  }

  /** Gives the focus to what changes a shape, or, where it is gone, the last one. @returns whether there is any */
  focusShape(id: string): boolean {
    const cards = [...this.renderRoot.querySelectorAll<HTMLElement>('[data-shape]')];
    const card = cards.find(({ dataset }) => dataset.shape === id) ?? cards.at(-1);
    card?.querySelector<HTMLElement>('.change')?.focus();
    return card !== undefined;
  }

  protected override render() {
    const { language } = this;
    const { lines, zones, people, mostAtOnce } = this.analysis;
    return html`<ul>
      ${lines.map((count) => this.#line(count))} ${zones.map((count) => this.#zone(count))}
      <li>
        <div class="figures">
          <p>${language.say('count.in-all')} <strong>${language.number(people.length)}</strong></p>
        </div>
        <p class="small">${language.say('count.most', { count: mostAtOnce })}</p>
      </li>
    </ul>`;
  }

  #line({ line, in: came, out: went, net, uncertain }: LineCount) {
    const { language } = this;
    const told =
      came + went === 0
        ? language.say('chart.nobody-crossed', { name: line.name })
        : this.#net(net);
    return html`<li class=${line.id === this.selected ? 'picked' : ''} data-shape=${line.id}>
      ${this.#head('line', line)}
      <div class="figures">
        <p class="in"><strong>${language.number(came)}</strong> ${language.say('count.in')}</p>
        <p class="out"><strong>${language.number(went)}</strong> ${language.say('count.out')}</p>
      </div>
      <p class="small">
        ${told}${uncertain > 0 ? html` · <span class="unsure">${language.say('count.uncertain', { count: uncertain })}</span>` : null}
      </p>
      ${line.id === this.selected ? this.#lineFields(line) : null}
    </li>`;
  }

  #zone({ zone, people, visits, medianDwellMs, mostAtOnce }: ZoneCount) {
    const { language } = this;
    return html`<li class=${zone.id === this.selected ? 'picked' : ''} data-shape=${zone.id}>
      ${this.#head('zone', zone)}
      <div class="figures">
        <p>${language.say('count.were-here')} <strong>${language.number(people)}</strong></p>
      </div>
      <p class="small">
        ${[
          language.say('count.visits', { count: visits.length }),
          ...(medianDwellMs === undefined
            ? []
            : [language.say('count.dwell', { span: spanText(language, medianDwellMs) })]),
          ...(mostAtOnce > 0 ? [language.say('count.most', { count: mostAtOnce })] : []),
        ].join(' · ')}
      </p>
      ${zone.id === this.selected ? html`<div class="fields">${this.#nameField(zone)}</div>` : null}
    </li>`;
  }

  #net(net: number): string {
    const { language } = this;
    if (net === 0) return language.say('count.even');
    return language.say(net > 0 ? 'count.more-in' : 'count.more-out', { count: Math.abs(net) });
  }

  #head(kind: 'line' | 'zone', { id, name }: { id: string; name: string }) {
    const { language } = this;
    const picked = id === this.selected;
    return html`<div class="head">
      <h3 class=${kind}>${icon(kind)} <span>${name}</span></h3>
      <button
        class="quiet change"
        aria-expanded=${picked}
        aria-label=${picked ? language.say('count.done') : language.say('count.change-name', { name })}
        @click=${() => this.#tell('shape-select', picked ? null : id)}
      >${language.say(picked ? 'count.done' : 'count.change')}</button>
      <button
        class="quiet danger icon-only"
        title=${language.say('count.remove', { name })}
        aria-label=${language.say('count.remove', { name })}
        @click=${() => this.#tell('shape-remove', id)}
      >${icon('trash')}</button>
    </div>`;
  }

  #lineFields(line: LineCount['line']) {
    const { language } = this;
    const outside = line.inside === 'right' ? 'left' : 'right';
    return html`<div class="fields">
      ${this.#nameField(line)}
      ${this.#field(language.say('count.inside'), line[line.inside], (value) =>
        this.#rename(line.id, { [line.inside]: value }),
      )}
      ${this.#field(language.say('count.outside'), line[outside], (value) =>
        this.#rename(line.id, { [outside]: value }),
      )}
      <button @click=${() => this.#tell('shape-swap', line.id)}>${icon('swap')} ${language.say('count.swap')}</button>
    </div>`;
  }

  #nameField({ id, name }: { id: string; name: string }) {
    return this.#field(this.language.say('count.name'), name, (value) =>
      this.#rename(id, { name: value }),
    );
  }

  #field(label: string, value: string, onChange: (value: string) => void) {
    return html`<div class="field">
      <span aria-hidden="true">${label}</span>
      <name-field
        .label=${label}
        .value=${value}
        @name-change=${(event: CustomEvent<string>) => onChange(event.detail)}
      ></name-field>
    </div>`;
  }

  #rename(id: string, names: ShapeNames): void {
    this.#tell('shape-name', { id, names });
  }

  #tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [theme, controls, shapeCardsStyles];
}

customElements.define('shape-cards', ShapeCards);

declare global {
  interface HTMLElementTagNameMap {
    'shape-cards': ShapeCards;
  }
}
