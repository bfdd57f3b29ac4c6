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
  let best: Span | undefined;
  for (const [k, row] of rows.entries()) {
    const span = spanOf(row, rows[k + 1]?.[0]);
    if (span && span.frames > (best?.frames ?? 0)) best = span;
  }
  if (!best) return undefined;
  const frameSeconds = best.seconds / best.frames;
  return { frameSeconds, stepSeconds: frameSeconds / best.stepsAFrame };
}

/** What is known of pictures between two that have a time. */
interface Span {
  readonly frames: number;
  readonly seconds: number;
  readonly stepsAFrame: number;
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

/**
 * From the first picture with a time to the last one. Where all are in one packet, the next one's tells how long they last.
 * @param next the first picture behind them
 */
function spanOf(row: readonly PacedPicture[], next: PacedPicture | undefined): Span | undefined {
  const steps = stepsAFrame(row);
  if (steps === undefined) return undefined;
  const timed = row.filter(({ seconds }) => seconds !== undefined);
  const sorted = timed.toSorted((a, b) => a.order! - b.order!);
  const [from, to] = [sorted[0], sorted.at(-1)];
  if (!from || !to || (from === to && from !== row[0])) return undefined;
  const frames = from === to ? row.length : (to.order! - from.order!) / steps;
  const end = from === to ? next?.seconds : to.seconds;
  const seconds = (end ?? 0) - from.seconds!;
  return end !== undefined && seconds > 0 ? { frames, seconds, stepsAFrame: steps } : undefined;
}
