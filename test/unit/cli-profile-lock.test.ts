import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { untilProfileIsFree } from '../../cli/profile-lock.ts';

test('a profile that another browser holds is waited for no longer where the clock is set back meanwhile', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'footpath-profile-'));
  onTestFinished(() => rmSync(profile, { recursive: true, force: true }));
  symlinkSync(`host-${process.pid}`, join(profile, 'SingletonLock'));
  let [wallMs, passedMs] = [1e12, 0];
  vi.spyOn(Date, 'now').mockImplementation(() => {
    wallMs -= 3_600_000;
    return wallMs;
  });
  vi.spyOn(performance, 'now').mockImplementation(() => {
    passedMs += 3000;
    return passedMs;
  });
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  await expect(untilProfileIsFree(profile)).resolves.toBeUndefined();
});
