import { css } from 'lit';

/** Looks of buttons, links that look like buttons, selects and notices. Needs the properties of `theme`. */
export const controls = css`
  button,
  .button {
    font: inherit;
    font-weight: 600;
    line-height: 1.25;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    /* Words of some languages are longer than a phone is wide, when text is large. */
    overflow-wrap: anywhere;
    min-width: 0;
    min-height: 2.75rem;
    padding: 0.5rem min(1rem, 4vw);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background: var(--card);
    color: var(--ink);
    text-decoration: none;
    cursor: pointer;
    transition:
      background 0.15s,
      border-color 0.15s;
  }
  button:hover,
  .button:hover {
    border-color: var(--accent);
    background: var(--accent-soft);
  }
  button.primary,
  .button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover,
  .button.primary:hover {
    background: var(--accent-strong);
    border-color: var(--accent-strong);
  }
  button.quiet,
  .button.quiet {
    border-color: transparent;
    background: transparent;
  }
  button.quiet:hover,
  .button.quiet:hover {
    background: var(--accent-soft);
  }
  button.danger:hover {
    border-color: var(--danger);
    background: var(--danger-soft);
    color: var(--danger);
  }
  button.icon-only,
  .button.icon-only {
    width: 2.75rem;
    padding: 0;
    flex: none;
  }
  button:is(:disabled, [aria-disabled='true']) {
    opacity: 0.5;
    cursor: default;
  }
  svg.icon {
    width: 1.25em;
    height: 1.25em;
    flex: none;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  svg.directed:dir(rtl) {
    scale: -1 1;
  }
  select {
    font: inherit;
    min-height: 2.75rem;
    padding-block: 0.375rem;
    padding-inline: 0.75rem 2rem;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-small);
    background-color: var(--card);
    color: var(--ink);
    max-width: 100%;
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.15em;
  }
  /* A name of any length, in two lines. */
  .clamped {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
    overflow-wrap: anywhere;
  }
  /* Focused when its screen comes up, for screen readers; nothing is to be done with it. */
  h1:focus {
    outline: none;
  }
  .notice {
    display: flex;
    gap: 0.75rem;
    align-items: flex-start;
    padding: 0.875rem 1rem;
    border-radius: var(--radius-small);
    background: var(--warn-soft);
    color: var(--ink);
    /* Seen where colours are forced. */
    border: 1px solid transparent;
  }
  .notice > svg.icon {
    color: var(--warn);
    margin-top: 0.125rem;
  }
  .notice.bad {
    background: var(--danger-soft);
  }
  .notice.bad > svg.icon {
    color: var(--danger);
  }
  .notice p {
    margin: 0;
    min-width: 0;
    overflow-wrap: anywhere;
  }
  .notice > div {
    min-width: 0;
  }
  @media print {
    button:not(.printed),
    .button {
      display: none;
    }
    /* What was chosen, beside its label. */
    select {
      appearance: none;
      border: 0;
      padding: 0;
      background: none;
    }
  }
`;
