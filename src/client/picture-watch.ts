import { type JobPicture, WATCH_EVERY_MS } from '../protocol/job-picture.ts';

interface Watcher {
  readonly jobId: string;
  readonly onPicture: (picture: JobPicture) => void;
}

/** Who of this page looks at running jobs: they are asked for pictures as long as somebody does. */
export class PictureWatch {
  readonly #ask: (jobId: string) => void;
  readonly #watchers = new Map<Watcher, () => void>();

  /** @param ask says to whoever runs a job that somebody looks */
  constructor(ask: (jobId: string) => void) {
    this.#ask = ask;
  }

  /** Hands on a job's pictures until the signal ends it. */
  add(jobId: string, onPicture: (picture: JobPicture) => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    const watcher = { jobId, onPicture };
    this.#ask(jobId);
    const asking = setInterval(this.#ask, WATCH_EVERY_MS, jobId);
    const end = () => {
      clearInterval(asking);
      this.#watchers.delete(watcher);
    };
    this.#watchers.set(watcher, end);
    signal.addEventListener('abort', end);
  }

  /** Takes a picture that came. */
  hear(picture: JobPicture): void {
    for (const { jobId, onPicture } of this.#watchers.keys()) {
      if (jobId === picture.jobId) onPicture(picture);
    }
  }

  /** Nobody looks any more. */
  close(): void {
    for (const end of this.#watchers.values()) end();
  }
}
