import { css } from 'lit';

/** Looks of `<scene-editor>`. What lies on a picture has colours of its own: any picture may be beneath, light or dark. */
export const sceneEditorStyles = css`
  :host {
    position: absolute;
    inset: 0;
    display: block;
    pointer-events: none;
    /* A point at the picture's edge must not make the page longer. */
    contain: paint;
    --drawn: #ffd84d;
    --area: #6fe3ff;
    --casing: rgb(0 0 0 / 0.7);
  }
  svg:not(.icon) {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  path {
    fill: none;
    vector-effect: non-scaling-stroke;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
  .ground {
    fill: none;
  }
  .drawing {
    cursor: crosshair;
    touch-action: none;
  }
  .drawing .ground {
    fill: rgb(0 0 0 / 0.12);
    pointer-events: all;
  }
  .casing {
    stroke: var(--casing);
    stroke-width: 6;
  }
  .stroke {
    stroke: var(--drawn);
    stroke-width: 3;
  }
  .zone .stroke {
    stroke: var(--area);
    fill: color-mix(in srgb, var(--area) 16%, transparent);
  }
  .picked .stroke {
    stroke-width: 4.5;
  }
  .new {
    stroke: #fff;
    stroke-width: 3;
    stroke-dasharray: 8 6;
  }
  .hit {
    stroke: transparent;
    stroke-width: 24;
    pointer-events: stroke;
    cursor: move;
    touch-action: none;
  }
  .drawing .hit {
    pointer-events: none;
  }
  .label {
    position: absolute;
    max-width: 40%;
    padding: 0 0.375rem;
    border-radius: 4px;
    background: var(--casing);
    color: #fff;
    font-size: 0.75rem;
    font-weight: 700;
    line-height: 1.5;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
    /* Its place is measured: where motion is reduced all else takes a moment to be where it goes. */
    transition-property: none;
  }
  /* Said where the drawing is done: the tools may be out of sight by then. */
  .how {
    position: absolute;
    inset: auto 0 8px;
    width: fit-content;
    max-width: calc(100% - 16px);
    margin: 0 auto;
    padding: 0.125rem 0.625rem;
    border-radius: 999px;
    background: var(--casing);
    color: #fff;
    font-size: 0.875rem;
    font-weight: 600;
    text-align: center;
  }
  /* As large as a finger needs; what is seen of it is smaller. */
  button {
    position: absolute;
    width: 40px;
    height: 40px;
    padding: 0;
    border: 0;
    transform: translate(-50%, -50%);
    border-radius: 50%;
    background: none;
    color: #14201a;
    pointer-events: auto;
    cursor: grab;
    touch-action: none;
    outline: none;
  }
  button::before {
    content: '';
    position: absolute;
    inset: 11px;
    border: 3px solid #14201a;
    border-radius: 50%;
    background: #fff;
  }
  button:focus-visible::before {
    outline: 3px solid #fff;
    box-shadow: 0 0 0 6px #14201a;
  }
  .between {
    width: 28px;
    height: 28px;
    cursor: copy;
  }
  .between::before {
    inset: 7px;
    border-width: 2px;
    background: rgb(255 255 255 / 0.55);
  }
  .move {
    display: grid;
    place-items: center;
    cursor: move;
  }
  .move::before {
    inset: 6px;
    border-width: 2px;
  }
  .move .icon {
    position: relative;
  }
  .icon {
    width: 1.125rem;
    height: 1.125rem;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  @media print {
    button {
      display: none;
    }
  }
`;
