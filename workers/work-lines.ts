import type { Locks } from '../src/store/locks.ts';

/**
 * Lines of work, each of which goes on in one thread at a time over all pages: a lock sees to that, and the next in line
 * takes over where a page dies.
 */
export class WorkLines {
  readonly #locks: Locks;
  readonly #prefix: string;
  readonly #closing: AbortSignal;
  readonly #lines = new Map<string, Promise<void>>();
  /** Aborted by a call to work: whoever waits looks again. */
  #call = new AbortController();

  /**
   * @param prefix begins the names of locks
   * @param closing ends every line
   */
  constructor(locks: Locks, prefix: string, closing: AbortSignal) {
    this.#locks = locks;
    this.#prefix = prefix;
    this.#closing = closing;
    closing.addEventListener('abort', () => this.#call.abort());
  }

  /** Name of a lock. */
  lock(name: string): string {
    return `${this.#prefix}${name}`;
  }

  /** Says that there may be work. */
  call(): void {
    this.#call.abort();
    this.#call = new AbortController();
  }

  /**
   * Begins a line, unless it goes on: waits for its lock, works, gives the lock back, until there is nothing to wait for.
   * @param work does what can be done; answers the names of locks of what others work on
   */
  begin(line: string, work: () => Promise<string[]>): void {
    if (!this.#lines.has(line)) this.#lines.set(line, this.#work(line, work));
  }

  /** Settles when every line has ended. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#lines.values());
  }

  /** Settles with the next call to work, or after a while. */
  callOr(milliseconds: number): Promise<void> {
    const call = this.#call.signal;
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        call.removeEventListener('abort', end);
        done();
      };
      const timer = setTimeout(end, milliseconds);
      call.addEventListener('abort', end);
    });
  }

  async #work(line: string, work: () => Promise<string[]>): Promise<void> {
    const closing = this.#closing;
    for (let idle = false; !idle && !closing.aborted; ) {
      const call = this.#call.signal;
      let elsewhere: string[] = [];
      try {
        await this.#locks.request(this.lock(line), { signal: closing }, async () => {
          elsewhere = await work();
        });
      } catch (error) {
        if (!closing.aborted) console.error('footpath: job runner', error);
      }
      // Of a page that dies a line may come free before its job does.
      if (elsewhere.length > 0) await this.#untilFree(elsewhere, call);
      else idle = !call.aborted;
    }
    this.#lines.delete(line);
  }

  /** Settles when one of the locks is free, or there may be work. */
  async #untilFree(locks: readonly string[], call: AbortSignal): Promise<void> {
    if (call.aborted) return;
    const free = new AbortController();
    const end = () => free.abort();
    call.addEventListener('abort', end);
    await Promise.all(
      locks.map((lock) => this.#locks.request(lock, { signal: free.signal }, end).catch(() => {})),
    );
    call.removeEventListener('abort', end);
  }
}
