/** What a page tells its job worker, over Comlink. Everything else goes over the channel of channel.ts. */
export interface JobWorkerApi {
  /** The release that the worker is of. */
  version(): Promise<string>;
  /**
   * Sets the worker up and lets it look for work. Must be called before what follows.
   * @param hasLeft says of another page's worker whether that was closed or left, as opposed to having died
   */
  configure(config: JobWorkerConfig, hasLeft: (runner: string) => Promise<boolean>): Promise<void>;
  /** Hands over an open file of the page, which is stored nowhere. */
  addFile(pageId: string, file: Blob): Promise<void>;
  /** Answers, as a sign of life. */
  ping(): Promise<void>;
  /** Ends work; the running job stays resumable from its last checkpoint. */
  close(): Promise<void>;
}

/** Fixed for the life of a worker. */
export interface JobWorkerConfig {
  /** Names this worker among all that ever were. */
  readonly runner: string;
  /** Name of the database, or of the page's memory; channel and locks are named after it too. */
  readonly database: string;
  /** Leads to the page's memory, where jobs and videos are kept there: a MemoryHost over Comlink. */
  readonly memory?: MessagePort;
  /** Absolute address of the folder that holds `engine/` and `models/`. */
  readonly assets: string;
  /** Detector threads; absent: as the backend likes. */
  readonly workers?: number;
  /** Jobs that run at the same time, over all pages. */
  readonly concurrency: number;
}
