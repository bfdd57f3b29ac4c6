import { DetectorThread } from './detector-thread.ts';

/** Threads that load their script while it is found out what they are to compute on. */
export class SpareThreads {
  readonly #threads: DetectorThread[];

  /** @param count how many */
  constructor(count: number) {
    this.#threads = Array.from({ length: count }, () => new DetectorThread());
  }

  /** Hands threads over, those that began to load first; more than there are begin now. */
  take(count: number): DetectorThread[] {
    const taken = this.#threads.splice(0, count);
    while (taken.length < count) taken.push(new DetectorThread());
    return taken;
  }

  /** Ends those that nobody took. */
  close(): void {
    for (const thread of this.#threads.splice(0)) thread.close();
  }
}
