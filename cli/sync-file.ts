import { fsync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Waits until what was written is on the disk. By the file's number, as the handles of Yarn's Plug'n'Play have no `sync`. */
export function syncFile({ fd }: FileHandle): Promise<void> {
  return promisify(fsync)(fd);
}
