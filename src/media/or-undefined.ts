import { Failure } from '../contract/failure.ts';

/** Facts that can be done without, where damaged packets hide them. */
export async function orUndefined<T>(fact: Promise<T>): Promise<T | undefined> {
  try {
    return await fact;
  } catch (error) {
    if (error instanceof Failure) throw error;
    return undefined;
  }
}
