import { css, html } from 'lit';
import { controls } from '../../element/controls.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { dialogStyle } from './dialog-style.ts';

/** What is asked. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** Word on the button that goes ahead. */
  readonly yes: string;
  /** Word on the one that does not. */
  readonly no: string;
}

/** `<confirm-dialog>`: asks before something that cannot be undone. */
export class ConfirmDialog extends AppElement {
  static override properties = { question: { state: true } };

  declare private question: Question | null;

  constructor() {
    super();
    this.question = null;
  }

  /** @returns whether the person went ahead; Escape and a press of the other button mean no */
  async ask(question: Question): Promise<boolean> {
    this.question = question;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog')!;
    dialog.returnValue = '';
    dialog.showModal();
    await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
    this.question = null;
    return dialog.returnValue === 'yes';
  }

  protected override render() {
    return html`<dialog aria-labelledby="title" aria-describedby="text">
      <form method="dialog">
        <h2 id="title">${this.question?.title}</h2>
        <p id="text">${this.question?.text}</p>
        <div class="buttons">
          <button value="">${this.question?.no}</button>
          <button value="yes" class="bad">${this.question?.yes}</button>
        </div>
      </form>
    </dialog>`;
  }

  static override styles = [
    theme,
    controls,
    dialogStyle,
    css`
      dialog {
        width: min(26rem, calc(100vw - 2rem));
        padding: min(1.5rem, 5vw);
      }
      h2 {
        margin: 0 0 0.5rem;
      }
      p {
        margin: 0 0 1.25rem;
        color: var(--ink-soft);
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem;
        justify-content: flex-end;
      }
      button.bad {
        background: var(--danger);
        border-color: var(--danger);
        color: var(--card);
      }
    `,
  ];
}

customElements.define('confirm-dialog', ConfirmDialog);

declare global {
  interface HTMLElementTagNameMap {
    'confirm-dialog': ConfirmDialog;
  }
}
