/**
 * What a start comes to, or the end of waiting for it, whichever is first: a model that loads for a minute holds nobody up who
 * wants to leave.
 * @param undo gives back what comes when nobody waits any more
 * @param start whoever leaves gives back what comes of it later
 * @throws the signal's reason, or what the start failed by
 */
export async function unlessAborted<T>(signal: AbortSignal, start: Promise<T>): Promise<T> {
  let leave = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([start, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
