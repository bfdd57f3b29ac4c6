import { expect, test, vi } from 'vitest';
import { chromiumMissing, chromiumSettings, findChromium } from '../../cli/chromium.mjs';

test.skipIf(process.platform !== 'linux')(
  'however Chromium is started, it reads names of files as UTF-8',
  () => {
    // The last is of no machine: what a terminal names need not be installed.
    for (const locale of ['C', 'xx_XX.UTF-8']) {
      vi.stubEnv('LC_ALL', locale);
      expect(chromiumSettings().env.LC_ALL).toBe('C.UTF-8');
    }
    vi.stubEnv('LC_ALL', 'C.utf8');
    expect(chromiumSettings(['--mute-audio'])).toMatchObject({
      args: expect.arrayContaining(['--mute-audio']),
      env: { LC_ALL: 'C.utf8' },
    });
  },
);

test.skipIf(process.platform !== 'linux')(
  'however Chromium is started, its folder for temporary files has a path that it can listen in',
  () => {
    vi.stubEnv('TMPDIR', '/var/tmp');
    expect(chromiumSettings().env.TMPDIR).toBe('/var/tmp');
    // Two bytes a letter.
    vi.stubEnv('TMPDIR', `/${'ü'.repeat(32)}`);
    expect(chromiumSettings().env.TMPDIR).toBe('/tmp');
  },
);

test('where a path was named that is no program, its owner is told so, and not to name one', () => {
  vi.stubEnv('CHROMIUM_PATH', '/nowhere/chrome');
  expect(findChromium()).toBeUndefined();
  expect(chromiumMissing()).toContain('/nowhere/chrome');
  vi.stubEnv('CHROMIUM_PATH', '');
  expect(chromiumMissing()).toMatch(/^no Chromium or Chrome was found/);
});
