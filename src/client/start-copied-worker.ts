import { engineFileUnfit } from '../protocol/engine-file.ts';
import { startThread } from './own-scripts.ts';
import type { StartedWorker } from './start-job-worker.ts';

/**
 * Starts the job worker that `footpath copy-assets` copied, by an address that no bundler understands: a bundler that
 * does bundles the thread anew, without the threads and files that it loads in turn.
 * @param assets absolute address of the folder that holds `engine/`
 * @param file address of the worker, if it lies elsewhere
 * @throws Failure `engine-missing` when it is of another origin, from where browsers start no threads, and when the page's policy refuses it
 */
export function startJobWorker(
  assets: string,
  file = new URL('engine/job.worker.js', assets),
): StartedWorker {
  if (file.origin !== globalThis.origin) {
    throw engineFileUnfit(file, `is of another site than this page, ${globalThis.origin}`);
  }
  return { worker: startThread(file, { type: 'module' }), file };
}
