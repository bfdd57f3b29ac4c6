import { once } from 'node:events';
import { tell } from './tell.ts';

/** Why nothing more can be written to the standard output, in words. @param error as its stream tells it */
export function outputBroken(error: Error): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'EPIPE'
    ? 'nobody reads the standard output any more'
    : `the standard output cannot be written: ${message}`;
}

/** Writes a piece of a result to the standard output, and waits until it is taken. @throws Error that says why it is not */
export async function writeOut(text: string): Promise<void> {
  if (process.stdout.write(text)) return;
  await once(process.stdout, 'drain').catch((error) => {
    throw new Error(outputBroken(error), { cause: error });
  });
}

/**
 * Lets the program go on where what it tells is not taken, and end with 1 where that was its result: streams that nobody listens to
 * would end it in the middle, with the files of its browser left behind.
 */
export function heedBrokenOutputs(): void {
  process.stderr.on('error', () => undefined);
  process.stdout.once('error', (error) => {
    process.stdout.on('error', () => undefined);
    process.once('beforeExit', (code) => {
      // A command that ended for it has said so itself.
      if (code !== 0) return;
      tell(`footpath: ${outputBroken(error)}\n`);
      process.exitCode = 1;
    });
  });
}
