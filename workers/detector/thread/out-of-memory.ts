import { Failure } from '../../../src/contract/failure.ts';

/** What ends a job for which the device has no memory; once there is some it goes on. */
export function outOfMemory(cause: unknown): Failure {
  return new Failure(
    'worker-crashed',
    'There is not enough memory to look for people. Close other tabs or choose a lower quality, and start it again.',
    cause,
  );
}

/**
 * Whether an error, or what caused it, comes of memory that could not be had, as browsers put it and WebAssembly modules that were
 * refused some and went on without.
 */
export function isOutOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message, cause } = error;
  const isOfMemory = name === 'RangeError' || name === 'RuntimeError';
  return (isOfMemory && /memory|allocation/i.test(message)) || isOutOfMemory(cause);
}
