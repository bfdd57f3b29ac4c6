/**
 * A Vite plugin for the app: writes `offline.json`, the list of what the service worker keeps beside the shell, with sizes
 * and checksums. What a job needs where there is no network is fetched ahead, the rest kept when it is first used.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

/** Where such files lie. */
const FOLDERS = ['engine', 'models', 'samples'];
/** The default detector, the threads, and the sample: nobody needs a video to try. */
const AHEAD = /^(engine\/|models\/nanodet-person\/|samples\/footpath-sample\.mp4$)/;
/** Detectors of the user's own, browsers older than WebCodecs, and the command line's thread. Hashes follow the names. */
const SELDOM = /^engine\/(ort|onnx-network|detect\.worker|tfjs-backend-wasm-(?!simd-))/;

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
      const found = FOLDERS.flatMap((folder) =>
        readdirSync(join(outDir, folder), { recursive: true, withFileTypes: true }),
      );
      const urls = found
        .filter((file) => file.isFile() && !file.name.endsWith('.map'))
        .map((file) => relative(outDir, join(file.parentPath, file.name)).replaceAll(sep, '/'));
      const files = urls.sort().map((url) => {
        const content = readFileSync(join(outDir, url));
        const sha256 = createHash('sha256').update(content).digest('hex');
        const ahead = AHEAD.test(url) && !SELDOM.test(url);
        return { url, bytes: content.length, sha256, ...(ahead && { ahead }) };
      });
      writeFileSync(join(outDir, 'offline.json'), JSON.stringify(files));
    },
  };
}
