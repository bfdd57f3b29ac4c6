import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

/** Outlines on a 24 x 24 grid, drawn for this project. */
const shapes = {
  alert: svg`<path d="M12 4 3 19.5h18zM12 10.5v4M12 17.2v.1" />`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6" />`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`,
  chevron: svg`<path d="m9 6 6 6-6 6" />`,
  clock: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" />`,
  download: svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" />`,
  film: svg`<rect x="3.5" y="5" width="17" height="14" rx="2.5" /><path d="m10.5 9.5 4 2.5-4 2.5z" />`,
  full: svg`<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />`,
  lock: svg`<rect x="5" y="11" width="14" height="9.5" rx="2.5" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`,
  pause: svg`<path d="M8.5 5.5v13M15.5 5.5v13" stroke-width="3.4" />`,
  people: svg`<circle cx="9" cy="8" r="3.4" /><path d="M3 19.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M15.5 5a3.2 3.2 0 0 1 0 6M17.5 14.4c2.1.7 3.5 2.5 3.5 5.1" />`,
  play: svg`<path d="m8 5 11 7-11 7z" fill="currentColor" />`,
  sparkle: svg`<path d="M12 4.5 13.8 10l5.7 2-5.7 2L12 19.5 10.2 14l-5.7-2 5.7-2z" />`,
  stepBack: svg`<path d="m17 6-8 6 8 6zM6 6v12" />`,
  stepForward: svg`<path d="m7 6 8 6-8 6zM18 6v12" />`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />`,
  trash: svg`<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5" />`,
  upload: svg`<path d="M12 16V5M7 9.5l5-5 5 5M5 20h14" />`,
} satisfies Record<string, SVGTemplateResult>;

/** Name of an icon. */
export type IconName = keyof typeof shapes;

/** An icon as decoration: hidden from screen readers, so the control around it needs words. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`;
}
