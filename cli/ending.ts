/** Signals that ask a program to end, with what a shell tells of one that they ended. */
export const ENDING_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** What has not ended in order so long after it was asked to is cut short. */
const ENDING_MS = 20_000;

/**
 * Hears the first signal to end. Those after it change nothing: an end takes some seconds, and one that is cut short
 * leaves the browser's files behind, or the browser.
 */
export function onEndingSignal(hear: (signal: keyof typeof ENDING_SIGNALS) => void): void {
  let isEnding = false;
  for (const signal of Object.keys(ENDING_SIGNALS) as (keyof typeof ENDING_SIGNALS)[]) {
    process.on(signal, () => {
      if (isEnding) return;
      isEnding = true;
      hear(signal);
      setTimeout(() => process.exit(ENDING_SIGNALS[signal]), ENDING_MS).unref();
    });
  }
}
