/** A chart of counts and its table, in real Chromium. */
import { expect, onTestFinished, test, vi } from 'vitest';
import type { CountChart } from '../../src/app/counting/count-chart.ts';
import '../../src/app/counting/count-chart.ts';

test('the table of several stretches ends with their sums, and that of one is its sum', async () => {
  const chart: CountChart = document.createElement('count-chart');
  const foot = () =>
    [...chart.shadowRoot!.querySelectorAll('tfoot td')].map(({ textContent }) => textContent);
  chart.labels = ['Mon', 'Tue', 'Wed'];
  chart.series = [
    { name: 'in', values: [1, null, 1200], colour: 'var(--accent)' },
    { name: 'out', values: [2, 3, 4], colour: 'var(--warn)' },
  ];
  document.body.append(chart);
  await expect.poll(foot).toEqual(['1,201', '9']);
  // Of several on a page each has a name of its own.
  chart.name = 'Day by day';
  await chart.updateComplete;
  const rows = chart.shadowRoot!.querySelector('.rows')!;
  expect(rows.getAttribute('aria-label')).toBe('Day by day');
  chart.labels = ['Mon'];
  chart.series = [{ name: 'in', values: [1], colour: 'var(--accent)' }];
  await expect.poll(foot).toEqual([]);
  chart.remove();
});

test('of days that are equal none is hidden under another', async () => {
  const chart: CountChart = document.createElement('count-chart');
  const colours = ['#ff0000', '#00ff00', '#0000ff'];
  chart.lines = true;
  chart.labels = ['9:00', '10:00', '11:00', '12:00'];
  const days = [
    [2, 4, 4, null],
    [2, 4, 4, 1],
    [2, 4, 4, 1],
  ];
  chart.series = days.map((values, i) => ({ name: `day ${i}`, values, colour: colours[i]! }));
  Object.assign(chart.style, { display: 'block', width: '600px' });
  document.body.append(chart);
  onTestFinished(() => chart.remove());
  /** Pixels of a pure colour in a stretch of the plot, in shares of its width. */
  const pixels = (colour: string, from: number, to: number) => {
    const canvas = chart.shadowRoot!.querySelector('canvas');
    if (!canvas) return 0;
    const { width, height } = canvas;
    const x = Math.round(from * width);
    const { data } = canvas
      .getContext('2d')!
      .getImageData(x, 0, Math.round(to * width) - x, height);
    const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i + 3] === 255 && wanted.every((value, k) => data[i + k] === value)) count++;
    return count;
  };
  await expect.poll(() => pixels('#0000ff', 0, 1)).toBeGreaterThan(100);
  for (const colour of colours) {
    expect(pixels(colour, 0.1, 0.2), `${colour}, first point`).toBeGreaterThan(10);
    expect(pixels(colour, 0.46, 0.54), `${colour}, between two points`).toBeGreaterThan(10);
  }
  for (const colour of colours.slice(1))
    expect(pixels(colour, 0.8, 0.95), `${colour}, last point`).toBeGreaterThan(10);
});

test('of a week of days on which nobody came the rings leave the hours below free', async () => {
  const circle = vi.spyOn(Path2D.prototype, 'arc');
  const text = vi.spyOn(CanvasRenderingContext2D.prototype, 'fillText');
  const chart: CountChart = document.createElement('count-chart');
  onTestFinished(() => {
    chart.remove();
    vi.restoreAllMocks();
  });
  chart.lines = true;
  chart.labels = ['9:00', '10:00'];
  chart.series = Array.from({ length: 7 }, (_, i) => ({
    name: `day ${i}`,
    values: [0, 1],
    colour: '#ff0000',
  }));
  Object.assign(chart.style, { display: 'block', width: '600px' });
  document.body.append(chart);
  const labels = () => text.mock.calls.filter(([label]) => label === '9:00');
  await expect
    .poll(() => [labels().length > 0, circle.mock.calls.length > 7])
    .toEqual([true, true]);
  const lowest = Math.max(...circle.mock.calls.map(([, y, radius]) => y + radius));
  for (const [, , y] of labels()) expect(y).toBeGreaterThanOrEqual(lowest);
});
