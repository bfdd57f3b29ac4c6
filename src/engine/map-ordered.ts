/**
 * Maps a stream with several calls under way at once and gives the answers in the stream's order.
 *
 * @param source never read further than `concurrency` unanswered items ahead
 * @param concurrency calls under way at once, at least 1
 * @param map takes its item over, whatever happens
 * @throws the first error of the source or of `map`, in its place in the order: answers before it are given first,
 *   and no call outlives the stream
 */
export async function* mapOrdered<In, Out>(
  source: AsyncIterable<In>,
  concurrency: number,
  map: (item: In) => Promise<Out>,
): AsyncGenerator<Out, void, void> {
  const iterator = source[Symbol.asyncIterator]();
  const pending: Promise<Out>[] = [];
  let reading = true;
  try {
    while (reading || pending.length > 0) {
      while (reading && pending.length < concurrency) {
        let next: IteratorResult<In>;
        try {
          next = await iterator.next();
        } catch (error) {
          reading = false;
          pending.push(quiet(Promise.reject(error)));
          break;
        }
        if (next.done) reading = false;
        else pending.push(quiet(map(next.value)));
      }
      const oldest = pending.shift();
      if (oldest) yield await oldest;
    }
  } finally {
    if (reading) await iterator.return?.();
    await Promise.allSettled(pending);
  }
}

/** A rejection is seen when its turn comes; until then it must not count as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
