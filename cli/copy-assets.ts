import { copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeFolder } from './make-folder.ts';
import { give, tell } from './tell.ts';

const APP = fileURLToPath(new URL('../app', import.meta.url));

const USAGE = `Usage: footpath copy-assets DIR

Copies what a page needs beside the library, the threads' files (engine/) and the people finders (models/), into DIR,
which is made where it does not exist: a folder that your web server shows as it is, for example public/footpath. Give
its address to the library: createPersonTracking({ assets: '/footpath/' }). Run it again after each update: files of an
older release that are no longer needed are removed, others in DIR are left alone.

Exit codes: 0 done, 1 failed, 2 wrong usage.
`;

/** Licences that go with the files. */
const NOTICES = ['LICENSE', 'NOTICE', 'THIRD-PARTY-LICENSES.txt'];
const ENGINE_LIST = 'engine/files.json';

/** The engine's list of files, see vite.config.ts. Names that would leave the folder are not of ours. */
async function engineFiles(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, ENGINE_LIST), 'utf8').catch(() => '{}');
  let listed: unknown;
  try {
    listed = (JSON.parse(text) as { files?: unknown }).files;
  } catch {
    return [];
  }
  const names = Array.isArray(listed) ? listed : [];
  return names
    .filter((name): name is string => typeof name === 'string' && /^[\w-][\w.-]*$/.test(name))
    .map((name) => `engine/${name}`);
}

async function filesBelow(folder: string, prefix: string): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/**
 * Runs `footpath copy-assets`.
 * @returns the exit code: 0 done, 1 failed, 2 wrong usage
 */
export async function copyAssets(args: string[]): Promise<number> {
  let target: string;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const [folder] = positionals;
    if (!folder || positionals.length > 1) throw new Error('exactly one folder must be named');
    target = resolve(folder);
  } catch (error) {
    tell(`footpath copy-assets: ${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  try {
    const { files, bytes } = await copyInto(target);
    give(
      `${files} files (${Math.round(bytes / 1e6)} MB) are in ${target}. Give the library that folder's address: createPersonTracking({ assets: … }).\n`,
    );
    return 0;
  } catch (error) {
    tell(`footpath copy-assets: ${target}: ${(error as Error).message}\n`);
    return 1;
  }
}

async function copyInto(target: string): Promise<{ files: number; bytes: number }> {
  if (target === APP) throw new Error('is where the files are copied from');
  const engine = await engineFiles(APP);
  if (engine.length === 0) throw new Error(`this installation is not whole: no ${ENGINE_LIST}`);
  // The list goes last: it stands for what is there.
  const files = [...(await filesBelow(APP, 'models')), ...NOTICES, ...engine, ENGINE_LIST];
  const older = await engineFiles(target);
  let bytes = 0;
  for (const file of files) {
    await makeFolder(join(target, dirname(file)));
    await copyFile(join(APP, file), join(target, file));
    bytes += (await stat(join(target, file))).size;
  }
  for (const file of older) {
    if (!engine.includes(file)) await rm(join(target, file), { force: true });
  }
  return { files: files.length, bytes };
}
