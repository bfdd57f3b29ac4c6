/**
 * Refuses a Node that is too old, in words. Imported first, and written as old ones understand it: what is imported behind it ends there
 * in errors of Node's.
 */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [major, minor] = engines.node.match(/\d+/g).map(Number);
const [hasMajor = 0, hasMinor = 0] = process.versions.node.split('.').map(Number);
if (hasMajor < major || (hasMajor === major && hasMinor < minor)) {
  console.error(
    `footpath: Node ${process.versions.node} is too old.\n  What to do: install Node ${major}.${minor} or newer from https://nodejs.org and run the command again.`,
  );
  process.exit(1);
}
