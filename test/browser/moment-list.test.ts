/** The list of single moments of a long video, in real Chromium. */
import { afterEach, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import type { Analysis } from '../../src/analytics/analyze.ts';
import { EMPTY_SCENE } from '../../src/analytics/scene.ts';
import type { MomentList } from '../../src/app/counting/moment-list.ts';
import '../../src/app/counting/moment-list.ts';

const HOUR_MS = 3_600_000;
let list: MomentList;
afterEach(() => list.remove());

/** Somebody stands still every minute of a day, but for the hour after noon. */
async function show(everyMs: number): Promise<void> {
  const stands = Array.from({ length: (10 * HOUR_MS) / everyMs }, (_, i) => ({
    index: i,
    beginMs: i * everyMs,
    endMs: i * everyMs + 20_000,
    at: [0.5, 0.5],
  })).filter(({ beginMs }) => Math.floor(beginMs / HOUR_MS) !== 3);
  const scene = { ...EMPTY_SCENE, startsAt: '2026-03-01T09:00:00Z' };
  const video = { frameWidth: 16, frameHeight: 9, durationMs: 10 * HOUR_MS };
  list = document.createElement('moment-list');
  list.analysis = { scene, video, lines: [], zones: [], stands } as unknown as Analysis;
  document.body.append(list);
  await list.updateComplete;
}

const selects = () => [...list.shadowRoot!.querySelectorAll('select')];
const first = () => list.shadowRoot!.querySelector('li .time')!.textContent;

test('of hundreds of moments those from a time on are a choice away', async () => {
  await show(60_000);
  const [, from] = selects();
  const names = [...from!.options].map(({ label }) => label);
  // Quarters of an hour in which something happened: those of nine hours.
  expect(names).toHaveLength(36);
  expect(names.slice(11, 13)).toEqual(['11:45 AM', '1:00 PM']);
  expect(first()).toBe('9:00:00 AM');
  from!.value = from!.options[12]!.value;
  from!.dispatchEvent(new Event('change'));
  await list.updateComplete;
  expect(first()).toBe('1:00:00 PM');
  expect(list.shadowRoot!.querySelectorAll('li')).toHaveLength(100);
  expect(selects()[1]!.selectedOptions[0]!.label).toBe('1:00 PM');
});

test('a list that is shown at once has nowhere else to begin', async () => {
  await show(600_000);
  expect(selects()).toHaveLength(1);
});

test('on paper it says what it is a list of, from when on, and how much of it that is', async () => {
  await show(60_000);
  await cdp().send('Emulation.setEmulatedMedia', { media: 'print' });
  const [kind, from] = selects();
  from!.value = from!.options[12]!.value;
  from!.dispatchEvent(new Event('change'));
  await list.updateComplete;
  const isPrinted = (part: Element) => part.checkVisibility() && part.clientWidth > 0;
  expect([kind!, from!].map(isPrinted)).toEqual([true, true]);
  expect(getComputedStyle(from!).appearance).toBe('none');
  const more = list.shadowRoot!.querySelector('.more')!;
  // Every minute of six hours.
  expect(more.textContent).toBe('The first 100 of 360');
  expect(isPrinted(more)).toBe(true);
  expect(list.shadowRoot!.querySelector('button.quiet')!.checkVisibility()).toBe(false);
  await cdp().send('Emulation.setEmulatedMedia', { media: '' });
});
