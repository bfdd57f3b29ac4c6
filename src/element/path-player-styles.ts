import { css } from 'lit';

/** Looks of `<footpath-player>`; besides those of `theme` and `controls`. */
export const pathPlayerStyles = css`
  :host {
    display: block;
    background: var(--card);
    border-radius: var(--radius);
    overflow: clip;
  }
  .screen {
    background: #0b0e0c;
  }
  .stage {
    position: relative;
    overflow: clip;
    margin-inline: auto;
    aspect-ratio: var(--shape);
    width: min(100%, var(--ratio) * var(--stage-height, 68vh));
    forced-color-adjust: none;
    background-image: linear-gradient(#ffffff0d 1px, #0000 1px),
      linear-gradient(90deg, #ffffff0d 1px, #0000 1px);
    background-size: 40px 40px;
    cursor: pointer;
  }
  video,
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    display: block;
  }
  /* The stage has the picture's shape already; a rounded pixel must not leave a dark edge. */
  video {
    object-fit: fill;
    width: calc(100% + 1px);
  }
  .bar {
    padding: 0.5rem min(0.75rem, 2.5vw) 0.75rem;
    container-type: inline-size;
  }
  .row {
    display: flex;
    align-items: center;
    gap: 0.25rem;
    flex-wrap: wrap;
  }
  .play {
    border-radius: 50%;
  }
  .time {
    font-variant-numeric: var(--numbers);
    color: var(--ink-soft);
    min-width: 0;
    padding-inline: min(0.5rem, 2vw);
  }
  .now {
    color: var(--ink);
    font-weight: 600;
  }
  /* Where both have no room in a line they break between them, and within "9:00:07 AM" only where that alone is too long. */
  bdi {
    display: inline-block;
  }
  .space {
    flex: 1;
  }
  label {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 0.5rem;
    min-width: 0;
    color: var(--ink-soft);
    font-size: 0.875rem;
    margin-left: 0.5rem;
  }
  label select {
    min-height: 2.25rem;
    padding-block: 0.25rem;
    border-color: var(--line);
  }
  input[type='range'] {
    appearance: none;
    display: block;
    width: 100%;
    height: 1.5rem;
    margin: 0 0 0.25rem;
    background: transparent;
    cursor: pointer;
  }
  input::-webkit-slider-runnable-track {
    height: 6px;
    border-radius: 3px;
    background: linear-gradient(90deg, var(--accent) var(--done, 0%), var(--line) 0);
  }
  input::-moz-range-track {
    height: 6px;
    border-radius: 3px;
    background: linear-gradient(90deg, var(--accent) var(--done, 0%), var(--line) 0);
  }
  input::-webkit-slider-thumb {
    appearance: none;
    width: 18px;
    height: 18px;
    margin-top: -6px;
    border-radius: 50%;
    border: 3px solid var(--card);
    background: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  input::-moz-range-thumb {
    width: 12px;
    height: 12px;
    border-radius: 50%;
    border: 3px solid var(--card);
    background: var(--accent);
    box-shadow: 0 0 0 1px var(--accent);
  }
  /* The picture takes all that the bar leaves, whatever height a page wants it to have otherwise. */
  :host(:fullscreen) {
    display: flex;
    flex-direction: column;
    border: 0 !important;
    border-radius: 0 !important;
  }
  :host(:fullscreen) .screen {
    flex: 1;
    min-height: 0;
    display: grid;
    place-items: center;
    container-type: size;
  }
  :host(:fullscreen) .stage {
    width: min(100cqw, var(--ratio) * 100cqh);
  }
  @container (max-width: 38rem) {
    /* Two rows: the buttons and the time, then the lists. */
    .space {
      display: none;
    }
    .time {
      flex: 1 1 auto;
      font-size: 0.875rem;
    }
    .full {
      order: 1;
    }
    label {
      order: 2;
      flex: 1 1 40%;
      margin-left: 0;
    }
    label select {
      flex: 1 1 5rem;
      min-width: 0;
      padding-inline: 0.5rem 0;
    }
  }
  @container (max-width: 22rem) {
    /* All that the three buttons leave: a time of the day is long, and gives way. */
    .time {
      flex-basis: max(6rem, 100% - 10rem);
      padding-inline-end: 0;
    }
    .full {
      order: 3;
    }
    label {
      flex-basis: 5.5rem;
    }
  }
  @media (forced-colors: active) {
    input::-webkit-slider-runnable-track {
      forced-color-adjust: none;
      background: linear-gradient(90deg, Highlight var(--done, 0%), GrayText 0);
    }
    input::-moz-range-track {
      forced-color-adjust: none;
      background: linear-gradient(90deg, Highlight var(--done, 0%), GrayText 0);
    }
    input::-webkit-slider-thumb {
      border-color: Canvas;
      background: Highlight;
      forced-color-adjust: none;
    }
    input::-moz-range-thumb {
      border-color: Canvas;
      background: Highlight;
      forced-color-adjust: none;
    }
  }
  @media print {
    .bar {
      display: none;
    }
    .screen {
      background: none;
    }
    .stage,
    .stage * {
      print-color-adjust: exact;
    }
  }
`;
