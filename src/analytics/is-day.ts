/** Whether there is a day of that date, `2026-02-28`: programs take the 30th of February for the 2nd of March, or for no date. */
export function isDay(date: string): boolean {
  const [year, month, day] = date.split('-').map(Number);
  const read = new Date(Date.UTC(year!, month! - 1, day!));
  return read.getUTCMonth() === month! - 1 && read.getUTCDate() === day!;
}
