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
    padding: 0.5rem 0.75rem 0.75rem;
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
    white-space: nowrap;
    padding-inline: 0.5rem;
  }
  .now {
    color: var(--ink);
    font-weight: 600;
  }
  .space {
    flex: 1;
  }
  label {
    display: flex;
    align-items: center;
    gap: 0.5rem;
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
  :host(:fullscreen) {
    --stage-height: calc(100vh - 7rem);
    border-radius: 0;
  }
  @media (max-width: 520px) {
    label span {
      position: absolute;
      clip-path: inset(50%);
      width: 1px;
      height: 1px;
      overflow: hidden;
    }
    label {
      margin-left: 0;
    }
    /* Two rows: the buttons, then the lists. */
    .space {
      order: 1;
    }
    .full {
      order: 3;
    }
    label {
      order: 2;
      flex: 1;
    }
    label select {
      width: 100%;
    }
  }
`;
