import { clockFromName } from './clock-from-name.ts';

/**
 * When a video begins, as its name tells: ISO 8601 with the offset from UTC that the name tells, else with the one that this
 * device's clock had then. A camera that names its own offset is believed; of UTC itself nobody's day is.
 * @returns nothing where the name tells no time
 */
export function startFromName(name: string): string | undefined {
  const wall = clockFromName(name);
  return wall === undefined || /[+-]\d\d:\d\d$/.test(wall) ? wall : onThisClock(wall);
}

/** A time on the wall, `2026-03-01T09:30:00`, or of UTC, with a `Z`, by this device's clock and with the offset that it had then. */
export function onThisClock(wall: string): string {
  return isoOf(new Date(wall));
}

/** A moment on this device's clock, to the second, with its offset: `2026-03-01T09:30:00+01:00`. */
export function isoOf(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const wall = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const offset = `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  return `${wall}${offset}`;
}
