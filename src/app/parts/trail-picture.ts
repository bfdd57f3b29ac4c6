import { css, html, type TemplateResult } from 'lit';

/** A drawing of what the app does: numbered people on dashed footpaths. Decoration; needs {@link trailPictureStyles}. */
export function trailPicture(): TemplateResult {
  return html`<svg class="trails" viewBox="0 0 420 150" aria-hidden="true">
    <path class="contour" d="M-10 120C60 80 120 150 210 112S350 60 440 96" />
    <path class="contour" d="M-10 88C70 46 130 112 216 78S350 24 440 62" />
    <path class="contour" d="M-10 54C80 14 140 76 222 44S350-8 440 28" />
    <path class="trail one" d="M16 122C90 118 120 44 190 52s96 66 206 34" />
    <path class="trail two" d="M60 18c10 58 96 30 130 74s110 40 196 30" />
    <path class="trail three" d="M396 24c-80-14-96 30-150 34S120 128 70 134" />
    <g class="walker one"><circle r="13" /><text y="5">1</text></g>
    <g class="walker two"><circle r="13" /><text y="5">2</text></g>
    <g class="walker three"><circle r="13" /><text y="5">3</text></g>
  </svg>`;
}

/** Styles of {@link trailPicture}. */
export const trailPictureStyles = css`
  .trails {
    display: block;
    width: 100%;
    max-width: 420px;
    margin-inline: auto;
    overflow: visible;
  }
  .trails path {
    fill: none;
    stroke-linecap: round;
  }
  .contour {
    stroke: var(--line);
    stroke-width: 1.5;
  }
  .trail {
    stroke-width: 3.5;
    stroke-dasharray: 1 9;
  }
  .trail.one {
    stroke: #e69f00;
  }
  .trail.two {
    stroke: #56b4e9;
  }
  .trail.three {
    stroke: #cc79a7;
  }
  .walker text {
    font: 700 13px system-ui, sans-serif;
    text-anchor: middle;
  }
  .walker circle {
    stroke: var(--card);
    stroke-width: 3;
  }
  .walker {
    offset-rotate: 0deg;
    animation: walk ease-out backwards;
  }
  .walker.one {
    fill: #e69f00;
    offset-path: path('M16 122C90 118 120 44 190 52s96 66 206 34');
    offset-distance: 82%;
    animation-duration: 3.6s;
  }
  .walker.two {
    fill: #56b4e9;
    offset-path: path('M60 18c10 58 96 30 130 74s110 40 196 30');
    offset-distance: 55%;
    animation-duration: 4.8s;
  }
  .walker.three {
    fill: #cc79a7;
    offset-path: path('M396 24c-80-14-96 30-150 34S120 128 70 134');
    offset-distance: 62%;
    animation-duration: 4.2s;
  }
  .walker text {
    fill: #000;
  }
  /* Once, to where they stand: what moves for more than five seconds needs a way to stop it, and takes a fifth of a processor. */
  @keyframes walk {
    from {
      offset-distance: 4%;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .walker {
      animation: none !important;
    }
  }
`;
