/** The custom elements manifest of the package (custom-elements.json): what editors and wrappers read of the elements. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
// @ts-expect-error: its types leave out what its main module exports
import { create, ts } from '@custom-elements-manifest/analyzer';
// @ts-expect-error: a part without types
import { litPlugin } from '@custom-elements-manifest/analyzer/src/features/framework-plugins/lit/lit.js';

const root = resolve(import.meta.dirname, '..');

/** Elements that pages write, by tag. Their parts are an inner matter. */
const ELEMENTS = {
  'footpath-tracker': 'src/element/tracker/footpath-tracker.ts',
  'footpath-viewer': 'src/element/path-viewer.ts',
};

/**
 * Writes the manifest, with the paths of the built library.
 * @param {string} file
 * @throws Error when an element is not described
 */
export function writeCustomElements(file) {
  const modules = Object.values(ELEMENTS).map((path) =>
    ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.ES2022, true),
  );
  const found = create({ modules, plugins: litPlugin(), context: { dev: false } }).modules;
  const classes = Object.keys(ELEMENTS).map((tagName, i) => {
    const declared = found[i]?.declarations?.find((/** @type {any} */ one) => one.kind === 'class');
    if (!declared) throw new Error(`${tagName} is not described`);
    return describe(declared, tagName);
  });
  const manifest = {
    schemaVersion: '1.0.0',
    readme: 'docs/element.md',
    modules: [
      {
        kind: 'javascript-module',
        path: 'dist/lib/element.js',
        declarations: classes,
        exports: classes.map(({ name }) => ({
          kind: 'js',
          name,
          declaration: { name, module: 'dist/lib/element.js' },
        })),
      },
      {
        kind: 'javascript-module',
        path: 'dist/lib/element-define.js',
        declarations: [],
        exports: classes.map(({ name, tagName }) => ({
          kind: 'custom-element-definition',
          name: tagName,
          declaration: { name, module: 'dist/lib/element.js' },
        })),
      },
    ],
  };
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
}

/**
 * A class as pages may use it: without what is Lit's or private.
 * @param {any} declared
 * @param {string} tagName
 */
function describe(declared, tagName) {
  const members = (declared.members ?? []).filter(
    (/** @type {any} */ { name, privacy, static: isStatic }) =>
      !isStatic &&
      privacy !== 'private' &&
      privacy !== 'protected' &&
      !name.startsWith('#') &&
      !LIFE_CYCLE.includes(name),
  );
  const isInner = (/** @type {any} */ { fieldName }) =>
    fieldName !== undefined && !members.some((/** @type {any} */ { name }) => name === fieldName);
  const attributes = (declared.attributes ?? []).filter((/** @type {any} */ it) => !isInner(it));
  return {
    ...declared,
    members,
    attributes,
    superclass: { name: 'LitElement', package: 'lit' },
    tagName,
    customElement: true,
  };
}

const LIFE_CYCLE = ['willUpdate', 'updated', 'render', 'scheduleUpdate', 'language', 'languages'];
