import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The packages that package-lock.json asks for on every system and that are not in node_modules.
 * @param {string} root folder of both
 * @returns {string[]} their names, in the lock's order
 */
export function missingPackages(root) {
  /** @type {{ packages: Record<string, { optional?: boolean }> }} */
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { optional }]) => path.startsWith('node_modules/') && !optional)
    .filter(([path]) => !existsSync(join(root, path, 'package.json')))
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}
