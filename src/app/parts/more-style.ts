import { css } from 'lit';

/** How the quiet title of options that are folded away looks. */
export const moreStyle = css`
  summary {
    padding: 0.375rem 0;
    width: fit-content;
    font-size: 0.875rem;
    font-weight: 600;
    cursor: pointer;
    border-radius: var(--radius-small);
  }
`;
