import type { JobProgress, JobRecord, JobStage } from './job.ts';

/** Seconds that the speed is averaged over: long enough to be calm, short enough to follow a change. */
const WINDOW_SECONDS = 8;
/** Reports a second, at most. */
const REPORT_EVERY_MS = 200;

/** What a job's record says of its progress. */
export function storedProgress(job: JobRecord): JobProgress {
  const { jobId, samplesTotal } = job;
  const stage = job.retrack ? 'waiting' : job.stage;
  const samplesDone = job.retrack ? 0 : job.samplesDone;
  return { jobId, stage, samplesDone, samplesTotal, samplesPerSecond: 0, secondsLeft: null };
}

/** Turns single samples into calm progress reports. */
export class ProgressMeter {
  readonly #jobId: string;
  readonly #report: (progress: JobProgress) => void;
  readonly #now: () => number;
  #stage: JobStage = 'waiting';
  #samplesDone = 0;
  #samplesTotal = 0;
  #lastReportMs = Number.NEGATIVE_INFINITY;
  #peopleSoFar: number | undefined;
  #modelBytes: JobProgress['modelBytes'];
  #marks: { atMs: number; samples: number }[] = [];

  /**
   * @param now milliseconds of a clock that never goes back
   * @param report called at once when the stage changes, else at most five times a second
   */
  constructor(jobId: string, now: () => number, report: (progress: JobProgress) => void) {
    this.#jobId = jobId;
    this.#now = now;
    this.#report = report;
  }

  /** Enters a stage. */
  enter(stage: JobStage): void {
    this.#stage = stage;
    this.#marks = [];
    this.#modelBytes = undefined;
    this.#send();
  }

  /** Bytes of the model read so far. */
  loadModel(loaded: number, total: number): void {
    this.#modelBytes = { loaded, total };
    if (this.#isDue()) this.#send();
  }

  /**
   * @param samplesTotal an estimate until the end
   * @param peopleSoFar that the tracker is sure of
   */
  advance(samplesDone: number, samplesTotal: number, peopleSoFar: number): void {
    this.#peopleSoFar = peopleSoFar;
    this.#samplesDone = samplesDone;
    this.#samplesTotal = Math.max(samplesTotal, samplesDone);
    const atMs = this.#now();
    this.#marks.push({ atMs, samples: samplesDone });
    while (this.#marks.length > 2 && atMs - this.#marks[0]!.atMs > WINDOW_SECONDS * 1000) {
      this.#marks.shift();
    }
    if (this.#isDue()) this.#send();
  }

  #isDue(): boolean {
    return this.#now() - this.#lastReportMs >= REPORT_EVERY_MS;
  }

  #send(): void {
    this.#lastReportMs = this.#now();
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    const seconds = first && last ? (last.atMs - first.atMs) / 1000 : 0;
    const rate = first && last && seconds > 0 ? (last.samples - first.samples) / seconds : 0;
    this.#report({
      jobId: this.#jobId,
      stage: this.#stage,
      samplesDone: this.#samplesDone,
      samplesTotal: this.#samplesTotal,
      samplesPerSecond: rate,
      secondsLeft: rate > 0 ? (this.#samplesTotal - this.#samplesDone) / rate : null,
      ...(this.#peopleSoFar === undefined ? {} : { peopleSoFar: this.#peopleSoFar }),
      ...(this.#modelBytes ? { modelBytes: this.#modelBytes } : {}),
    });
  }
}
