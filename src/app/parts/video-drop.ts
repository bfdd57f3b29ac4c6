import { css, html, LitElement } from 'lit';
import { controls } from '../../element/controls.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { trailPicture, trailPictureStyles } from './trail-picture.ts';
import { canPick, fromDrop, fromFile, pickVideo, type VideoInput } from './video-input.ts';

/**
 * `<video-drop>`: takes a video by drop, anywhere on the page, or by the file dialogue.
 * @fires video-input - a {@link VideoInput}
 */
export class VideoDrop extends LitElement {
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
    return html`
      <div class=${this.over ? 'zone over' : 'zone'}>
        ${trailPicture()}
        <p class="title">${this.over ? 'Let go to start' : 'Drop a video here'}</p>
        <button class="primary" @click=${this.#onChoose}>${icon('upload')} Choose a video</button>
        <p class="hint">MP4, MOV, WebM or MKV, of any length</p>
        <p class="problem" role="alert">${this.problem}</p>
        <input type="file" accept="video/*,.mkv,.ts" hidden @change=${this.#onFile} />
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
      await this.#take(() => fromDrop(dataTransfer), 'That was no file. Drop a video file.');
    }
  };

  readonly #onChoose = async (): Promise<void> => {
    if (canPick()) await this.#take(pickVideo, '');
    else this.renderRoot.querySelector('input')!.click();
  };

  readonly #onFile = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const file = field.files?.[0];
    field.value = '';
    if (file) this.#give(fromFile(file));
  };

  async #take(ask: () => Promise<VideoInput | null>, none: string): Promise<void> {
    this.problem = '';
    try {
      const input = await ask();
      if (input) this.#give(input);
      else this.problem = none;
    } catch (error) {
      this.problem = `The file could not be opened: ${error instanceof Error ? error.message : error}`;
    }
  }

  #give(input: VideoInput): void {
    this.dispatchEvent(new CustomEvent<VideoInput>('video-input', { detail: input }));
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
      button {
        font-size: 1.0625rem;
        padding: 0.75rem min(1.5rem, 4vw);
        max-width: 100%;
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
