/** A chart of counts and its table, in real Chromium. */
import { expect, test } from 'vitest';
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
  chart.labels = ['Mon'];
  chart.series = [{ name: 'in', values: [1], colour: 'var(--accent)' }];
  await expect.poll(foot).toEqual([]);
  chart.remove();
});
