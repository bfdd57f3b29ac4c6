import { unlessAborted } from '../engine/unless-aborted.ts';

/** What is used of the Web Locks API: who works on a job, and which page holds a file. `navigator.locks` is one. */
export interface Locks {
  request<T>(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    work: (lock: { readonly name: string } | null) => T | Promise<T>,
  ): Promise<T>;
  query(): Promise<{ held?: { name?: string }[]; pending?: { name?: string }[] }>;
}

/** Locks of one thread that shares its jobs with nobody: where the browser refuses its own along with its storage. */
export class MemoryLocks implements Locks {
  readonly #held = new Map<string, Promise<void>>();

  async request<T>(
    name: string,
    options: { ifAvailable?: boolean; signal?: AbortSignal },
    work: (lock: { readonly name: string } | null) => T | Promise<T>,
  ): Promise<T> {
    const { ifAvailable = false, signal } = options;
    signal?.throwIfAborted();
    for (let held = this.#held.get(name); held; held = this.#held.get(name)) {
      if (ifAvailable) return work(null);
      await (signal ? unlessAborted(held, signal) : held);
    }
    let release = () => {};
    this.#held.set(
      name,
      new Promise((released) => {
        release = released;
      }),
    );
    try {
      return await work({ name });
    } finally {
      this.#held.delete(name);
      release();
    }
  }

  async query(): Promise<{ held: { name: string }[] }> {
    return { held: [...this.#held.keys()].map((name) => ({ name })) };
  }
}
