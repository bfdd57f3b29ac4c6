import { Failure } from '../contract/failure.ts';

/** What puts the files of threads and models where they are looked for. */
export const COPY_ASSETS =
  'Run "npx footpath copy-assets DIR", DIR being the folder that your server shows at the address given as "assets"; in a checkout of Footpath "npm run setup".';

/** Types under which browsers run scripts, and the one of WebAssembly. */
const RUNNABLE = /\b(java|ecma)script\b|^application\/wasm\b/i;
/** A server has so long for each answer. */
const PATIENCE_MS = 10_000;

/** A Failure for a file of the engine that cannot be used. @param why a verb and its object: what is wrong with it */
export function engineFileUnfit(file: URL | string, why: string, cause?: unknown): Failure {
  const message = `Footpath's file ${new URL(file, location.href).href} ${why}. ${COPY_ASSETS}`;
  return new Failure('engine-missing', message, cause);
}

/**
 * Looks why a thread did not start, or not to its end: browsers tell nothing but that some file did not load. Asks for
 * the thread's own file and for those listed beside it (`files.json`, written by the build).
 * @param thread address of a script in the engine's folder
 * @returns Failure `engine-missing` naming the first file that is missing or of no use; undefined when all are in
 *   order, and when the server does not answer, which is no word on its files
 */
export async function whyEngineFails(thread: URL | string): Promise<Failure | undefined> {
  const own = new URL(thread, location.href);
  const unfit = await whyUnfit(own);
  if (unfit) return unfit;
  const list = (await ask(new URL('files.json', own))
    .then((answer) => (answer?.ok ? answer.json() : undefined))
    .catch(() => undefined)) as { files?: string[] } | undefined;
  const all = await Promise.all((list?.files ?? []).map((name) => whyUnfit(new URL(name, own))));
  return all.find((failure) => failure !== undefined);
}

async function whyUnfit(file: URL): Promise<Failure | undefined> {
  const answer = await ask(file);
  if (!answer || answer.status >= 500) return undefined;
  const { ok, status, headers } = answer;
  await answer.body?.cancel();
  if (!ok) return engineFileUnfit(file, `is missing (HTTP ${status})`);
  const type = headers.get('content-type') ?? 'no type';
  // Servers of single-page apps answer with their page whatever is asked for.
  if (!RUNNABLE.test(type)) {
    return engineFileUnfit(file, `is missing: the server answers with something else (${type})`);
  }
  const policy = 'Cross-Origin-Embedder-Policy';
  if (globalThis.crossOriginIsolated && !headers.has(policy)) {
    return new Failure(
      'engine-missing',
      `Footpath's file ${file.href} comes without the header ${policy}, which this page asks of it: its server must send it along.`,
    );
  }
  return undefined;
}

/** @returns undefined when there is no answer */
function ask(file: URL): Promise<Response | undefined> {
  // Not what a cache would answer, the service worker's included.
  const init = { cache: 'reload', signal: AbortSignal.timeout(PATIENCE_MS) } as const;
  return fetch(file, init).catch(() => undefined);
}
