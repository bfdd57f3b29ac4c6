import type { JobRecord } from '../engine/job.ts';
import type { PageStorage } from './storage.ts';
import type { StoredVideos } from './stored-videos.ts';

/** How often a page looks for results whose time is over. */
const SWEEP_EVERY_MS = 3_600_000;

type OnRemoved = (removed: readonly JobRecord[]) => Promise<void>;

/** Removes what is over and what was left behind, now and then. */
export class Tidying {
  readonly #jobs: PageStorage['jobs'];
  readonly #videos: Pick<StoredVideos, 'sweep'>;
  readonly #onRemoved: OnRemoved;
  readonly #sweeping: ReturnType<typeof setInterval>;

  /** @param onRemoved told of jobs that went, and of none where it was videos */
  constructor(
    jobs: PageStorage['jobs'],
    videos: Pick<StoredVideos, 'sweep'>,
    onRemoved: OnRemoved,
  ) {
    this.#jobs = jobs;
    this.#videos = videos;
    this.#onRemoved = onRemoved;
    this.#sweeping = setInterval(() => void this.tidy(), SWEEP_EVERY_MS);
  }

  /** Tidies up now; where that fails, it is done another time. */
  async tidy(): Promise<void> {
    try {
      const removed = await this.#jobs.sweep(Date.now());
      await this.#jobs.tidy();
      if (removed.length > 0) await this.#onRemoved(removed);
      if (await this.#videos.sweep(Date.now())) await this.#onRemoved([]);
    } catch (error) {
      console.warn('footpath: nothing was tidied up', error);
    }
  }

  /** Tidies up no more. */
  close(): void {
    clearInterval(this.#sweeping);
  }
}
