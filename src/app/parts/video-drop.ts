import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { ACCEPTED_VIDEOS } from '../../element/video-files.ts';
import { AppElement } from '../app-element.ts';
import { errorText, leftOutText } from '../words.ts';
import { fromFiles, fromTransfer, type GivenFiles } from './given-files.ts';
import { trailPicture, trailPictureStyles } from './trail-picture.ts';
import { canPick, canPickFolder, pickFolder, pickVideos } from './video-input.ts';

const canChooseFolder = canPickFolder() || 'webkitdirectory' in HTMLInputElement.prototype;

/**
 * `<video-drop>`: takes videos by drop, anywhere on the page, by the file dialogue, or a folder of them.
 * @fires videos-given - a {@link GivenFiles}, never empty
 * @fires none-given - where there was no video in what was given, as is said here
 */
export class VideoDrop extends AppElement {
  static override properties = { over: { state: true }, problem: { state: true } };

  declare private over: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.over = false;
    this.problem = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('dragover', this.#onDrag);
    window.addEventListener('dragleave', this.#onLeave);
    window.addEventListener('drop', this.#onDrop);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('dragover', this.#onDrag);
    window.removeEventListener('dragleave', this.#onLeave);
    window.removeEventListener('drop', this.#onDrop);
  }

  protected override render() {
    const { language } = this;
    return html`
      <div class=${this.over ? 'zone over' : 'zone'}>
        ${trailPicture()}
        <p class="title">${language.say(this.over ? 'drop.release' : 'drop.here')}</p>
        <button class="primary" @click=${this.#onChoose}>${icon('upload')} ${language.say('drop.choose')}</button>
        <p class="hint">
          ${language.pieces('drop.kinds', {
            folder: html`<button class="link" ?hidden=${!canChooseFolder} @click=${this.#onChooseFolder}>${language.say('drop.folder')}</button>`,
          })}
        </p>
        <p class="problem" role="alert">${this.problem}</p>
        <input
          type="file"
          accept=${ACCEPTED_VIDEOS}
          multiple
          hidden
          @change=${this.#onFiles}
        />
      </div>
    `;
  }

  readonly #onDrag = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    this.over = true;
  };

  readonly #onLeave = (event: DragEvent): void => {
    // Without a related target the pointer left the window, not just one part of the page.
    if (event.relatedTarget === null) this.over = false;
  };

  readonly #onDrop = async (event: DragEvent): Promise<void> => {
    this.over = false;
    const { dataTransfer } = event;
    if (dataTransfer) {
      await this.take(() => fromTransfer(dataTransfer), this.language.say('drop.no-file'));
    }
  };

  readonly #onChoose = async (): Promise<void> => {
    if (canPick()) await this.take(() => pickVideos(this.language), '');
    else this.renderRoot.querySelector('input')!.click();
  };

  readonly #onChooseFolder = async (): Promise<void> => {
    if (canPickFolder()) await this.take(pickFolder, this.language.say('drop.empty'));
    else {
      const field = Object.assign(document.createElement('input'), {
        type: 'file',
        webkitdirectory: true,
      });
      field.addEventListener('change', this.#onFiles);
      field.click();
    }
  };

  readonly #onFiles = async (event: Event): Promise<void> => {
    const field = event.target as HTMLInputElement;
    const given = fromFiles(field.files ?? []);
    field.value = '';
    await this.take(async () => given, '');
  };

  /**
   * Takes what was given in any way, and says what of it is no video or cannot be read.
   * @param ask resolves to null where a dialogue was dismissed, which says nothing
   * @param none said where nothing was given
   */
  async take(ask: () => Promise<GivenFiles | null>, none: string): Promise<void> {
    this.problem = '';
    try {
      const given = await ask();
      if (given === null) return;
      const leftOut = leftOutText(this.language, given);
      const isNone = given.videos.length === 0;
      this.problem = isNone && leftOut === '' ? none : leftOut;
      this.dispatchEvent(
        isNone
          ? new CustomEvent('none-given')
          : new CustomEvent<GivenFiles>('videos-given', { detail: given }),
      );
    } catch (error) {
      const reason = errorText(this.language, error);
      this.problem = this.language.say('drop.not-opened', { reason });
      this.dispatchEvent(new CustomEvent('none-given'));
    }
  }

  static override styles = [
    theme,
    controls,
    trailPictureStyles,
    css`
      :host {
        display: block;
      }
      .zone {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        justify-items: center;
        gap: 0.75rem;
        padding: 1.5rem 1.25rem 1.25rem;
        text-align: center;
        border: 2px dashed var(--line-strong);
        border-radius: var(--radius);
        background: var(--card);
        transition:
          border-color 0.15s,
          background 0.15s;
      }
      .zone.over {
        border-color: var(--accent);
        background: var(--accent-soft);
      }
      .title {
        font-size: 1.375rem;
        font-weight: 650;
        margin: 0.5rem 0 0;
      }
      .primary {
        font-size: 1.0625rem;
        padding: 0.75rem min(1.5rem, 4vw);
        max-width: 100%;
      }
      .link {
        display: inline;
        min-height: 0;
        padding: 0.25rem 0;
        border: 0;
        background: none;
        color: var(--accent-strong);
        font: inherit;
        font-weight: 600;
        text-decoration: underline;
      }
      .link[hidden] {
        display: none;
      }
      .hint {
        margin: 0;
        color: var(--ink-soft);
        font-size: 0.875rem;
      }
      .problem {
        margin: 0;
        color: var(--danger);
        font-weight: 600;
      }
      .problem:empty {
        display: none;
      }
    `,
  ];
}

customElements.define('video-drop', VideoDrop);
