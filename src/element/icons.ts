import { html, type SVGTemplateResult, svg, type TemplateResult } from 'lit';

/** Outlines on a 24 x 24 grid, drawn for this project. */
const shapes = {
  alert: svg`<path d="M12 4 3 19.5h18zM12 10.5v4M12 17.2v.1" />`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6" />`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7.5" />`,
  chevron: svg`<path d="m9 6 6 6-6 6" />`,
  camera: svg`<rect x="3" y="7" width="12" height="10" rx="2" /><path d="m15 11 6-3v8l-6-3" />`,
  chart: svg`<path d="M4 20h16M7 20v-8M12 20V5M17 20v-5" />`,
  clock: svg`<circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" />`,
  download: svg`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14" />`,
  film: svg`<rect x="3.5" y="5" width="17" height="14" rx="2.5" /><path d="m10.5 9.5 4 2.5-4 2.5z" />`,
  full: svg`<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5" />`,
  heat: svg`<circle cx="12" cy="12" r="2.5" fill="currentColor" /><circle cx="12" cy="12" r="5.5" opacity="0.7" /><circle cx="12" cy="12" r="9" opacity="0.4" />`,
  lock: svg`<rect x="5" y="11" width="14" height="9.5" rx="2.5" /><path d="M8 11V8a4 4 0 0 1 8 0v3" />`,
  line: svg`<path d="M5 19 19 5" /><circle cx="5" cy="19" r="2" /><circle cx="19" cy="5" r="2" />`,
  move: svg`<path d="M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3" />`,
  pause: svg`<path d="M8.5 5.5v13M15.5 5.5v13" stroke-width="3.4" />`,
  people: svg`<circle cx="9" cy="8" r="3.4" /><path d="M3 19.5c0-3.3 2.7-5.5 6-5.5s6 2.2 6 5.5M15.5 5a3.2 3.2 0 0 1 0 6M17.5 14.4c2.1.7 3.5 2.5 3.5 5.1" />`,
  play: svg`<path d="m8 5 11 7-11 7z" fill="currentColor" />`,
  print: svg`<path d="M7 8V3.5h10V8M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z" />`,
  redo: svg`<path d="M19 9H9.5a5.5 5.5 0 0 0 0 11H14M15 5l4 4-4 4" />`,
  sparkle: svg`<path d="M12 4.5 13.8 10l5.7 2-5.7 2L12 19.5 10.2 14l-5.7-2 5.7-2z" />`,
  stepBack: svg`<path d="m17 6-8 6 8 6zM6 6v12" />`,
  stepForward: svg`<path d="m7 6 8 6-8 6zM18 6v12" />`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="2" fill="currentColor" />`,
  swap: svg`<path d="M7 4 3.5 7.5 7 11M3.5 7.5h13M17 13l3.5 3.5L17 20M20.5 16.5h-13" />`,
  table: svg`<rect x="3.5" y="5" width="17" height="14" rx="2" /><path d="M3.5 10h17M3.5 14.5h17M10 5v14" />`,
  trash: svg`<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12.5h9.4L17.5 7M10 11v5M14 11v5" />`,
  undo: svg`<path d="M5 9h9.5a5.5 5.5 0 0 1 0 11H10M9 5 5 9l4 4" />`,
  upload: svg`<path d="M12 16V5M7 9.5l5-5 5 5M5 20h14" />`,
  zone: svg`<path d="M5 7 17 4l3 12-13 4z" />`,
} satisfies Record<string, SVGTemplateResult>;

/** Name of an icon. */
export type IconName = keyof typeof shapes;

/** Icons that point where one reads from or to, and so turn round where one reads from right to left. */
const DIRECTED: readonly IconName[] = ['back', 'chevron'];

/** An icon as decoration: hidden from screen readers, so the control around it needs words. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class=${DIRECTED.includes(name) ? 'icon directed' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">${shapes[name]}</svg>`;
}
