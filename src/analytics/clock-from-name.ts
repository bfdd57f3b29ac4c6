import { isDay } from './is-day.ts';

/** Pixel phones and Zoom name videos by Greenwich's clock. */
const DATE =
  /(?<=(?<greenwich>\bPXL_|\bGMT)|)(?<!\d)(?<year>20\d\d)(?<mark>[-_.]?)(?<month>0[1-9]|1[0-2])\k<mark>?(?<day>0[1-9]|[12]\d|3[01])/;
/** Marks between both, or a word of the languages in which systems name recordings. */
const BETWEEN = /(?:[-_\s.T]{0,3}|[-_\s](?:at|um|a las?|a la\(s\)|à|às|alle|om|في)[-_\s])/;
/** A fraction of the second, or what some recorders write in its place: when the video ends, a number of the file. */
const FRACTION = /(?:[-_.]?(?:\d{6}|\d{3})(?:ms)?(?!\d|\.\d)|\.\d\d(?!\d))?/;
/** To the second, or to the minute where marks show that it is a time: `093000`, `9.30.00`, `09h30m00s`, `09-30`. */
const TIME = new RegExp(
  `(?<hour>[01]\\d|2[0-3]|\\d(?=[-_.:h]))(?:${[
    `(?<part>[-_.:\\s]?)(?<minute>[0-5]\\d)\\k<part>(?<second>[0-5]\\d)${FRACTION.source}`,
    `h(?<minuteH>[0-5]\\d)(?:(?:m(?:in)?)?(?<secondH>[0-5]\\d)s?${FRACTION.source})?`,
    '(?:(?<=\\d\\d)[-.]|:)(?<minuteOnly>[0-5]\\d)(?![-_.:]?\\d|(?![ap]\\.?m)[a-z])',
  ].join('|')})(?!\\d)`,
);
const HALF = /(?:[\s_]?(?<half>[ap]\.?\s?m\b\.?|[صم](?=$|[\s._)])))?/;
const OFFSET = '(?:0\\d|1[0-4])[-:_]?(?:00|15|30|45)(?!\\d)';
/** The clock that the time is of. A minus is a mark as a rule: it is meant where date and time are parted by the T of ISO 8601. */
const ZONE = new RegExp(
  `(?<zone>Z(?![a-z\\d])|[-_\\s]?(?:UTC|GMT)(?:[+-]\\d\\d?(?::?\\d\\d)?)?(?![a-z\\d])|\\+${OFFSET}|(?<=\\dT\\d[^T]*)-${OFFSET})?`,
);
/** What a camera's name of a video has: a date, then a time, with or without marks. */
const PATTERN = new RegExp(
  DATE.source + BETWEEN.source + TIME.source + HALF.source + ZONE.source,
  'i',
);
const TIMES = new RegExp(PATTERN.source, 'gi');
/** Numbers behind a time count files, or are their lengths: `0001`, `120500-101000000000`, `6D28C08`; `(1)` is a copy. */
const FILE_NUMBERS =
  /(?<![\p{L}\d.])(?:(?:\d+[-_])*\d{3,}(?:[-_]\d+)*|(?=[a-f]*\d)[\da-f]{7,8}|\(\d+\))(?![\p{L}\d]|\.\d)/giu;

/**
 * When a video was begun, as its name tells: cameras write `VID_20260301_093000.mp4`, `2026-03-01 09-30-00.mkv`,
 * `NVR_ch1_main_20260301093000_20260301100000.mp4`; the first moment in the name counts.
 * @returns the clock on the wall, `2026-03-01T09:30:00`, with an offset from UTC, `Z` or `+01:00`, only where the name
 * tells that too, as `PXL_20260301_083000123.mp4` does; nothing where the name tells no time
 */
export function clockFromName(name: string): string | undefined {
  const found = PATTERN.exec(inOneForm(name));
  if (!found) return undefined;
  const { year, month, day, hour, half, greenwich, zone, ...rest } = found.groups!;
  const date = `${year}-${month}-${day}`;
  if (!isDay(date)) return undefined;
  const minute = rest.minute ?? rest.minuteH ?? rest.minuteOnly;
  const second = rest.second ?? rest.secondH ?? '00';
  const offset = zone !== undefined ? offsetOf(zone) : greenwich === undefined ? '' : 'Z';
  return `${date}T${fullHour(Number(hour), half)}:${minute}:${second}${offset}`;
}

/** macOS writes a letter and its accent apart, other systems as one: names that look the same are the same. */
function inOneForm(name: string): string {
  return name.normalize('NFC');
}

/** The hour of 24, of one of 12 with its half of the day. */
function fullHour(hour: number, half: string | undefined): string {
  const full =
    half === undefined || hour > 12 ? hour : (hour % 12) + (/^[pم]/i.test(half) ? 12 : 0);
  return String(full).padStart(2, '0');
}

/** `Z`, `UTC`, `GMT-7` or `+0100` as ISO 8601 writes it. */
function offsetOf(zone: string): string {
  const [, sign, hours, minutes = '00'] = /([+-])(\d\d?)[-:_]?(\d\d)?$/.exec(zone) ?? [];
  const offset = hours === undefined ? '+00:00' : `${sign}${hours.padStart(2, '0')}:${minutes}`;
  return /00:00$/.test(offset) ? 'Z' : offset;
}

/**
 * The camera that a video's name tells of: what is left without times, the numbers of files behind them and the file's
 * ending, `NVR_ch1_main` of the last example above. All videos of a camera have it in common.
 * @returns nothing where the name is made of times alone
 */
export function cameraFromName(name: string): string | undefined {
  const base = inOneForm(name)
    .split('/')
    .at(-1)!
    .replace(/\.[^.]+$/, '');
  const [before = '', ...behind] = base.replaceAll(TIMES, '\n').split('\n');
  const named = [before, ...behind.map((text) => text.replaceAll(FILE_NUMBERS, ' '))].join(' ');
  // A number that is all there is may be a camera's.
  const rest = (/[\p{L}\d]/u.test(named) ? named : [before, ...behind].join(' '))
    // What parted the times from the name.
    .replaceAll(/[\s_.-]+(?=\s|$)|(?<=^|\s)[\s_.-]+/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return rest === '' ? undefined : rest;
}
