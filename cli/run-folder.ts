/**
 * A run's temporary folder. Everything that a run leaves on the disk while it works lies in it, or is named in it, so
 * that the next run can remove what a killed one left.
 */
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { servesChromium } from './chromium.mjs';

const PREFIX = 'footpath-run-';
const PARTIAL_LIST = 'partial';
/** Ends the names of files that are not whole yet. */
export const PARTIAL_SUFFIX = '.partial';
/** What programs look up to find the folder for temporary files, on all systems. */
const TEMPORARY = ['TMPDIR', 'TEMP', 'TMP'] as const;

/** Where runs' folders are: the folder for temporary files, and the system's own where its path is too long for Chromium. */
function parentFolder(): string {
  const parent = tmpdir();
  return servesChromium(join(parent, `${PREFIX}XXXXXX`)) ? parent : '/tmp';
}

/** Where a run listens as long as it lives: unlike its number, that is not given to another process later. */
function aliveAddress(folder: string): string {
  return process.platform === 'win32' ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'alive');
}

/** No run takes as long as that: a day, in milliseconds. */
const LONGEST_RUN = 86_400_000;

/** Whether the run of a folder has surely ended. @param since when the folder was made or changed, in Unix milliseconds */
function hasEnded(folder: string, since: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(aliveAddress(folder));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      // A folder without its socket may be one that is just being made, or of a program that could make none.
      const isLost = process.platform === 'win32' || Date.now() - since > LONGEST_RUN;
      resolve(code === 'ECONNREFUSED' || (code === 'ENOENT' && isLost));
    });
  });
}

async function removeLeftover(folder: string): Promise<void> {
  const found = await lstat(folder);
  // The folder for temporary files belongs to all users.
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) return;
  if (!(await hasEnded(folder, found.mtimeMs))) return;
  const partials = await readFile(join(folder, PARTIAL_LIST), 'utf8').catch(() => '');
  for (const path of partials.split('\0')) {
    if (path.endsWith(PARTIAL_SUFFIX)) await rm(path, { force: true, recursive: true });
  }
  // A browser whose run was killed takes a moment to end.
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Removes the folders and unfinished files of runs that were killed; those of living runs and other users stay. */
export async function removeLeftovers(): Promise<void> {
  const parents = [...new Set([tmpdir(), parentFolder()])];
  const found = await Promise.all(
    parents.map(async (parent) => {
      const names = await readdir(parent).catch(() => []);
      return names.filter((name) => name.startsWith(PREFIX)).map((name) => join(parent, name));
    }),
  );
  const folders = found.flat();
  // What cannot be removed now is tried again by the next run.
  await Promise.all(folders.map((folder) => removeLeftover(folder).catch(() => undefined)));
}

/** The folder of this run. */
export class RunFolder {
  /** Absolute; its owner alone may look into it. */
  readonly path: string;
  readonly #alive: Server;
  /** The environment's own folders for temporary files. */
  readonly #before: readonly (readonly [string, string | undefined])[];
  readonly #partials: string[] = [];

  private constructor(
    path: string,
    alive: Server,
    before: readonly (readonly [string, string | undefined])[],
  ) {
    this.path = path;
    this.#alive = alive;
    this.#before = before;
  }

  /**
   * Removes what killed runs left, makes this run's folder, and makes it the one for temporary files of this process
   * and of the programs that it starts.
   * @throws Error that says where no folder can be made
   */
  static async open(): Promise<RunFolder> {
    await removeLeftovers();
    const path = await mkdtemp(join(parentFolder(), PREFIX)).catch((error) => {
      throw new Error(`no temporary folder can be made: ${error.message}`, { cause: error });
    });
    const alive = createServer((socket) => socket.destroy()).unref();
    await new Promise<void>((listening) => {
      // Without its socket, where the path is too long for one, the folder is never taken for a leftover.
      alive.once('error', () => listening());
      alive.listen(aliveAddress(path), listening);
    });
    const before = TEMPORARY.map((name) => [name, process.env[name]] as const);
    for (const name of TEMPORARY) process.env[name] = path;
    return new RunFolder(path, alive, before);
  }

  /** Names a file outside that is not whole yet: it goes with the folder if this run is killed. @throws Error that names the list */
  async adopt(partial: string): Promise<void> {
    this.#partials.push(partial);
    const list = join(this.path, PARTIAL_LIST);
    await writeFile(list, this.#partials.join('\0')).catch((error) => {
      throw new Error(`the temporary file ${list} cannot be written: ${error.message}`, {
        cause: error,
      });
    });
  }

  /** Removes the folder. */
  async close(): Promise<void> {
    for (const [name, value] of this.#before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    this.#alive.close();
    await rm(this.path, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}
