/** The app's second sample, a real scene: fetched once at set-up, checked, and done without when offline. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sample = {
  file: 'one-by-one-person-detection.mp4',
  title: 'People passing one by one',
  credit: 'intel-iot-devkit, sample-videos',
  licence: 'CC BY 4.0',
  href: 'https://github.com/intel-iot-devkit/sample-videos',
};
const address =
  'https://raw.githubusercontent.com/intel-iot-devkit/sample-videos/57978890822836f2b4743852f04f62fc511757e4/one-by-one-person-detection.mp4';
const sha256 = 'a5964aa259099a482a8b360ffc2c57b5a30f84d5919236a4dad01f8e929ac07c';
const patienceMs = 15_000;

/** @param {Uint8Array} bytes */
const isIntact = (bytes) => createHash('sha256').update(bytes).digest('hex') === sha256;

/** @returns {Promise<Uint8Array | undefined>} */
async function fetchSample() {
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(patienceMs) });
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts the clip and its credit under public/samples/real, from FOOTPATH_SAMPLE (a local copy) or its public address.
 * Silent when it cannot be had: the app then offers its own sample alone.
 * @param {{ root: string, log: (text: string) => void }} options
 */
export async function provideRealSample({ root, log }) {
  const folder = join(root, 'public', 'samples', 'real');
  const target = join(folder, sample.file);
  if (existsSync(target) && isIntact(readFileSync(target))) return;
  const local = process.env.FOOTPATH_SAMPLE;
  const bytes = local && existsSync(local) ? readFileSync(local) : await fetchSample();
  if (!bytes) return;
  if (!isIntact(bytes)) {
    log(`${local ?? address} is not the expected clip (SHA-256 differs): left out.`);
    return;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(target, bytes);
  writeFileSync(join(folder, 'sample.json'), `${JSON.stringify(sample, null, 2)}\n`);
  log('real sample in place.');
}
