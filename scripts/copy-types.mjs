/** The library's types: what its entries need, and nothing of the rest. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
/** Lit is bundled, so nobody has its types: what the elements' own need of them lies in the package. */
const LIT_IMPORT =
  /((?:from |import\()')lit(?:-html|-element)?(?=')|((?:from |import\()")lit(?:-html|-element)?(?=")/g;
const LIT_TYPES = join(root, 'types/lit.js');
const LOCAL_IMPORT = /((?:from |import\()')(\.[^']+)\.ts(?=')/g;

/**
 * Writes the declarations of entries and of all that they import.
 * @param {string[]} entries source files under `src`
 * @param {string} folder where they go, in the folders of the sources
 * @throws Error with the compiler's words when the sources do not compile
 */
export function copyTypes(entries, folder) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const run = spawnSync(process.execPath, [compiler, '-b', 'tsconfig.browser.json'], { cwd: root });
  if (run.status !== 0) throw new Error(`the types do not compile:\n${run.stdout}${run.stderr}`);
  const declarations = join(root, 'dist/types');
  const sources = join(declarations, 'src');
  const open = entries.map((entry) =>
    join(declarations, relative(root, entry)).replace(/\.ts$/, '.d.ts'),
  );
  const done = new Set(open);
  for (const file of open) {
    const target = join(folder, relative(sources, file));
    mkdirSync(dirname(target), { recursive: true });
    // Compilers before 5.0, and some still, do not take the sources' own ending.
    const text = readFileSync(file, 'utf8').replaceAll(LOCAL_IMPORT, (_, before, path) => {
      const imported = join(dirname(file), `${path}.d.ts`);
      if (!done.has(imported)) open.push(imported);
      done.add(imported);
      return `${before}${path}.js`;
    });
    const lit = relative(dirname(target), LIT_TYPES).replaceAll('\\', '/');
    writeFileSync(
      target,
      text.replaceAll(LIT_IMPORT, (_, single, double) => `${single ?? double}${lit}`),
    );
  }
}
