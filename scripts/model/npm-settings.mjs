/** What npm is set to on this machine, as npm itself reads it. */
import { dirname, resolve } from 'node:path';
import Config from '@npmcli/config';
import npmDefinitions from '@npmcli/config/lib/definitions/index.js';

/** npm's own folder, whose settings hold for all users. */
function npmFolder() {
  const { npm_execpath: program } = process.env;
  if (program) return dirname(dirname(program));
  const beside = process.platform === 'win32' ? 'node_modules/npm' : '../lib/node_modules/npm';
  return resolve(dirname(process.execPath), beside);
}

/**
 * Registries (of scopes too), tokens, proxy, certificates, retries: from the environment and from the npmrc files of the
 * project, the user and the machine.
 * @param {string} root folder of the project
 * @returns {Promise<Record<string, unknown>>} as the options of npm's libraries
 */
export async function readNpmSettings(root) {
  const { definitions, flatten, shorthands } = npmDefinitions;
  const config = new Config({
    npmPath: npmFolder(),
    definitions,
    flatten,
    shorthands,
    // Without the project's folder as prefix: npm would look below that for the settings of all users.
    argv: [process.execPath, 'npm'],
    // npm writes what it read into the environment of the scripts that it starts; these are none of them.
    env: { ...process.env },
    cwd: root,
  });
  await config.load();
  return config.flat;
}
