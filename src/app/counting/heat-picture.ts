import { css, html, LitElement } from 'lit';
import type { HeatMap } from '../../analytics/heat-map.ts';
import { spanText } from '../../element/duration.ts';
import { theme } from '../../element/theme.ts';
import { fullScale, heatColour, heatPixels } from '../../overlay/draw-heat-map.ts';
import { AppElement } from '../app-element.ts';

/** `<heat-picture>`: where people were, over a picture of the same frame. */
export class HeatPicture extends LitElement {
  static override properties = { map: { attribute: false } };

  declare map: HeatMap;

  protected override render() {
    return html`<canvas aria-hidden="true" width=${this.map.columns} height=${this.map.rows}></canvas>`;
  }

  protected override updated(): void {
    const { columns, rows } = this.map;
    const context = this.renderRoot.querySelector('canvas')!.getContext('2d')!;
    context.putImageData(new ImageData(heatPixels(this.map), columns, rows), 0, 0);
  }

  static override styles = css`
    :host {
      position: absolute;
      inset: 0;
      display: block;
      pointer-events: none;
      contain: paint;
    }
    canvas {
      width: 100%;
      height: 100%;
      display: block;
      /* The cells are a grid of the counting, not of the floor. */
      filter: blur(3px);
    }
  `;
}

/** `<heat-scale>`: what the colours of a heat map mean. */
export class HeatScale extends AppElement {
  static override properties = { map: { attribute: false } };

  declare map: HeatMap;

  protected override render() {
    const { language } = this;
    const stops = [0, 0.25, 0.5, 0.75, 1].map(heatColour).join(', ');
    return html`<figure>
      <figcaption>${language.say('heat.scale')}</figcaption>
      <div class="bar" .style=${`background: linear-gradient(90deg, ${stops})`}></div>
      <p><span>${spanText(language, 0)}</span>
        <span>${language.say('heat.most', { span: spanText(language, 1000 * fullScale(this.map)) })}</span></p>
    </figure>`;
  }

  static override styles = [
    theme,
    css`
      :host {
        display: block;
        font-size: 0.875rem;
        color: var(--ink-soft);
      }
      figure {
        margin: 0;
        max-width: 26rem;
      }
      .bar {
        height: 0.75rem;
        margin-top: 0.25rem;
        border-radius: 3px;
        border: 1px solid var(--line-strong);
        forced-color-adjust: none;
        print-color-adjust: exact;
      }
      p {
        display: flex;
        justify-content: space-between;
        gap: 0.5rem;
        margin: 0;
        font-variant-numeric: var(--numbers);
      }
    `,
  ];
}

customElements.define('heat-picture', HeatPicture);
customElements.define('heat-scale', HeatScale);

declare global {
  interface HTMLElementTagNameMap {
    'heat-picture': HeatPicture;
    'heat-scale': HeatScale;
  }
}
