/** Where the network that knows people again comes from: Open Model Zoo, fetched once at set-up, done without when offline. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fetchFromRegistry from 'npm-registry-fetch';

const NAME = 'person-reidentification-retail-0288';
/** Milliseconds that a file may take: it can be done without. */
const PATIENCE_MS = 15_000;

/** What it is, for its manifest. */
export const REIDENTIFICATION = {
  name: NAME,
  release: 'Open Model Zoo 2023.0',
  address: `https://storage.openvinotoolkit.org/repositories/open_model_zoo/2023.0/models_bin/1/${NAME}/FP32/${NAME}`,
  licence: 'Apache-2.0',
  /**
   * Distances of a person from themselves and of two people, as the manifest has them: `short` two seconds later, `long` on
   * another visit.
   */
  spreads: {
    short: { median: 0.38, deviation: 0.125 },
    long: { median: 0.6, deviation: 0.125 },
    different: { median: 0.9, deviation: 0.075 },
  },
  /** SHA-384 of each file, as published. */
  files: {
    [`${NAME}.xml`]:
      '25082c8e783ad358396039d6c3969f9d862512de0cd3dd87b23c2e5790fabc64e288336e5d42369fcc4c347be15c19f2',
    [`${NAME}.bin`]:
      'ffc5956253b60f9fac52189976a2ceba2b69288715b35caeff05238840b6e87dcc314d777b612c54d55d976988d6b9d9',
  },
};

/**
 * By the proxy and with the certificates that npm is set to, as everything that set-up fetches.
 * @param {string} url
 * @param {Record<string, unknown>} npm settings
 * @returns {Promise<Uint8Array | undefined>}
 */
async function fetchFile(url, npm) {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const own = { cache: undefined, signal, retry: { retries: 0 } };
    const answer = await fetchFromRegistry(url, { ...npm, ...own });
    return new Uint8Array(await answer.buffer());
  } catch {
    return undefined;
  }
}

/**
 * The network's files: those fetched before, those of the folder that FOOTPATH_REID names, or those at its public address.
 * Silent where none can be had: people are then known again by the colours of their clothes.
 * @param {{cache: string, log: (line: string) => void, npm: Record<string, unknown>, offline?: boolean | undefined, address?: string}} options `cache`:
 *   folder that keeps what was fetched; `npm`: settings, see {@link import('./npm-settings.mjs').readNpmSettings}; `address`: without `.xml` and `.bin`
 * @returns {Promise<Map<string, Uint8Array> | undefined>} contents by name: the graph, then the weights
 */
export async function fetchReidentification({
  cache,
  log,
  npm,
  offline,
  address = REIDENTIFICATION.address,
}) {
  const folder = join(cache, NAME);
  const local = process.env.FOOTPATH_REID;
  /** @type {Map<string, Uint8Array>} */
  const files = new Map();
  for (const [name, hash] of Object.entries(REIDENTIFICATION.files)) {
    /** @param {Uint8Array | undefined} bytes */
    const isWhole = (bytes) =>
      bytes !== undefined && createHash('sha384').update(bytes).digest('hex') === hash;
    const kept = await readFile(join(folder, name)).catch(() => undefined);
    if (kept && isWhole(kept)) {
      files.set(name, kept);
      continue;
    }
    const from = local ? join(local, name) : `${address}${name.slice(NAME.length)}`;
    const bytes = local
      ? await readFile(from).catch(() => undefined)
      : offline
        ? undefined
        : await fetchFile(from, npm);
    if (!bytes) {
      if (local) log(`${from} cannot be read: people are known again by colours.`);
      return undefined;
    }
    if (!isWhole(bytes)) {
      log(`${from} is not the expected file (SHA-384 differs): people are known again by colours.`);
      return undefined;
    }
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${name}.partial`), bytes);
    await rename(join(folder, `${name}.partial`), join(folder, name));
    files.set(name, bytes);
  }
  return files;
}
