/** The rows of people under a player, in real Chromium. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { defineViewParts } from '../../src/element/define.ts';
import type { PresenceTimeline } from '../../src/element/presence-timeline.ts';

let timeline: PresenceTimeline;
beforeAll(defineViewParts);
afterEach(() => timeline.remove());

/** How dark it is at most about a place of the timeline on the screen, from 0 for white to 1 for black. */
async function darkness(x: number, y: number): Promise<number> {
  const base64 = await page.elementLocator(timeline).screenshot({ save: false });
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
  context.drawImage(image, 0, 0);
  const scale = image.width / timeline.clientWidth;
  const { data } = context.getImageData(Math.round(x * scale) - 3, Math.round(y * scale), 6, 1);
  const pixels = Array.from({ length: 6 }, (_, i) => data.slice(4 * i, 4 * i + 3));
  return Math.max(...pixels.map((rgb) => 1 - rgb.reduce((sum, it) => sum + it, 0) / (3 * 255)));
}

test('the moment on screen is marked over all rows, also over those that are not of whoever is picked', async () => {
  timeline = document.createElement('footpath-timeline');
  timeline.style.cssText = 'width: 400px; background: white; color-scheme: light';
  const spans = [{ startMs: 0, endMs: 10_000 }];
  const people = [0, 1, 2].map((index) => ({ index, firstMs: 0, lastMs: 10_000, spans }));
  Object.assign(timeline, { durationMs: 10_000, people, selected: null });
  document.body.append(timeline);
  await timeline.updateComplete;
  timeline.showTime(5000);
  const from = timeline.getBoundingClientRect();
  const head = timeline.shadowRoot!.querySelector('.head')!.getBoundingClientRect();
  for (const selected of [null, 1]) {
    timeline.selected = selected;
    await timeline.updateComplete;
    for (const bar of timeline.shadowRoot!.querySelectorAll('.line svg')) {
      const { top, height } = bar.getBoundingClientRect();
      const marked = await darkness(head.left + 1 - from.left, top + height / 2 - from.top);
      expect(marked, `${selected}`).toBeGreaterThan(0.85);
    }
  }
});
