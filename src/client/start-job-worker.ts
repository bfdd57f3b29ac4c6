import { allowOwnScripts } from './own-scripts.ts';

/** A thread that was started. */
export interface StartedWorker {
  readonly worker: Worker;
  /** Address of its file; absent: the bundler knows. */
  readonly file?: URL;
}

/**
 * Starts the job worker that Vite bundles with our own pages. The library will be bundled by others, each in its own
 * way: its build has start-copied-worker.ts in this file's place.
 */
export function startJobWorker(_assets: string, file?: URL): StartedWorker {
  allowOwnScripts();
  if (file) return { worker: new Worker(file, { type: 'module' }), file };
  const worker = new Worker(new URL('../../workers/job.worker.ts', import.meta.url), {
    type: 'module',
  });
  return { worker };
}
