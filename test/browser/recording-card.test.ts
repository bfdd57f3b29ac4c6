/** When a video begins, as somebody types it, in real Chromium. */
import { expect, onTestFinished, test } from 'vitest';
import '../../src/app/counting/recording-card.ts';

test('the years that a year goes through while it is typed are not taken for the clock', async () => {
  const card = document.createElement('recording-card');
  card.recording = { camera: 'Door', startsAt: null, clockFrom: 'nowhere' };
  const given: string[] = [];
  card.addEventListener('clock-change', (event) =>
    given.push((event as CustomEvent<string>).detail.slice(0, 19)),
  );
  document.body.append(card);
  onTestFinished(() => card.remove());
  await card.updateComplete;
  const input = card.shadowRoot!.querySelector<HTMLInputElement>('input[type=datetime-local]')!;
  for (const year of ['0002', '0020', '0202', '2026']) {
    input.value = `${year}-03-01T09:00:00`;
    input.dispatchEvent(new Event('change'));
  }
  expect(given).toEqual(['2026-03-01T09:00:00']);
  // A year that was left at two figures does not stay to be seen.
  input.value = '0026-03-01T09:00:00';
  input.dispatchEvent(new Event('change'));
  input.dispatchEvent(new Event('blur'));
  expect(input.value).toBe('');
  expect(given).toHaveLength(1);
});
