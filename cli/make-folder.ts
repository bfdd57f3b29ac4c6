import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it, where they are missing. Node's own way of doing so tries for ever where a system says that
 * a folder is missing above one that is there, as Linux does below /proc.
 * @throws Error of the system that names the folder
 */
export async function makeFolder(given: string): Promise<void> {
  const path = resolve(given);
  if (await isFolder(path)) return;
  if (!(await isFolder(dirname(path))) && dirname(path) !== path) await makeFolder(dirname(path));
  await mkdir(path).catch(async (error) => {
    // Another command may have made it meanwhile.
    if (!(await isFolder(path))) throw error;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
