import type { BucketName, TimeBucket } from '../../analytics/by-time.ts';
import { clockText } from '../../element/duration.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';

/** Names of stretches of time: of the clock where it is known, with the day where there are several, else of the video. */
export function bucketLabels(
  language: AppLanguage,
  buckets: readonly TimeBucket[],
  by: BucketName,
): string[] {
  let lastDay = '';
  return buckets.map(({ beginMs, clock }, i) => {
    if (clock === undefined) return clockText(language, beginMs, 0);
    const at = new Date(`${clock.slice(0, 19)}Z`);
    const date = language.date(at, { day: 'numeric', month: 'short', timeZone: 'UTC' });
    if (by === 'day') return date;
    const time = language.date(at, { timeStyle: 'short', timeZone: 'UTC' });
    const isNewDay = i > 0 && date !== lastDay;
    lastDay = date;
    return isNewDay ? `${date} ${time}` : time;
  });
}
