import { html, svg } from 'lit';
import type { ElementLanguage } from '../language/element/element-languages.ts';
import { momentText } from './duration.ts';

/** Lengths in milliseconds that a scale may be divided by. */
const STEPS_MS = [
  100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000,
  900_000, 1_800_000, 3_600_000, 7_200_000,
];
const MOST_STEPS = 8;
/** Least distance of two labels. */
const GAP_PX = 8;

/**
 * A scale of the time of a video, as a drawing as wide as what holds it: at most nine labels, evenly spaced.
 * @param startsAt when the video begins, ISO 8601 with its offset: then labels are times of the day. Null: of the video
 */
export function timeScale(language: ElementLanguage, durationMs: number, startsAt: string | null) {
  const step = STEPS_MS.find((ms) => durationMs / ms <= MOST_STEPS) ?? durationMs;
  const ticks: number[] = [];
  for (let ms = 0; ms <= durationMs; ms += step) ticks.push(ms);
  const decimals = step < 1000 ? 1 : 0;
  return html`<svg height="20">
    ${ticks.map((ms) => {
      const at = (100 * ms) / Math.max(1, durationMs);
      const anchor = at < 3 ? 'start' : at > 95 ? 'end' : 'middle';
      return svg`<text x="${at}%" y="14" text-anchor=${anchor}>${momentText(language, ms, startsAt, decimals)}</text>`;
    })}
  </svg>`;
}

/**
 * Leaves every second, third ... label of a scale alone, so that none lies upon another: how wide a time is depends on
 * clock, language and font. To be called whenever the scale is drawn or gets another width.
 * @param scale what holds a {@link timeScale}
 */
export function thinLabels(scale: Element): void {
  const labels = [...scale.querySelectorAll('text')];
  for (const { style } of labels) style.display = '';
  const boxes = labels.map((label) => label.getBoundingClientRect());
  const isClear = (every: number) =>
    boxes.every((box, index) => {
      const before = boxes[index - every];
      return index % every > 0 || !before || before.right + GAP_PX <= box.left;
    });
  let every = 1;
  while (!isClear(every)) every++;
  for (const [index, { style }] of labels.entries()) if (index % every > 0) style.display = 'none';
}
