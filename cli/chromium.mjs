/** Where a Chromium is and how the tests and the command line start it. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const MAC_APPS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const WINDOWS_APPS = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].map((name) =>
  join(process.env[name] ?? '', 'Google/Chrome/Application/chrome.exe'),
);

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of a Chromium: CHROMIUM_PATH, else the first known name on PATH, else the usual places of macOS and Windows.
 * @returns {string | undefined}
 */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return isExecutable(named) ? named : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = [
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(process.platform === 'darwin' ? MAC_APPS : []),
    ...(process.platform === 'win32' ? WINDOWS_APPS : []),
  ];
  return candidates.find(isExecutable);
}

/**
 * What to say where `findChromium` finds none, and what helps.
 * @returns {string}
 */
export function chromiumMissing() {
  const named = process.env.CHROMIUM_PATH;
  return named
    ? `CHROMIUM_PATH names no program that can be run: ${named}. Set it to that of a Chromium or Chrome, or unset it.`
    : 'no Chromium or Chrome was found. Install one, or set CHROMIUM_PATH to its program.';
}

/** Linux's longest address of a socket, in bytes (`sun_path` of unix(7), less the 0 that ends it). */
const LONGEST_SOCKET = 107;
/** Where Chromium listens, below the folder for temporary files: it does not start where that is too long. */
const SOCKET = 'org.chromium.Chromium.XXXXXX/SingletonSocket';

/**
 * Whether Chromium starts with a folder for temporary files.
 * @param {string} folder
 * @returns {boolean}
 */
export function servesChromium(folder) {
  return process.platform !== 'linux' || Buffer.byteLength(join(folder, SOCKET)) <= LONGEST_SOCKET;
}

/** Whether the locale's characters are UTF-8: one may be named so (by the terminal of another machine, say) that is not on this one. */
function isUtf8() {
  return /utf-?8/i.test(spawnSync('locale', ['charmap'], { encoding: 'utf8' }).stdout ?? '');
}

/**
 * The environment for Chromium. Where the locale's characters are not UTF-8, as in a container that has none, it would find no file whose
 * name has others than ASCII's; where the path of the folder for temporary files is long, it would not start.
 * @returns {NodeJS.ProcessEnv}
 */
function chromiumEnvironment() {
  if (process.platform !== 'linux') return process.env;
  const { TMPDIR } = process.env;
  return {
    ...process.env,
    ...(!isUtf8() && { LC_ALL: 'C.UTF-8' }),
    ...(TMPDIR && !servesChromium(TMPDIR) && { TMPDIR: '/tmp' }),
  };
}

/** What Chromium does without here. Playwright's flag of this name is replaced, so its features are here as well. */
export const DISABLED_FEATURES = [
  // Loaded beside every window for an address line that nobody sees: half of what a start costs.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Playwright's, of version 1.65: they ask other machines for something, or get into a page's way.
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'ThirdPartyStoragePartitioning',
];

/**
 * Flags for a headless Chromium that stays quiet on the network and offers WebGPU, in software where there is no GPU.
 * Whether it has its sandbox is said by Playwright's `chromiumSandbox`.
 */
const FLAGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu-watchdog',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  // Of several such flags the last counts alone: the second feature is one of Playwright's.
  '--enable-features=Vulkan,SkipListAccountsWithoutGaiaCookies',
  `--disable-features=${DISABLED_FEATURES.join()}`,
];

/**
 * How every Chromium is started here, for Playwright: the one of `findChromium`, else Playwright's own.
 * @param {readonly string[]} [flags] besides those of every Chromium
 * @returns {{ executablePath?: string, args: string[], env: NodeJS.ProcessEnv }}
 */
export function chromiumSettings(flags = []) {
  const executablePath = findChromium();
  return {
    ...(executablePath === undefined ? {} : { executablePath }),
    args: [...FLAGS, ...flags],
    env: chromiumEnvironment(),
  };
}
