/**
 * A Vite plugin for the app: writes `offline.json`, the list of what a job needs where there is no network, with sizes
 * and checksums. The page fetches it ahead; whatever else is fetched is stored when it is first used.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The default detector, and the sample: nobody needs a video to try. */
const ALWAYS = ['models/nanodet-person', 'samples/footpath-sample.mp4'];
/** Detectors of the user's own, and browsers older than WebCodecs. Hashes follow the names. */
const SELDOM = /^(ort|onnx-network|tfjs-backend-wasm-(?!simd-))|\.map$/;

/** @returns {import('vite').Plugin} */
export function offlineFiles() {
  let outDir = '';
  return {
    name: 'footpath-offline-files',
    apply: 'build',
    configResolved({ root, build }) {
      outDir = resolve(root, build.outDir);
    },
    writeBundle() {
      /** @param {string} path @returns {string[]} */
      const filesOf = (path) =>
        path.includes('.')
          ? [path]
          : readdirSync(join(outDir, path))
              .sort()
              .map((name) => `${path}/${name}`);
      const engine = filesOf('engine').filter((path) => !SELDOM.test(path.slice('engine/'.length)));
      const files = [...engine, ...ALWAYS.flatMap(filesOf)].map((url) => {
        const content = readFileSync(join(outDir, url));
        const sha256 = createHash('sha256').update(content).digest('hex');
        return { url, bytes: content.length, sha256 };
      });
      writeFileSync(join(outDir, 'offline.json'), JSON.stringify(files));
    },
  };
}
