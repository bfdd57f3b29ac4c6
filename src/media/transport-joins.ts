/** When a stream of video has packets, by their ordinals, and its stream type where its pictures or a table tell it. */
export interface StreamSpan {
  readonly pid: number;
  readonly type: number | undefined;
  readonly first: number;
  readonly last: number;
}

/**
 * Streams of video that begin where another one has ended, as where recordings of several cameras or encoders are joined: a
 * transport stream's reader knows those alone that its first tables name.
 * @returns packet identifiers, each with that of the first stream of its row; that one itself is not in it
 */
export function followingStreams(streams: readonly StreamSpan[]): Map<number, number> {
  const rows: { readonly pid: number; readonly type: number; last: number }[] = [];
  const following = new Map<number, number>();
  for (const { pid, type, first, last } of streams.toSorted((a, b) => a.first - b.first)) {
    // What nothing tells of may follow, and nothing follows it: a damaged packet may be all there is of it.
    const row = rows.find((one) => one.last < first && one.type === (type ?? one.type));
    if (row) {
      following.set(pid, row.pid);
      row.last = last;
    } else if (type !== undefined) rows.push({ pid, type, last });
  }
  return following;
}
