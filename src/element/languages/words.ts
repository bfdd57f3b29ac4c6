import type { JobStage } from '../../engine/job.ts';

/** Every text of `<footpath-tracker>` in one language. */
export interface TrackerWords {
  /** BCP 47. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly drop: string;
  readonly release: string;
  readonly choose: string;
  readonly start: string;
  readonly stop: string;
  readonly again: string;
  readonly another: string;
  /** Said under the button: nothing is sent anywhere. */
  readonly privacy: string;
  readonly stages: Readonly<Record<JobStage, string>>;
  /** Name of the progress bar. */
  readonly progress: string;
  /** @param count people seen so far */
  readonly peopleSoFar: (count: number) => string;
  /** @param count people in the finished result */
  readonly people: (count: number) => string;
  /** @param minutes whole, at least 1 */
  readonly minutesLeft: (minutes: number) => string;
  /** The job failed; the reason follows. */
  readonly failed: string;
  readonly stopped: string;
  /** The video can be analysed but not shown here. */
  readonly notShown: string;
}
