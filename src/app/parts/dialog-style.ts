import { css } from 'lit';

/** How a dialogue over the app looks; each adds its width and what is in it. */
export const dialogStyle = css`
  dialog {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--card);
    color: var(--ink);
    box-shadow: var(--shadow);
  }
  dialog::backdrop {
    background: rgb(10 20 15 / 0.5);
  }
  h2 {
    font-size: 1.25rem;
    overflow-wrap: anywhere;
  }
`;
