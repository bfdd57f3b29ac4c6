/** Files that a command writes: beside their place first, and there in one step when they are whole. */

import { randomBytes } from 'node:crypto';
import {
  copyFile,
  type FileHandle,
  open,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { messageOf } from '../src/contract/message-of.ts';
import { PARTIAL_SUFFIX, type RunFolder } from './run-folder.ts';
import { syncFile } from './sync-file.ts';

/** Where a result goes by `--out`: `-` is the standard output, as where nothing is said. */
export function outputPath(out: string | undefined): string | undefined {
  return out === '-' ? undefined : out;
}

/** Where a path leads in the end: through links, also through one that leads to nothing yet. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const target = await readlink(path).catch(() => undefined);
    return target === undefined ? resolve(path) : resolve(dirname(path), target);
  }
}

/** Whether two paths are one file: by another spelling, in other letters, by a symbolic or a hard link. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map((path) => stat(path, { bigint: true }).catch(() => undefined)),
  );
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

/**
 * Writes a file in one step: until it is whole, what lies in its place stays as it was.
 * @throws Error where it cannot be written
 */
export async function writeWhole(path: string, text: string, run: RunFolder): Promise<void> {
  const out = await OutputFile.open(path, run);
  try {
    await out.write(text);
    await out.keep();
  } catch (error) {
    await out.discard();
    throw error;
  }
}

/** @throws Error that names the path, where `write` throws one: that of a full disk says of no file */
export async function naming<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    throw new Error(`${path} cannot be written: ${messageOf(error)}`, { cause: error });
  }
}

/** A file that is being written. Until it is kept, what lies in its place stays as it was. */
export class OutputFile {
  /** Absolute, behind all links. */
  readonly path: string;
  /** Whether a file lies there already. */
  readonly isThere: boolean;
  readonly #file: FileHandle;
  /** Undefined where the place is no regular file, such as a terminal: that is written to straight away. */
  readonly #partial: string | undefined;

  private constructor(path: string, isThere: boolean, file: FileHandle, partial?: string) {
    this.path = path;
    this.isThere = isThere;
    this.#file = file;
    this.#partial = partial;
  }

  /** @throws Error that names the path, where nothing can be written there */
  static async open(path: string, run: RunFolder): Promise<OutputFile> {
    return naming(path, () => OutputFile.#open(path, run));
  }

  static async #open(path: string, run: RunFolder): Promise<OutputFile> {
    const place = await placeOf(path);
    const found = await stat(place).catch(() => undefined);
    if (found && !found.isFile()) return new OutputFile(place, false, await open(place, 'w'));
    // Asked of the file itself: who may not write it shall not replace it either.
    if (found) await (await open(place, 'r+')).close();
    const name = `.${basename(place)}.${randomBytes(6).toString('hex')}${PARTIAL_SUFFIX}`;
    const mode = found ? found.mode & 0o777 : 0o666;
    const make = async (partial: string) => {
      await run.adopt(partial);
      return new OutputFile(place, found !== undefined, await open(partial, 'wx', mode), partial);
    };
    try {
      return await make(join(dirname(place), name));
    } catch (error) {
      // A file may be open to writing in a folder that is not.
      if (!found) throw error;
      return make(join(run.path, name));
    }
  }

  /** Appends text. @throws Error that names the path */
  async write(text: string): Promise<void> {
    await naming(this.path, () => this.#file.appendFile(text));
  }

  /** Puts the file in its place, or in another one beside it. @throws Error that names the path */
  async keep(path = this.path): Promise<void> {
    await naming(path, () => this.#keep(path));
  }

  async #keep(path: string): Promise<void> {
    if (this.#partial === undefined) return this.#file.close();
    await syncFile(this.#file);
    await this.#file.close();
    try {
      await rename(this.#partial, path);
    } catch {
      // On another disk, or mounted there by itself.
      await copyFile(this.#partial, path);
      await rm(this.#partial, { force: true });
    }
  }

  /** Where something goes that must not take the place: `people.json` becomes `people.failed.json`. */
  besides(word: string): string {
    const extension = extname(this.path);
    return `${this.path.slice(0, this.path.length - extension.length)}.${word}${extension}`;
  }

  /** Ends without a trace. */
  async discard(): Promise<void> {
    await this.#file.close().catch(() => undefined);
    if (this.#partial !== undefined) await rm(this.#partial, { force: true });
  }
}
