import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { ACCEPTED_VIDEOS } from '../../element/video-files.ts';
import { AppElement } from '../app-element.ts';
import { shortName } from '../words.ts';

/**
 * `<missing-video>`: says why there is no picture under the paths, and takes the video once more.
 * @fires video-retry - try to read the stored video again, within a click, where permission can be asked
 * @fires video-file - a File to play instead
 */
export class MissingVideo extends AppElement {
  static override properties = { text: {}, name: {} };

  declare text: string;
  /** Name of the video that is looked for. */
  declare name: string;

  protected override render() {
    const { language } = this;
    return html`<div class="notice" role="status">
      ${icon('film')}
      <div>
        <p>${this.text}</p>
        <p>${language.pieces('missing.choose-again', { name: html`<bdi><b>${shortName(this.name)}</b></bdi>` })}</p>
        <div class="buttons">
          <button @click=${() => this.dispatchEvent(new CustomEvent('video-retry'))}>${language.say('again')}</button>
          <button @click=${() => this.renderRoot.querySelector('input')!.click()}>
            ${language.say('missing.choose')}
          </button>
          <input type="file" accept=${ACCEPTED_VIDEOS} hidden @change=${this.#onFile} />
        </div>
      </div>
    </div>`;
  }

  readonly #onFile = (event: Event): void => {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (file) this.dispatchEvent(new CustomEvent<File>('video-file', { detail: file }));
  };

  static override styles = [
    theme,
    controls,
    css`
      p {
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        margin-top: 0.75rem;
      }
    `,
  ];
}

customElements.define('missing-video', MissingVideo);
