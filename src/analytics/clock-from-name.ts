import { isDay } from './is-day.ts';

const DATE =
  /(?<!\d)(?<year>20\d\d)(?<mark>[-_.]?)(?<month>0[1-9]|1[0-2])\k<mark>?(?<day>0[1-9]|[12]\d|3[01])/;
/** To the second, or to the minute where marks show that it is a time: `093000`, `9.30.00 AM`, `09h30m00s`, `09-30`. */
const TIME =
  /(?<hour>[01]\d|2[0-3]|\d(?=[-_.:h]))(?:(?<part>[-_.:]?)(?<minute>[0-5]\d)\k<part>(?<second>[0-5]\d)|h(?<minuteH>[0-5]\d)(?:m?(?<secondH>[0-5]\d)s?)?|[-.:](?<minuteOnly>[0-5]\d)(?![-_.:]?\d))(?:[ _\u202f]?(?<half>[AP]M)\b)?/;
/** What a camera's name of a video has: a date, then a time, with or without marks. */
const PATTERN = new RegExp(
  `${DATE.source}(?:[-_ .T]{0,3}|[-_ ]at[-_ ])${TIME.source}(?!\\d{1,2}(?:\\D|$))`,
);

/**
 * When a video was begun, as its name tells: cameras write `VID_20260301_093000.mp4`, `2026-03-01 09-30-00.mkv`,
 * `NVR_ch1_main_20260301093000_20260301100000.mp4`; the first moment in the name counts.
 * @returns the clock on the wall, `2026-03-01T09:30:00`, without an offset from UTC; nothing where the name tells none
 */
export function clockFromName(name: string): string | undefined {
  const found = PATTERN.exec(name);
  if (!found) return undefined;
  const { year, month, day, hour, half, ...rest } = found.groups!;
  const date = `${year}-${month}-${day}`;
  if (!isDay(date)) return undefined;
  const minute = rest.minute ?? rest.minuteH ?? rest.minuteOnly;
  const second = rest.second ?? rest.secondH ?? '00';
  return `${date}T${fullHour(Number(hour), half)}:${minute}:${second}`;
}

/** The hour of 24, of one of 12 with its half of the day. */
function fullHour(hour: number, half: string | undefined): string {
  const full = half === undefined || hour > 12 ? hour : (hour % 12) + (half === 'PM' ? 12 : 0);
  return String(full).padStart(2, '0');
}

/**
 * The camera that a video's name tells of: what is left without times and the file's ending, `NVR_ch1_main` of the last
 * example above. All videos of a camera have it in common.
 * @returns nothing where the name is made of times alone
 */
export function cameraFromName(name: string): string | undefined {
  const base = name
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '');
  const rest = base
    .replaceAll(new RegExp(PATTERN.source, 'g'), ' ')
    // What parted the times from the name, and a second time without its day.
    .replaceAll(/[\s_.-]+(?=\s|$)|(?<=^|\s)[\s_.-]+/g, ' ')
    .trim()
    .slice(0, 200);
  return rest === '' ? undefined : rest;
}
