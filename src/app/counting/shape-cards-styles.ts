import { css } from 'lit';

/** Looks of `<shape-cards>`; besides those of `theme` and `controls`. */
export const shapeCardsStyles = css`
  :host {
    display: block;
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
    gap: 0.75rem;
    align-items: start;
  }
  li {
    min-width: 0;
    padding: 0.625rem 0.875rem 0.75rem;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    background: var(--card);
  }
  li.picked {
    grid-column: 1 / -1;
    border-color: var(--accent);
    box-shadow: inset 0 0 0 1px var(--accent);
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.25rem;
  }
  h3 {
    flex: 1 1 min(7rem, 100%);
    min-width: 0;
    margin: 0;
    display: flex;
    gap: 0.375rem;
    align-items: center;
    font-size: 0.9375rem;
  }
  h3 span {
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .change {
    padding-inline: 0.5rem;
    font-size: 0.875rem;
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.5rem;
  }
  .figures p {
    margin: 0;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  strong {
    font-size: 1.875rem;
    line-height: 1.2;
    font-variant-numeric: var(--numbers);
  }
  .in strong {
    color: var(--accent);
  }
  .out strong {
    color: var(--warn);
  }
  .small {
    margin: 0;
    overflow-wrap: anywhere;
    font-size: 0.875rem;
    color: var(--ink-soft);
  }
  .unsure {
    text-decoration: underline dotted;
    text-underline-offset: 0.2em;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr));
    align-items: end;
    gap: 0.5rem 0.75rem;
    margin-top: 0.625rem;
    padding-top: 0.625rem;
    border-top: 1px solid var(--line);
  }
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.125rem;
    font-size: 0.875rem;
    color: var(--ink-soft);
    min-width: 0;
  }
`;
