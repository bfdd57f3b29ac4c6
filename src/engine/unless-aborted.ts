/**
 * What a promise comes to, or the end of waiting for it, whichever is first: a model that loads for a minute holds nobody up
 * who wants to leave.
 * @param promise whoever leaves gives back what comes of it later
 * @throws the signal's reason, or what the promise rejects with
 */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let leave = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([aborted, promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
