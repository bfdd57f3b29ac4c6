/**
 * The Chromium that the command line works in. It reads videos that nobody vouches for, so it runs in its own sandbox
 * wherever the system allows that, and nothing but this process can be reached from it.
 */
import { spawnSync } from 'node:child_process';
import { access, constants, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { chromiumSettings } from './chromium.mjs';
import { naming } from './output-file.ts';
import { PAGE_HOST, type PageOrigin } from './serve-origin.ts';

/** How Chromium is run. */
export interface IsolatedChromiumOptions {
  readonly executablePath: string;
  /** Folder of the browser's profile; without one nothing of the page is written to the disk. */
  readonly profile?: string;
  /** Folder for temporary files. */
  readonly temporary: string;
  /** The one server that can be reached, as PAGE_HOST. */
  readonly origin: PageOrigin;
  /** Files that the page is given. */
  readonly files?: readonly string[];
  /** Hears that there is no sandbox, and why. */
  readonly log: (text: string) => void;
}

/**
 * Nothing has an address but the page's own origin: no request, no look-up and no proxy leaves this machine. What
 * Chromium asks its maker for by itself, which no flag ends altogether, is asked of that origin, which refuses it.
 */
function isolationFlags(origin: PageOrigin): string[] {
  const own = `http://${PAGE_HOST}/`;
  return [
    `--host-resolver-rules=MAP ${PAGE_HOST} 127.0.0.1:${origin.port}, MAP * ~NOTFOUND`,
    '--no-proxy-server',
    '--dns-prefetch-disable',
    `--component-updater=url-source=${own}`,
    `--gaia-url=${own}`,
    `--google-base-url=${own}`,
    `--google-apis-url=${own}`,
    `--gcm-checkin-url=${own}`,
  ];
}

/** Arguments of util-linux's `unshare` with which a root user is another user to the program behind them. */
const AS_NOBODY = ['--user', '--map-user=65534', '--map-group=65534', '--'];

/** What Chromium, Playwright or `unshare` say where the system allows no sandbox. */
const REFUSED =
  /No usable sandbox|sandboxing failed|Running as root without|move to new namespace|unshare: |Operation not permitted/;

/**
 * A program that starts Chromium with its sandbox. For a root user Chromium has none; in a user namespace, where the
 * same user has another number and no power over the system, it does.
 * @returns the program, or why there is none
 */
async function sandboxedProgram({
  executablePath,
  temporary,
  files = [],
}: IsolatedChromiumOptions): Promise<{ program: string } | { reason: string }> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { program: executablePath };
  const inside = (...command: string[]) => spawnSync('unshare', [...AS_NOBODY, ...command]);
  const { status, error } = inside('true');
  if (error) return { reason: 'a root user needs unshare of util-linux for it, which is not here' };
  if (status !== 0) {
    return {
      reason: 'a root user needs user namespaces for it (unshare --user), which are refused',
    };
  }
  for (const file of files) {
    if (inside('test', '-r', file).status === 0) continue;
    return { reason: `${file} is another user’s, which a sandboxed program may not read` };
  }
  if (inside('test', '-x', executablePath).status !== 0) {
    return { reason: `${executablePath} is another user’s, which a sandboxed program may not run` };
  }
  const program = join(temporary, 'chromium');
  const quoted = `'${executablePath.replaceAll("'", "'\\''")}'`;
  const script = `#!/bin/sh\nexec unshare ${AS_NOBODY.join(' ')} ${quoted} "$@"\n`;
  await naming(program, () => writeFile(program, script, { mode: 0o700 }));
  try {
    // A folder for temporary files may hold no programs; asking Chromium itself would take half a second.
    await access(program, constants.X_OK);
    return { program };
  } catch {
    return { reason: `no program can be started in ${temporary}` };
  }
}

/** A running Chromium. */
export interface IsolatedChromium {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

async function launch(
  program: string,
  chromiumSandbox: boolean,
  { profile, origin }: IsolatedChromiumOptions,
): Promise<IsolatedChromium> {
  const settings = {
    ...chromiumSettings(isolationFlags(origin)),
    executablePath: program,
    chromiumSandbox,
    // Who starts a browser here ends it, too.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  };
  if (profile !== undefined) {
    const context = await chromium.launchPersistentContext(profile, settings);
    return { context, close: () => context.close() };
  }
  const browser = await chromium.launch(settings);
  return { context: await browser.newContext(), close: () => browser.close() };
}

async function launchSandboxed(options: IsolatedChromiumOptions): Promise<IsolatedChromium> {
  const withoutSandbox = (reason: string) => {
    options.log(
      `WARNING: Chromium runs without its sandbox: ${reason}. Track only videos that you trust.`,
    );
    return launch(options.executablePath, false, options);
  };
  const found = await sandboxedProgram(options);
  if ('reason' in found) return withoutSandbox(found.reason);
  try {
    return await launch(found.program, true, options);
  } catch (error) {
    if (!REFUSED.test(String(error))) throw error;
    return withoutSandbox(
      'this system refuses it (user namespaces are off, or a profile of AppArmor or seccomp forbids them)',
    );
  }
}

/**
 * Starts Chromium.
 * @throws Error of Playwright
 */
export async function launchIsolatedChromium(
  options: IsolatedChromiumOptions,
): Promise<IsolatedChromium> {
  const running = await launchSandboxed(options);
  const { cookie } = options.origin;
  await running.context.addCookies([
    { ...cookie, domain: PAGE_HOST, path: '/', httpOnly: true, sameSite: 'Strict' },
  ]);
  return running;
}
