import { html, type LitElement, type TemplateResult } from 'lit';
import { icon } from '../../element/icons.ts';
import { errorText } from '../words.ts';
import { pageLanguage } from './page-language.ts';

/** What somebody asked a component for, and in words for people why it did not work. */
export class Attempt {
  /** Why the last action failed; empty where it did not. */
  problem = '';

  readonly #host: LitElement;

  /** @param host shown anew when the problem changes */
  constructor(host: LitElement) {
    this.#host = host;
  }

  /** The problem as a notice that is read out; nothing where there is none. */
  get notice(): TemplateResult | null {
    if (this.problem === '') return null;
    return html`<div class="notice bad" role="alert">${icon('alert')}<p>${this.problem}</p></div>`;
  }

  /** Does something; where it fails, what its error says is the problem. Never rejects. */
  async run(action: () => Promise<void>): Promise<void> {
    this.tell('');
    try {
      await action();
    } catch (error) {
      this.tell(errorText(pageLanguage(), error));
    }
  }

  /** Shows what went wrong; empty where nothing did. */
  tell(problem: string): void {
    this.problem = problem;
    this.#host.requestUpdate();
  }
}
