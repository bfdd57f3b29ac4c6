/** What tells when a picture is shown. */
export interface PacedPicture {
  /** When, in seconds, where the stream says so. */
  readonly seconds: number | undefined;
  /** Its place in the order of display, counted from the last first picture on. */
  readonly order: number | undefined;
  /** Whether the order begins anew with it. */
  readonly isFirst: boolean;
}

/** How pictures follow each other. */
export interface Pace {
  /** Seconds that one is shown. */
  readonly frameSeconds: number;
  /** Seconds of a step in the order of display, of which a picture may take two. */
  readonly stepSeconds: number;
}

/** @param pictures in order of decoding, none of them left out @returns undefined where their times do not tell it */
export function paceOf(pictures: readonly PacedPicture[]): Pace | undefined {
  const starts = pictures.flatMap(({ isFirst }, i) => (isFirst || i === 0 ? [i] : []));
  const rows = starts.map((start, k) => pictures.slice(start, starts[k + 1]));
  const longest = rows.reduce((most, row) => (row.length > most.length ? row : most), []);
  const steps = stepsAFrame(longest);
  if (steps === undefined) return undefined;
  let best: { readonly steps: number; readonly seconds: number } | undefined;
  for (const row of rows) {
    const span = spanOf(row);
    if (span && span.steps > (best?.steps ?? 0)) best = span;
  }
  // All pictures of a row are in one packet: the next one's tells how long they last.
  for (const [k, row] of best ? [] : rows.slice(0, -1).entries()) {
    const [from, to] = [row[0]!.seconds, rows[k + 1]![0]!.seconds];
    if (from !== undefined && to !== undefined && to > from)
      best ??= { steps: steps * row.length, seconds: to - from };
  }
  const stepSeconds = best && best.seconds / best.steps;
  return stepSeconds === undefined ? undefined : { frameSeconds: steps * stepSeconds, stepSeconds };
}

/** The least difference of two places. */
function stepsAFrame(row: readonly PacedPicture[]): number | undefined {
  const orders = row.map(({ order }) => order);
  if (orders.length === 0 || orders.includes(undefined)) return undefined;
  const sorted = (orders as number[]).toSorted((a, b) => a - b);
  const differences = sorted.slice(1).map((order, i) => order - sorted[i]!);
  return differences.reduce(
    (least, step) => (step > 0 ? Math.min(least, step) : least),
    differences.length > 0 ? Number.POSITIVE_INFINITY : 1,
  );
}

/** From the first picture with a time to the last one. */
function spanOf(row: readonly PacedPicture[]): { steps: number; seconds: number } | undefined {
  const timed = row.filter(({ seconds }) => seconds !== undefined);
  const sorted = timed.toSorted((a, b) => a.order! - b.order!);
  const [from, to] = [sorted[0], sorted.at(-1)];
  if (!from || !to) return undefined;
  const steps = to.order! - from.order!;
  const seconds = to.seconds! - from.seconds!;
  return steps > 0 && seconds > 0 ? { steps, seconds } : undefined;
}
