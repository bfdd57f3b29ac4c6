/** Builds the app when it is stale, serves it on this machine alone and opens it. PORT picks the port (default 8710). */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { serveStatic } from '../cli/serve-static.mjs';
import { ensureBuilt } from './build.mjs';

const root = resolve(import.meta.dirname, '..');
const port = Number(process.env.PORT ?? 8710);

/** @param {string} url */
function open(url) {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  if (!program || process.env.CI || process.env.BROWSER === 'none') return;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

await ensureBuilt(['app', 'cli'], (text) => console.log(text));
try {
  const { url } = await serveStatic(resolve(root, 'dist/app'), { port });
  console.log(`\nFootpath is at ${url}\nEverything runs in your browser; Ctrl-C ends the server.`);
  open(url);
} catch (error) {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  console.error(
    taken
      ? `Port ${port} is taken. Choose another one: PORT=8711 npm start`
      : `Could not serve: ${error}`,
  );
  process.exit(1);
}
