import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import type { DrawTool } from './scene-editor.ts';

/**
 * `<scene-toolbar>`: what can be drawn over the picture, undo, redo, the heat map.
 *
 * @fires tool-choose - what is to be drawn, or null
 * @fires tool-place - what is to be put into the middle: the button was pressed without a pointer
 * @fires undo
 * @fires redo
 * @fires heat-toggle
 */
export class SceneToolbar extends AppElement {
  static override properties = {
    tool: { attribute: false },
    canUndo: { attribute: false },
    canRedo: { attribute: false },
    heat: { attribute: false },
  };

  declare tool: DrawTool;
  declare canUndo: boolean;
  declare canRedo: boolean;
  /** Whether the heat map is shown. */
  declare heat: boolean;

  constructor() {
    super();
    this.tool = null;
    this.canUndo = false;
    this.canRedo = false;
    this.heat = false;
    new KeepFocus(this, () => this.focusTools());
  }

  /** Gives the focus to the first of the tools. */
  focusTools(): void {
    this.renderRoot.querySelector('button')!.focus();
  }

  protected override render() {
    const { language } = this;
    return html`
      <div class="tools" role="group" aria-label=${language.say('count.tools')}>
        ${this.#draw('line', language.say('count.draw-line'))} ${this.#draw('zone', language.say('count.draw-zone'))}
        <button
          aria-pressed=${this.heat}
          @click=${() => this.#tell('heat-toggle')}
        >${icon('heat')} ${language.say('count.heat')}</button>
        <span class="steps">
          <button
            class="quiet icon-only"
            title=${language.say('count.undo')}
            aria-label=${language.say('count.undo')}
            aria-disabled=${!this.canUndo}
            @click=${() => this.canUndo && this.#tell('undo')}
          >${icon('undo')}</button>
          <button
            class="quiet icon-only"
            title=${language.say('count.redo')}
            aria-label=${language.say('count.redo')}
            aria-disabled=${!this.canRedo}
            @click=${() => this.canRedo && this.#tell('redo')}
          >${icon('redo')}</button>
        </span>
      </div>
      <p class="hint" role="status">${
        this.tool &&
        html`${language.say(`count.drawing-${this.tool}`)}
          <button class="quiet" @click=${() => this.#choose(null)}>${language.say('count.cancel')}</button>`
      }</p>
    `;
  }

  #draw(kind: 'line' | 'zone', text: string) {
    return html`<button
      aria-pressed=${this.tool === kind}
      @click=${(event: MouseEvent) => {
        // Pressed by a key or by a screen reader.
        if (event.detail === 0) this.#tell('tool-place', kind);
        else this.#choose(this.tool === kind ? null : kind);
      }}
    >${icon(kind)} ${text}</button>`;
  }

  #choose(tool: DrawTool): void {
    this.#tell('tool-choose', tool);
  }

  #tell(type: string, detail: unknown = null): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  static override styles = [
    theme,
    controls,
    css`
      :host {
        display: block;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        align-items: center;
      }
      button[aria-pressed='true'] {
        background: var(--accent-soft);
        border-color: var(--accent);
        box-shadow: inset 0 0 0 1px var(--accent);
      }
      .steps {
        display: inline-flex;
        margin-inline-start: auto;
      }
      .hint {
        margin: 0;
        color: var(--ink-soft);
        font-size: 0.9375rem;
      }
      @media (forced-colors: active) {
        button[aria-pressed='true'] {
          outline: 2px solid Highlight;
          outline-offset: -3px;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
}

customElements.define('scene-toolbar', SceneToolbar);

declare global {
  interface HTMLElementTagNameMap {
    'scene-toolbar': SceneToolbar;
  }
}
