import { css } from 'lit';

/** An element's own text in a page that has capitals, an alignment or kept line breaks around it. */
export const ownText = css`
  :host {
    text-align: start;
    text-indent: 0;
    text-transform: none;
    white-space: normal;
  }
`;

/**
 * Colours, type and spacing of every view part, as custom properties on the host. A page changes them through the
 * `--footpath-*` names. Light and dark follow the inherited `color-scheme`. Text colours keep a contrast of at
 * least 4.5:1 on `card` and `sunken`, and on the app's own ground (`page.css`).
 */
export const theme = css`
  :host {
    --card: var(--footpath-card, light-dark(#ffffff, #171e1a));
    --sunken: var(--footpath-sunken, light-dark(#eaefe8, #0a0e0c));
    --ink: var(--footpath-ink, light-dark(#13211a, #e7eee9));
    --ink-soft: var(--footpath-ink-soft, light-dark(#4c5b52, #a5b3aa));
    --line: var(--footpath-line, light-dark(#d7dfd6, #2c3731));
    --line-strong: var(--footpath-line-strong, light-dark(#7d8d83, #6d7d74));
    --accent: var(--footpath-accent, light-dark(#17694c, #7ad6af));
    --accent-strong: var(--footpath-accent-strong, light-dark(#0f5039, #a4e8c9));
    --on-accent: var(--footpath-on-accent, light-dark(#ffffff, #05281a));
    --accent-soft: var(--footpath-accent-soft, light-dark(#e0f0e7, #1b3228));
    --danger: var(--footpath-danger, light-dark(#a32017, #ffb3a9));
    --danger-soft: var(--footpath-danger-soft, light-dark(#fcebe8, #3a1b18));
    --warn: var(--footpath-warn, light-dark(#7a4b00, #f3c778));
    --warn-soft: var(--footpath-warn-soft, light-dark(#fdf1d8, #34270d));
    --shadow: light-dark(0 1px 2px #13211a14, 0 1px 2px #0006),
      light-dark(0 8px 28px -12px #13211a2e, 0 8px 28px -12px #000a);
    --radius: 14px;
    --radius-small: 8px;
    --numbers: tabular-nums;
    color: var(--ink);
    font: 400 1rem/1.5
      var(
        --footpath-font,
        'Segoe UI Variable',
        'Segoe UI',
        -apple-system,
        BlinkMacSystemFont,
        Roboto,
        'Helvetica Neue',
        Lato,
        Ubuntu,
        Cantarell,
        system-ui,
        sans-serif
      );
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 0.01ms !important;
      animation-iteration-count: 1 !important;
      /* A duration, however short, would have every property of every element go over to its next value. */
      transition: none !important;
    }
  }
`;
