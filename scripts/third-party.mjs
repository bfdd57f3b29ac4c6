/** The licences of what a build contains, by what the bundler put into it: LICENSE, NOTICE and a list of the packages. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const LICENCE_FILE = /^(licen[cs]e|copying)(\.|$)/i;
const NOTICE_FILE = /^(notice|third-?party-?(notices?|licen[cs]es?))(\.|$)/i;

/** Who holds the rights to packages that come without the text of their licence. @type {Record<string, string>} */
const HOLDERS = {
  'onnxruntime-web': 'Copyright (c) Microsoft Corporation',
  seedrandom: 'Copyright 2019 David Bau',
};

/** @param {string} holder */
const mitLicence = (holder) => `MIT License

${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** @typedef {{ name: string, version: string, license?: string, repository?: string | { url?: string }, homepage?: string }} Manifest */

/**
 * The package that a bundled module belongs to.
 * @param {string} id as the bundler names it
 * @returns {string | undefined} its folder; undefined for our own modules and for those that bundlers make up
 */
export function packageOf(id) {
  const file = id.replace(/[?#].*$/, '');
  if (file.startsWith('\0') || !/[\\/]node_modules[\\/]/.test(file)) return undefined;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    // Folders inside of packages have manifests without a name.
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version) return folder;
    if (dirname(folder) === folder) throw new Error(`no package holds ${id}`);
  }
}

/** @param {string} folder @param {Manifest} manifest */
function licenceTexts(folder, { name, license }) {
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file) || NOTICE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length > 0) return texts.join('\n\n');
  if (license === 'Apache-2.0') return readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  const holder = HOLDERS[name];
  if (license === 'MIT' && holder) return mitLicence(holder);
  throw new Error(
    `${name} (${license}) has no text of its licence: say in ${import.meta.filename} who holds the rights`,
  );
}

/** @param {Manifest} manifest */
function address({ name, repository, homepage }) {
  const given = (typeof repository === 'string' ? repository : repository?.url) ?? homepage;
  const url = given
    ?.replace(/^git\+/, '')
    .replace(/^git:/, 'https:')
    .replace(/\.git$/, '');
  return url?.startsWith('http') ? url : `https://www.npmjs.com/package/${name}`;
}

/**
 * The list as text: packages with the same licence text share it.
 * @param {Iterable<string>} folders of packages
 */
export function licenceList(folders) {
  /** @type {Map<string, Set<string>>} */
  const byText = new Map();
  for (const folder of folders) {
    /** @type {Manifest} */
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = licenceTexts(folder, manifest);
    const line = `${manifest.name} ${manifest.version} (${manifest.license}), source: ${address(manifest)}`;
    byText.set(text, (byText.get(text) ?? new Set()).add(line));
  }
  const groups = [...byText].map(([text, lines]) => ({ text, packages: [...lines].sort() }));
  groups.sort((a, b) => (`${a.packages[0]}` < `${b.packages[0]}` ? -1 : 1));
  const rule = '-'.repeat(100);
  const parts = groups.map(({ text, packages }) => `${packages.join('\n')}\n\n${text}`);
  return [
    'Packages that are part of these files, with their licences. Models and samples: see NOTICE.',
    ...parts,
    '',
  ].join(`\n\n${rule}\n\n`);
}

/**
 * Collects the packages of a build, over all its bundles.
 * @returns {{ plugin: () => import('vite').Plugin, write: (folder: string) => void }} `plugin` goes into every bundle,
 *   `write` puts LICENSE, NOTICE and THIRD-PARTY-LICENSES.txt into the build's folder
 */
export function collectLicences() {
  /** @type {Set<string>} */
  const folders = new Set();
  return {
    plugin: () => ({
      name: 'collect-licences',
      generateBundle(_, bundle) {
        for (const output of Object.values(bundle)) {
          const ids = output.type === 'chunk' ? output.moduleIds : output.originalFileNames;
          for (const id of ids) {
            const folder = packageOf(resolve(root, id));
            if (folder) folders.add(folder);
          }
        }
      },
    }),
    write(folder) {
      for (const name of ['LICENSE', 'NOTICE']) {
        writeFileSync(join(folder, name), readFileSync(join(root, name)));
      }
      writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licenceList(folders));
    },
  };
}
