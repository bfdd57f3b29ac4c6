import { html } from 'lit';
import { live } from 'lit/directives/live.js';

/**
 * An `<option>` of a select. Whether it is chosen is set as a property, against what the field shows: once somebody has
 * chosen by hand the attribute says nothing any more, and the field would show one thing while another holds.
 */
export function option(value: string | number, text: string, isChosen: boolean) {
  return html`<option value=${value} .selected=${live(isChosen)}>${text}</option>`;
}
