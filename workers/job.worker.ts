/** The job worker's thread: runs jobs, one page's share of the work. */
import * as Comlink from 'comlink';
import { tellRequests } from '../src/protocol/request-record.ts';
import { VERSION } from '../src/protocol/version.ts';
import type { JobWorkerApi } from '../src/protocol/worker-api.ts';
import { JobRunner } from './job-runner.ts';

tellRequests('thread');

let runner: JobRunner | undefined;

const api: JobWorkerApi = {
  async version() {
    return VERSION;
  },
  async configure(config, hasLeft) {
    runner = new JobRunner(config, hasLeft);
    runner.wake();
  },
  async addFile(pageId, file) {
    runner?.addFile(pageId, file);
  },
  async ping() {},
  async close() {
    await runner?.close();
  },
};
Comlink.expose(api);
