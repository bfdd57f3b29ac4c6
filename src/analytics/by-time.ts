/** A stretch of the clock or, where the clock is not known, of the video. */
export interface TimeBucket {
  /** Milliseconds from the video's start; below 0 where a clock's hour began before the video. */
  readonly beginMs: number;
  readonly endMs: number;
  /** Its begin on the clock, `2026-03-01T09:00:00+01:00`; absent where the clock is not known. */
  readonly clock?: string;
}

/** Milliseconds of the stretches that counts are given by. */
export const BUCKET_MS = {
  minute: 60_000,
  'quarter-hour': 900_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const;

/** More stretches than this are of no use to anybody, and fill the memory. */
const MOST_BUCKETS = 1_000_000;

/** A stretch that counts are given by. */
export type BucketName = keyof typeof BUCKET_MS;

/**
 * Parts a video's time into minutes, quarters of an hour, hours or days: of the clock where it is known (9:00 to 10:00, in the offset from UTC
 * that `startsAt` names), else from the video's start. There is at least one.
 * @param durationMs length of the video in milliseconds
 * @param startsAt when the video begins: ISO 8601 with an offset
 * @throws RangeError where there would be more than a million
 */
export function timeBuckets(
  durationMs: number,
  name: BucketName,
  startsAt: string | undefined,
): TimeBucket[] {
  const length = BUCKET_MS[name];
  if (!(durationMs / length <= MOST_BUCKETS))
    throw new RangeError(
      `durationMs must be at most ${MOST_BUCKETS} times a ${name}; it is ${durationMs}.`,
    );
  const clock = startsAt === undefined ? undefined : clockOf(startsAt);
  const into = clock ? (((clock.utcMs + clock.offsetMs) % length) + length) % length : 0;
  const buckets: TimeBucket[] = [];
  for (let beginMs = 0 - into; beginMs < durationMs || buckets.length === 0; beginMs += length) {
    buckets.push({
      beginMs,
      endMs: beginMs + length,
      ...(clock === undefined ? {} : { clock: clockText(startsAt!, beginMs) }),
    });
  }
  return buckets;
}

/** The longest stretch that still parts a video into some: the one that a chart begins with. */
export function bucketFor(durationMs: number): BucketName {
  if (durationMs <= 30 * BUCKET_MS.minute) return 'minute';
  if (durationMs <= 3 * BUCKET_MS.hour) return 'quarter-hour';
  return durationMs <= 3 * BUCKET_MS.day ? 'hour' : 'day';
}

/** Which bucket a moment lies in; of moments before the first and behind the last, these. */
export function bucketAt(buckets: readonly TimeBucket[], timestampMs: number): number {
  const first = buckets[0]!;
  const at = Math.floor((timestampMs - first.beginMs) / (first.endMs - first.beginMs));
  return Math.min(buckets.length - 1, Math.max(0, at));
}

/** A moment of a video on the clock, in the offset of `startsAt`, to the second: `2026-03-01T09:00:07+01:00`. */
export function clockText(startsAt: string, timestampMs: number): string {
  const { utcMs, offsetMs, offset } = clockOf(startsAt);
  const local = new Date(utcMs + offsetMs + timestampMs).toISOString();
  return `${local.slice(0, 19)}${offset}`;
}

function clockOf(startsAt: string): { utcMs: number; offsetMs: number; offset: string } {
  const offset = /(Z|[+-]\d{2}:\d{2})$/.exec(startsAt)![1]!;
  const [hours, minutes] = offset === 'Z' ? [0, 0] : offset.slice(1).split(':').map(Number);
  const sign = offset.startsWith('-') ? -1 : 1;
  return {
    utcMs: Date.parse(startsAt),
    offsetMs: sign * (hours! * 60 + minutes!) * 60_000,
    offset,
  };
}
