import { runnerImport } from 'vite';

/**
 * Puts the bytes of a WebAssembly module of ours where the functions are imported that write it: a build runs them once, in place of
 * every thread of every page.
 * @returns {import('vite').Plugin}
 */
export function writtenModules() {
  return {
    name: 'written-modules',
    async load(id) {
      if (!id.endsWith('/written-module.ts')) return undefined;
      const { module } = await runnerImport(id, { configFile: false, logLevel: 'error' });
      const { writtenModule } = /** @type {{ writtenModule: () => Uint8Array }} */ (module);
      const text = Buffer.from(writtenModule()).toString('base64');
      return `const text = '${text}';
export const writtenModule = () => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));`;
    },
  };
}
