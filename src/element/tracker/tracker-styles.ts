import { css } from 'lit';

/** Looks of `<footpath-tracker>` around the viewer. Needs the properties of `theme`. */
export const trackerStyles = css`
  :host {
    display: block;
    background: var(--footpath-paper, none);
  }
  .tracker {
    /* Holds the hidden words, which would else make the page longer. */
    position: relative;
  }
  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    gap: 0.75rem;
    padding: 1.5rem 1.25rem;
    text-align: center;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
  }
  /* As wide as what is around it, in the narrowest cell of a table too. */
  footpath-viewer {
    contain-intrinsic-inline-size: none;
  }
  .zone {
    border: 2px dashed var(--line-strong);
  }
  .zone.over {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  .title,
  .count {
    margin: 0;
    font-size: 1.25rem;
    font-weight: 650;
  }
  .count {
    margin-bottom: 0.75rem;
  }
  /* Focused where the button before it is gone; nothing is to be done with it. */
  .count:focus {
    outline: none;
  }
  .several {
    margin-bottom: 0.75rem;
  }
  .hint,
  .reason {
    margin: 0;
    color: var(--ink-soft);
    font-size: 0.875rem;
    overflow-wrap: anywhere;
  }
  .counts {
    margin: 0 0 0.75rem;
    padding-inline-start: 1.25rem;
    font-variant-numeric: var(--numbers);
  }
  .hint span + span,
  .hint span {
    margin-inline-start: 0.75em;
  }
  .reason {
    color: var(--danger);
    max-width: 60ch;
  }
  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
    margin-top: 0.75rem;
  }
  progress {
    width: min(100%, 32rem);
    height: 0.75rem;
    accent-color: var(--accent);
  }
  @media print {
    .buttons,
    .hint {
      display: none;
    }
  }
`;
