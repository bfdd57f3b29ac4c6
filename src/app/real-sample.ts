/** The real scene that set-up may have fetched, with whom to thank for it. */
export interface RealSample {
  /** File name under `samples/real/`. */
  readonly file: string;
  readonly title: string;
  readonly credit: string;
  readonly licence: string;
  /** Where the clip comes from; followed only when somebody clicks it. */
  readonly href: string;
}

declare const __REAL_SAMPLE__: RealSample | null;

/** Set at build time, so that no page asks for a file that is not there. */
export const realSample = __REAL_SAMPLE__;
