/** Downloads that survive a broken connection, over npm's own way to a registry. */
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import fetchFromRegistry from 'npm-registry-fetch';
import { diskFault } from './disk-fault.mjs';

/** Attempts that bring nothing before it is given up. */
const ATTEMPTS = 3;
/** Milliseconds without a byte after which a connection counts as broken. */
const STALL_MS = 60_000;
/** Milliseconds between two lines of progress. */
const SAY_EVERY_MS = 10_000;

/** @param {string} file */
async function sizeOf(file) {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** @param {string} file @returns {Promise<string>} in the form of package integrity */
async function integrityOf(file) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return `sha512-${hash.digest('base64')}`;
}

/**
 * Tells how much is there and how long the rest takes.
 * @param {number} start bytes that were there before
 * @param {number} total bytes in all; 0 while unknown
 * @param {number} everyMs
 * @param {(line: string) => void} log
 */
function progressLog(start, total, everyMs, log) {
  const began = Date.now();
  let said = began;
  return (/** @type {number} */ size) => {
    const now = Date.now();
    if (now - said < everyMs || size === start) return;
    said = now;
    const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
    const seconds = ((total - size) * (now - began)) / 1000 / (size - start);
    const left = seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
    log(
      total === 0
        ? `  ${megabytes(size)} MB`
        : `  ${megabytes(size)} of ${megabytes(total)} MB, about ${left} left`,
    );
  };
}

/**
 * One request for what is still missing.
 * @param {string} url
 * @param {string} file
 * @param {Record<string, unknown>} npm settings
 * @param {{log: (line: string) => void, stallMs: number, sayEveryMs: number}} options
 * @returns {Promise<boolean>} whether the server says that this is all
 */
async function fetchRest(url, file, npm, { log, stallMs, sayEveryMs }) {
  const have = await sizeOf(file);
  const stall = new AbortController();
  const response = await fetchFromRegistry(url, {
    ...npm,
    // A part of a package is nothing for npm's cache.
    cache: undefined,
    signal: stall.signal,
    headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
  });
  const goesOn = response.headers.get('content-range')?.startsWith(`bytes ${have}-`) ?? false;
  const start = response.status === 206 && goesOn ? have : 0;
  if (start > 0) log(`  going on at ${(start / 1e6).toFixed(1)} MB`);
  const length = Number(response.headers.get('content-length') ?? 0);
  const total = length === 0 ? 0 : start + length;
  const say = progressLog(start, total, sayEveryMs, log);
  let size = start;
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), stallMs);
  };
  wait();
  const { body } = response;
  const out = openSync(file, start > 0 ? 'a' : 'w');
  try {
    await new Promise((done, failed) => {
      body.once('end', done).once('error', failed);
      // Written as it comes: a stream between would lose with the connection what it still holds.
      body.on('data', (/** @type {Buffer} */ chunk) => {
        wait();
        try {
          for (let written = 0; written < chunk.length; ) {
            written += writeSync(out, chunk, written);
          }
        } catch (error) {
          // First: the end of the request is an error of its own, and tells nothing of the disk.
          failed(error);
          stall.abort();
        }
        size += chunk.length;
        say(size);
      });
    });
  } finally {
    clearTimeout(timer);
    closeSync(out);
  }
  return total === 0 || size === total;
}

/**
 * Brings a package to a file. What an interrupted download left in the file is not fetched again.
 * @param {string} url
 * @param {string} file
 * @param {string} integrity `sha512-…` in base64
 * @param {Record<string, unknown>} npm settings
 * @param {{log: (line: string) => void, stallMs?: number, sayEveryMs?: number}} options
 * @throws {Error} of the network; with code EINTEGRITY, and without the file, where the content is another
 */
export async function download(url, file, integrity, npm, { log, ...times }) {
  const options = { log, stallMs: STALL_MS, sayEveryMs: SAY_EVERY_MS, ...times };
  const isResumed = (await sizeOf(file)) > 0;
  for (let failures = 0; (await integrityOfWhole(file)) !== integrity; ) {
    const before = await sizeOf(file);
    try {
      if (await fetchRest(url, file, npm, options)) break;
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      // Nothing lies behind the end: what is there is whole, or is not what it should be.
      if (code === 'E416') break;
      // The registry's own answer does not change by asking again, and no disk is emptied by it.
      if (/^E4\d\d$/.test(code ?? '') || diskFault(error) !== undefined) throw error;
      if ((await sizeOf(file)) <= before && ++failures === ATTEMPTS) throw error;
      continue;
    }
    if ((await sizeOf(file)) <= before && ++failures === ATTEMPTS) break;
  }
  if ((await integrityOfWhole(file)) === integrity) return;
  await rm(file, { force: true });
  // The start may have been damaged while it lay here.
  if (isResumed) return download(url, file, integrity, npm, { log, ...times });
  throw Object.assign(new Error(`${url} has other content than expected`), { code: 'EINTEGRITY' });
}

/** @param {string} file */
async function integrityOfWhole(file) {
  return (await sizeOf(file)) === 0 ? '' : integrityOf(file);
}
