import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { JobSummary, PersonTracking, PersonTrackingEventMap } from '../../client/api.ts';

/** Keeps a component's list of jobs in step with the store, whichever tab changes it. */
export class JobsController implements ReactiveController {
  /** Newest first; null until first read. */
  jobs: readonly JobSummary[] | null = null;
  /** What was thrown where the list could not be read; null where it could. */
  error: unknown = null;

  readonly #host: ReactiveControllerHost;
  readonly #tracking: () => PersonTracking;
  #reading = false;
  #stale = false;

  /** @param tracking asked for once the host is connected */
  constructor(host: ReactiveControllerHost, tracking: () => PersonTracking) {
    this.#host = host;
    this.#tracking = tracking;
    host.addController(this);
  }

  /** Any job that still runs or waits, in this tab or another. */
  get anyRunning(): boolean {
    return this.jobs?.some((job) => job.status === 'IN_PROGRESS') ?? false;
  }

  hostConnected(): void {
    const tracking = this.#tracking();
    tracking.addEventListener('change', this.#read);
    tracking.addEventListener('completion', this.#read);
    tracking.addEventListener('progress', this.#onProgress);
    tracking.addEventListener('trouble', this.#onTrouble);
    this.#read();
  }

  hostDisconnected(): void {
    const tracking = this.#tracking();
    tracking.removeEventListener('change', this.#read);
    tracking.removeEventListener('completion', this.#read);
    tracking.removeEventListener('progress', this.#onProgress as EventListener);
    tracking.removeEventListener('trouble', this.#onTrouble);
  }

  readonly #onTrouble = (): void => this.#host.requestUpdate();

  readonly #read = async (): Promise<void> => {
    // One read at a time; whatever changes meanwhile asks for one more.
    this.#stale = true;
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#stale) {
        this.#stale = false;
        this.jobs = await this.#tracking().listJobs();
      }
      this.error = null;
    } catch (error) {
      this.error = error;
    } finally {
      this.#reading = false;
      this.#host.requestUpdate();
    }
  };

  readonly #onProgress = (event: PersonTrackingEventMap['progress']): void => {
    const { detail } = event;
    if (!this.jobs) return;
    this.jobs = this.jobs.map((job) =>
      job.jobId === detail.jobId && job.status === 'IN_PROGRESS'
        ? { ...job, progress: detail }
        : job,
    );
    this.#host.requestUpdate();
  };
}
