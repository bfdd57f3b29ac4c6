/**
 * Everything a fresh clone needs, on plain Node: packages, model, real sample and, with `--chromium`, a browser for
 * the tests. Says what it does; a second run finds all in place and takes a moment.
 *
 *   node scripts/setup.mjs [--chromium]
 */
import '../cli/require-node.mjs';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findChromium } from '../cli/chromium.mjs';
import { missingPackages } from './missing-packages.mjs';
import { diskFault } from './model/disk-fault.mjs';

const root = resolve(import.meta.dirname, '..');

/** @param {string} text */
function say(text) {
  // Standard output belongs to the command that needed the set-up.
  console.error(`footpath set-up: ${text}`);
}

/**
 * @param {string} problem
 * @param {string} remedy
 * @returns {never}
 */
function fail(problem, remedy) {
  console.error(`footpath set-up: ${problem}\n  What to do: ${remedy}`);
  process.exit(1);
}

/**
 * Runs npm in the project, silent but for its errors.
 * @param {...string} words
 * @returns {boolean} whether it did what was asked
 */
function npm(...words) {
  const { status } = spawnSync('npm', [...words, '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  return status === 0;
}

function installPackages() {
  const stamp = join(root, 'node_modules', '.footpath-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const isInstalled = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
  const [missing] = isInstalled ? missingPackages(root) : [];
  if (isInstalled && missing === undefined) return;
  if (missing !== undefined) say(`the package ${missing} is not there any more.`);
  say('installing packages (npm install), about a minute …');
  // Asked for one package first: without a network npm would try for each of hundreds, silent for a quarter of an hour.
  const reaches = npm('view', 'lit', 'version', '--fetch-retries=1', '--fetch-timeout=30000');
  if (!reaches) say('npm cannot reach its registry; trying with what its cache holds …');
  // Not `npm ci`: it refuses a lock file made where other systems' optional binaries could not be looked up.
  if (!npm('install', '--no-save', '--include=dev', ...(reaches ? [] : ['--offline']))) {
    fail(
      'the packages could not be installed.',
      reaches
        ? 'see what npm printed above; most often a proxy or a full disk is the reason. Then run the command again.'
        : 'connect to the network, or set npm’s "registry" and "proxy" to what it is reached by, and run the command again.',
    );
  }
  const [still] = missingPackages(root);
  if (still !== undefined) {
    fail(
      `the package ${still} is missing, and npm did not install it.`,
      'delete the folder node_modules and run the command again.',
    );
  }
  writeFileSync(stamp, lock);
}

async function prepareModel() {
  try {
    const { prepareModels } = await import('./prepare-model.mjs');
    await prepareModels({ root, log: say });
  } catch (error) {
    fail(
      `the model could not be prepared: ${error instanceof Error ? error.message : error}`,
      diskFault(error) === undefined
        ? 'check the connection to the npm registry and run `npm run setup` again.'
        : 'make room or take another folder, about 1.5 GB in all, and run `npm run setup` again; what came already is kept.',
    );
  }
}

/**
 * Installs a Debian package where that can be done unasked, as root; elsewhere, and where it fails, nothing happens.
 *
 * @param {string} name the package
 * @param {string} what what it is to people
 */
function installDebian(name, what) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  say(`installing ${what} (apt-get install ${name}) …`);
  try {
    execFileSync('apt-get', ['update'], { stdio: 'ignore', timeout: 180_000 });
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', name], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch {
    // Whoever needs it says what is missing.
  }
}

/** What tests the example in deploy/; without it that test is skipped and says so. */
function provideParallel() {
  const found = spawnSync('parallel', ['--version'], { encoding: 'utf8' });
  if (!found.stdout?.includes('GNU parallel'))
    installDebian('parallel', 'GNU parallel, for the test of deploy/');
}

function provideChromium() {
  if (process.env.CHROMIUM_PATH && !findChromium()) {
    fail(
      `CHROMIUM_PATH names no program: ${process.env.CHROMIUM_PATH}`,
      'set it to the path of a Chromium or Chrome, or unset it.',
    );
  }
  if (!findChromium()) installDebian('chromium', 'Chromium');
  const chromium = findChromium();
  if (!chromium) {
    fail(
      'the tests need Chromium or Chrome, and none was found.',
      'install one (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to its program, and run the command again.',
    );
  }
  say(`Chromium: ${chromium}`);
}

installPackages();
await prepareModel();
const { provideRealSample } = await import('./real-sample.mjs');
await provideRealSample({ root, log: say });
if (process.argv.includes('--chromium')) {
  provideChromium();
  provideParallel();
}
