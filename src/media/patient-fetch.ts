import { Failure, type FailureKind } from '../contract/failure.ts';

/** Waits before a request is made again, in milliseconds. */
const RETRY_AFTER_MS = [250, 1000, 4000];

/**
 * Fetches from this origin, and again after a while where the connection is lost, breaks off or the server is in trouble (5xx): one
 * that restarts is back within seconds. A page whose server was killed ends meanwhile, and its job goes on later
 * instead of having failed for want of a file.
 *
 * @param read takes what is wanted from the answer: what it throws counts as a body that broke off, but for a Failure
 * @returns what `read` made of the first answer under 500, or of the last
 * @throws what the last attempt threw; at once a Failure of `read`, and whatever comes once `init.signal` is aborted
 */
export async function fetchPatiently<T>(
  url: string | URL,
  init: RequestInit,
  read: (answer: Response) => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    // None after the last attempt.
    const wait = RETRY_AFTER_MS[attempt];
    try {
      const answer = await fetch(url, { mode: 'same-origin', ...init });
      if (answer.status < 500 || wait === undefined) return await read(answer);
      await answer.body?.cancel();
    } catch (error) {
      if (wait === undefined || error instanceof Failure || init.signal?.aborted) throw error;
      if (await leadsAway(url, init)) throw new LeadsAway();
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The server answers by another address, which is not followed: it is of another origin. */
class LeadsAway extends Error {}

/** Whether there is an answer by another address, where following it failed. */
async function leadsAway(url: string | URL, init: RequestInit): Promise<boolean> {
  const answer = await fetch(url, { ...init, redirect: 'manual' }).catch(() => undefined);
  return answer?.type === 'opaqueredirect';
}

/**
 * What {@link fetchPatiently} threw, as a Failure.
 * @param what names what was fetched, at the start of a sentence
 */
export function connectionLost(kind: FailureKind, what: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof LeadsAway) {
    return new Failure(
      kind,
      `${what} cannot be read: its server sends to another site, and nothing is ever loaded from there.`,
      error,
    );
  }
  return new Failure(
    kind,
    navigator.onLine
      ? `${what} cannot be read: the connection to its server was lost. Check it and start again.`
      : `${what} cannot be read: this device is offline and keeps no copy of it. Connect it and start again.`,
    error,
  );
}
