import type { JobProgress } from '../src/engine/job.ts';

const STAGES: Record<JobProgress['stage'], string> = {
  waiting: 'waiting',
  'needs-permission': 'waiting for permission',
  opening: 'opening the video',
  'loading-model': 'loading the model',
  tracking: 'tracking',
  refining: 'looking over the whole video',
  done: 'done',
};

/** Per cent between two lines where the line cannot be rewritten. */
const STEP = 10;

/** Where a job is, in steps of ten per cent: the same text until the next step. */
export function progressStep({ stage, samplesDone, samplesTotal }: JobProgress): string {
  if (stage !== 'tracking' || samplesTotal <= 0) return STAGES[stage];
  const percent = Math.floor((100 * samplesDone) / samplesTotal);
  return `${STAGES[stage]} ${percent - (percent % STEP)} %`;
}

/** Progress on a terminal, as one line that is rewritten; elsewhere as a line now and then. */
export class ProgressLine {
  readonly #stream: NodeJS.WriteStream;
  #last = '';

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** Shows where the job is. */
  show(progress: JobProgress): void {
    const { stage, samplesDone, samplesTotal, samplesPerSecond, secondsLeft } = progress;
    const percent = samplesTotal > 0 ? Math.floor((100 * samplesDone) / samplesTotal) : 0;
    const isTracking = stage === 'tracking' && samplesTotal > 0;
    if (!this.#stream.isTTY) {
      const step = progressStep(progress);
      if (step !== this.#last) this.#stream.write(`${step}\n`);
      this.#last = step;
      return;
    }
    const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
    const text = isTracking
      ? `${STAGES[stage]} ${percent} %, ${samplesPerSecond.toFixed(1)} samples/s${left}`
      : STAGES[stage];
    this.#stream.write(`\r${text}\u001b[K`);
    this.#last = text;
  }

  /** Leaves the line. */
  end(): void {
    if (this.#stream.isTTY && this.#last !== '') this.#stream.write('\n');
    this.#last = '';
  }
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
