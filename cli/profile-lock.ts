/** Who works in a folder with a browser's profile: one browser at a time. */
import { readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** In a profile: Chromium's own lock, a link to `HOST-PID`. */
const LOCK = 'SingletonLock';

/** How long a browser of an earlier run may take to end. */
const PROFILE_WAIT_MS = 10_000;

/** What Chromium says where another one holds the profile. */
const IN_USE = /ProcessSingleton|profile appears to be in use/;

/** Who holds a profile; nobody where there is no such lock. */
async function ownerOf(profile: string): Promise<{ host: string; pid: number }> {
  const owner = await readlink(join(profile, LOCK)).catch(() => '');
  const cut = owner.lastIndexOf('-');
  return { host: owner.slice(0, Math.max(0, cut)), pid: Number(owner.slice(cut + 1)) };
}

/** Waits while another Chromium holds the profile: one whose server was killed takes a moment to notice. */
export async function untilProfileIsFree(profile: string): Promise<void> {
  const waitUntil = performance.now() + PROFILE_WAIT_MS;
  while (performance.now() < waitUntil) {
    const { pid } = await ownerOf(profile);
    if (!(pid > 0)) return;
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(200);
  }
}

/**
 * What a browser that did not start is to be blamed for: one that another host holds, it never takes over, not even of a
 * container that was killed.
 * @param error of its start
 */
export async function whyNotStarted(error: unknown, profile: string): Promise<unknown> {
  if (!IN_USE.test(String(error))) return error;
  const { host, pid } = await ownerOf(profile);
  return new Error(
    `${profile} is in use by process ${pid} on ${host}. End that, or choose another folder with --state. ` +
      `If it was killed together with its computer or container, remove ${join(profile, LOCK)} and start again.`,
  );
}
