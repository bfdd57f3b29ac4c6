import { readFile } from 'node:fs/promises';
import { MotDataError } from '../src/metrics/mot-text.ts';

/** The bytes of a file, or undefined where there is none. @throws MotDataError where there is one that cannot be read */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new MotDataError(`${path}: this file cannot be read.`, { cause: error });
  });
}
