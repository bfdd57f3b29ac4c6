import { clockText as isoText } from '../analytics/by-time.ts';
import type { ElementLanguage } from '../language/element/element-languages.ts';

/**
 * Milliseconds as a clock shows them: `0:07.4`, `12:03.0`, `1:02:03.4`, with the point that the country writes.
 * @param decimals digits of the second, 0 to 3; rounded down, so that a time never reads later than it is
 */
export function clockText(language: ElementLanguage, ms: number, decimals = 1): string {
  const unit = 10 ** (3 - decimals);
  const rest = Math.floor(Math.max(0, ms) / unit) * unit;
  const hours = Math.floor(rest / 3_600_000);
  const minutes = Math.floor(rest / 60_000) % 60;
  const seconds = language.number((rest % 60_000) / 1000, {
    minimumIntegerDigits: 2,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}

/** Milliseconds in words that fit a table: `0.8 s`, `42 s`, `3 min 5 s`, `1 h 4 min`. */
export function spanText(language: ElementLanguage, ms: number): string {
  if (ms < 10_000) {
    const tenths = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
    return language.say('span.seconds', {
      seconds: language.number(Math.max(0, ms) / 1000, tenths),
    });
  }
  const all = Math.round(ms / 1000);
  const [minutes, seconds] = [Math.floor(all / 60), all % 60];
  if (minutes === 0) return language.say('span.seconds', { seconds });
  if (minutes < 60) {
    return seconds === 0
      ? language.say('span.minutes', { minutes })
      : language.say('span.minutes-seconds', { minutes, seconds });
  }
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0
    ? language.say('span.hours', { hours })
    : language.say('span.hours-minutes', { hours, minutes: minutes % 60 });
}

/**
 * A moment of a video: the time of day as the country writes it where the clock is known (`09:00:07`; `2 Mar, 00:10:07` on a
 * day after the one that the video began on), else as {@link clockText}.
 * @param ms from the video's start
 * @param startsAt when the video begins, ISO 8601 with its offset from UTC
 */
export function momentText(
  language: ElementLanguage,
  ms: number,
  startsAt: string | null,
  decimals = 1,
): string {
  if (startsAt === null) return clockText(language, ms, decimals);
  const wall = wallOf(startsAt, ms);
  const isFirstDay = wall.toISOString().slice(0, 10) === startsAt.slice(0, 10);
  return language.date(wall, {
    ...(isFirstDay
      ? { timeStyle: 'medium' }
      : { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', second: '2-digit' }),
    timeZone: 'UTC',
  });
}

/**
 * Day and time of a moment of a video whose clock is known, to the minute.
 * @param ms from the video's start
 * @param startsAt when the video begins, ISO 8601 with its offset from UTC
 */
export function dayMomentText(language: ElementLanguage, ms: number, startsAt: string): string {
  return language.date(wallOf(startsAt, ms), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
}

/**
 * Day and times of a whole video whose clock is known: `1 Mar 2026, 09:00–10:00`, with seconds where it is shorter than
 * ten minutes.
 * @param startsAt when the video begins, ISO 8601 with its offset from UTC
 * @param durationMs how long it is
 */
export function daySpanText(
  language: ElementLanguage,
  startsAt: string,
  durationMs: number,
): string {
  return language.dateRange(wallOf(startsAt, 0), wallOf(startsAt, durationMs), {
    dateStyle: 'medium',
    timeStyle: durationMs < 600_000 ? 'medium' : 'short',
    timeZone: 'UTC',
  });
}

/** What the video's own clock shows at a moment, whatever the device's zone is, as if it were UTC. */
function wallOf(startsAt: string, ms: number): Date {
  return new Date(`${isoText(startsAt, ms).slice(0, 19)}Z`);
}
