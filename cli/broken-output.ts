import { tell } from './tell.ts';

/** Why nothing more can be written to the standard output, in words. @param error as its stream tells it */
export function outputBroken(error: Error): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EPIPE'
    ? 'nobody reads the standard output any more'
    : `the standard output cannot be written: ${message}`;
}

/**
 * Lets the program go on where what it tells is not taken, and end with 1 where that was its result: streams that nobody listens to
 * would end it in the middle, with the files of its browser left behind.
 */
export function heedBrokenOutputs(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.once('error', (error) => {
    // Commands that end for it say so themselves.
    if (process.stdout.listenerCount('error') === 0) {
      tell(`footpath: ${outputBroken(error)}\n`);
    }
    process.stdout.on('error', () => undefined);
    process.once('exit', (code) => {
      if (code === 0) process.exitCode = 1;
    });
  });
}
