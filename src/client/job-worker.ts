import * as Comlink from 'comlink';
import { Failure } from '../contract/failure.ts';
import { isOpen, type JobRecord } from '../engine/job.ts';
import { unlessAborted } from '../engine/unless-aborted.ts';
import { engineFileUnfit, whyEngineFails } from '../protocol/engine-file.ts';
import { afterSilence } from '../protocol/silence.ts';
import { VERSION } from '../protocol/version.ts';
import type { JobWorkerApi, JobWorkerConfig } from '../protocol/worker-api.ts';
import type { MemoryHost } from '../store/shared-memory.ts';
import { LeftRunners } from './left-runners.ts';
import { type StartedWorker, startJobWorker } from './start-job-worker.ts';

/** A worker that says nothing for this long hangs. Decoding and detection have threads of their own. */
const SILENCE_MS = 60_000;
const HEARTBEAT_MS = 20_000;
/** The same for one whose job somebody has stopped: they are waiting. */
const STOP_SILENCE_MS = 10_000;
/** A worker has this long to leave its job in order before it is ended. */
const FAREWELL_MS = 5000;

/**
 * The page's job worker. Comlink alone never settles a call whose worker died, so each call here races with the
 * worker's end, and a worker that died or hangs is replaced.
 */
export class JobWorker {
  readonly #config: Omit<JobWorkerConfig, 'runner'>;
  readonly #left: LeftRunners;
  readonly #workerUrl: URL | undefined;
  readonly #memory: MemoryHost | undefined;
  readonly #onReplaced: () => void;
  readonly #onLost: (failure: Failure) => void;
  readonly #files = new Map<string, Blob>();
  #running: Running | undefined;
  /** Left, and kept by the browser in case that it is returned to. */
  #sleeps = false;
  #closed = false;

  /**
   * @param workerUrl address of the job worker's file, if it lies elsewhere than in the assets
   * @param memory where jobs are kept in this page's memory
   * @param onReplaced a worker died, or slept with its page, and another took over
   * @param onLost no worker can be had
   */
  constructor(
    config: Omit<JobWorkerConfig, 'runner'>,
    workerUrl: URL | undefined,
    memory: MemoryHost | undefined,
    onReplaced: () => void,
    onLost: (failure: Failure) => void,
  ) {
    this.#config = config;
    this.#workerUrl = workerUrl;
    this.#memory = memory;
    this.#onReplaced = onReplaced;
    this.#onLost = onLost;
    this.#left = new LeftRunners(config.database);
    addEventListener('pagehide', this.#leave);
    addEventListener('pageshow', this.#stay);
  }

  readonly #leave = ({ persisted }: PageTransitionEvent) => {
    const running = this.#running;
    if (!running) return;
    this.#left.add(running.runner);
    if (!persisted) return;
    // WebKit (2.50) keeps such a page with its threads, which stand still and hold their locks: no other page would ever go on.
    this.#sleeps = true;
    this.#running = undefined;
    running.end(new Failure('worker-crashed', 'The page was left.'));
  };

  readonly #stay = () => {
    if (!this.#sleeps) return;
    this.#sleeps = false;
    this.start();
    this.#onReplaced();
  };

  /** Whether there is a worker, or one is being started. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Starts the worker unless it runs. */
  start(): void {
    if (this.#running || this.#sleeps || this.#closed) return;
    let running: Running;
    try {
      running = new Running(startJobWorker(this.#config.assets, this.#workerUrl));
    } catch (error) {
      this.#onLost(Failure.from(error, 'worker-crashed'));
      return;
    }
    this.#running = running;
    void this.#tend(running);
  }

  /** Hands an open file to this worker and to any that replaces it. */
  addFile(pageId: string, file: Blob): void {
    this.#files.set(pageId, file);
    const running = this.#running;
    void running?.settle(running.api.addFile(pageId, file)).catch(() => {});
  }

  /**
   * A job was stopped, or tracking it again: a worker that is too deep in it to hear that, as in a file made to keep it busy, is
   * replaced. One at another job's long step is left alone, which would have to go on from its last checkpoint.
   */
  async hearStop(job: JobRecord): Promise<void> {
    const running = this.#running;
    // One that is being set up has no job yet.
    if (!running?.isReady) return;
    // Who tracks a job again is not told.
    const mayBeHere = isOpen(job) ? job.runner === running.runner : job.retrack !== undefined;
    if (!mayBeHere) return;
    await running.settle(running.api.ping(), STOP_SILENCE_MS).catch((error) => running.end(error));
  }

  /** Ends the worker; its job is left resumable. */
  async close(): Promise<void> {
    this.#closed = true;
    removeEventListener('pagehide', this.#leave);
    removeEventListener('pageshow', this.#stay);
    const running = this.#running;
    if (!running) return;
    this.#left.add(running.runner);
    await running.settle(running.api.close(), FAREWELL_MS).catch(() => {});
    running.end(new Failure('worker-crashed', 'The worker was closed.'));
  }

  /** Sets the worker up, watches it, and replaces it when it dies. */
  async #tend(running: Running): Promise<void> {
    try {
      const version = await running.settle(running.api.version());
      if (version !== VERSION) throw running.unfit(`is of version ${version}, not ${VERSION}`);
      const hasLeft = Comlink.proxy(async (runner: string) => this.#left.has(runner));
      const config = { ...this.#config, runner: running.runner, ...running.share(this.#memory) };
      const { memory } = config;
      await running.settle(
        running.api.configure(memory ? Comlink.transfer(config, [memory]) : config, hasLeft),
      );
      for (const [id, file] of this.#files) await running.settle(running.api.addFile(id, file));
      running.isReady = true;
      for (;;) {
        await running.settle(new Promise((done) => setTimeout(done, HEARTBEAT_MS)));
        await running.settle(running.api.ping());
      }
    } catch (error) {
      const failure = Failure.from(error, 'worker-crashed');
      running.end(failure);
      if (this.#running !== running) return;
      this.#running = undefined;
      if (this.#closed) return;
      if (!running.isReady) {
        this.#onLost(failure);
        return;
      }
      this.start();
      this.#onReplaced();
    }
  }
}

/** One life of a worker. The proxy is held here: Comlink drops the calls of one that is collected. */
class Running {
  readonly api: Comlink.Remote<JobWorkerApi>;
  readonly runner = crypto.randomUUID();
  /** Whether it is set up, and takes jobs. */
  isReady = false;
  readonly #worker: Worker;
  readonly #file: URL | undefined;
  readonly #ended = new AbortController();
  #memory: MessagePort | undefined;

  constructor({ worker, file }: StartedWorker) {
    this.#worker = worker;
    this.#file = file;
    this.api = Comlink.wrap<JobWorkerApi>(worker);
    worker.addEventListener('error', async (event) => {
      event.preventDefault();
      const isUnloaded = !event.message && this.#file !== undefined;
      const reason = isUnloaded ? await whyEngineFails(this.#file) : undefined;
      this.#end(
        reason ??
          new Failure(
            'worker-crashed',
            event.message
              ? `The background thread failed (${event.message}). Load the page again.`
              : unreachable(),
          ),
      );
    });
    addEventListener('securitypolicyviolation', this.#refused);
    worker.addEventListener('messageerror', () => {
      this.#end(new Failure('worker-crashed', 'A message between threads could not be read.'));
    });
  }

  /** The page's policy keeps the thread out: the worker itself only says that it failed. */
  readonly #refused = ({ blockedURI, effectiveDirective }: SecurityPolicyViolationEvent) => {
    if (blockedURI !== this.#file?.href) return;
    this.#end(
      new Failure(
        'engine-missing',
        `This page's content security policy refuses Footpath's file ${blockedURI}: its ${effectiveDirective} must allow 'self'.`,
      ),
    );
  };

  /** Settles with the call, the worker's end or a long silence, whichever is first. */
  async settle<T>(call: Promise<T>, silenceMs = SILENCE_MS): Promise<T> {
    let callOff = () => {};
    const silence = new Promise<never>((_, reject) => {
      callOff = afterSilence(silenceMs, () =>
        reject(new Failure('worker-crashed', 'The background thread does not answer.')),
      );
    });
    try {
      return await unlessAborted(Promise.race([call, silence]), this.#ended.signal);
    } finally {
      callOff();
    }
  }

  /** Gives the worker a way to the page's memory, where there is one. @returns what to tell it of that */
  share(memory: MemoryHost | undefined): Pick<JobWorkerConfig, 'memory'> {
    if (!memory) return {};
    const { port1, port2 } = new MessageChannel();
    this.#memory = port1;
    Comlink.expose(memory, port1);
    return { memory: port2 };
  }

  #end(failure: Failure): void {
    this.#ended.abort(failure);
  }

  /** A Failure that names this thread's file. */
  unfit(why: string): Failure {
    return engineFileUnfit(this.#file ?? location.href, why);
  }

  /** Ends the thread and every call under way. */
  end(failure: Failure): void {
    removeEventListener('securitypolicyviolation', this.#refused);
    this.#end(failure);
    this.#worker.terminate();
    this.#memory?.close();
  }
}

/** What is said where neither the thread's file nor a word about it can be had. */
function unreachable(): string {
  return navigator.onLine
    ? 'The file of the background thread could not be loaded: the site of this page does not answer, or has another Footpath by now. Load the page again.'
    : 'This device is offline, and the file of the background thread is not kept on it. Connect it and load the page again.';
}
