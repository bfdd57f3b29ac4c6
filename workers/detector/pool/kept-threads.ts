import type { StartedThreads, ThreadLoad } from './start-threads.ts';

/**
 * How long threads wait for another job: long enough for the paths of an hour's video to be joined and the next video to be
 * opened, short enough to give their memory back while a page is only looked at.
 */
const KEPT_MS = 30_000;

/** Threads that are ready for frames, and what each was loaded with. */
export interface LoadedThreads {
  readonly started: StartedThreads;
  readonly load: ThreadLoad;
}

interface KeptSet {
  readonly key: string;
  readonly loaded: LoadedThreads;
  readonly expiry: ReturnType<typeof setTimeout>;
}

/**
 * The threads that a job leaves, for the next one that asks for the very same, so that a queue of files starts them, compiles
 * their kernels and loads their model once. They end when nobody asks for a while, when somebody asks for anything else,
 * and when one of them has died. A hidden page keeps them: it works through its queue all the same.
 */
export class KeptThreads {
  readonly #keptMs: number;
  readonly #sets = new Set<KeptSet>();
  #isClosed = false;

  /** @param keptMs milliseconds that threads wait for another job, default 30 seconds */
  constructor(keptMs = KEPT_MS) {
    this.#keptMs = keptMs;
  }

  /** Whether no threads are kept, so that there is nothing to take. */
  get isEmpty(): boolean {
    return this.#sets.size === 0;
  }

  /**
   * Hands threads over, which know nothing of earlier frames. Those that were kept for anything else end.
   * @param key says what is asked for, in whole
   * @returns undefined where none are there, alive
   */
  async take(key: string): Promise<LoadedThreads | undefined> {
    for (const set of this.#sets) if (set.key !== key) this.#end(set);
    for (const set of this.#sets) {
      this.#drop(set);
      try {
        await Promise.all(set.loaded.started.threads.map((thread) => thread.forget()));
        return set.loaded;
      } catch {
        closeAll(set.loaded);
      }
    }
    return undefined;
  }

  /** Takes over threads with nothing in flight. */
  keep(key: string, loaded: LoadedThreads): void {
    if (this.#isClosed) {
      closeAll(loaded);
      return;
    }
    const set = { key, loaded, expiry: setTimeout(() => this.#end(set), this.#keptMs) };
    this.#sets.add(set);
  }

  /** Ends those that are kept, and at once whatever would be kept later. */
  close(): void {
    this.#isClosed = true;
    for (const set of this.#sets) this.#end(set);
  }

  #end(set: KeptSet): void {
    this.#drop(set);
    closeAll(set.loaded);
  }

  #drop(set: KeptSet): void {
    clearTimeout(set.expiry);
    this.#sets.delete(set);
  }
}

function closeAll({ started }: LoadedThreads): void {
  for (const thread of started.threads) thread.close();
}
