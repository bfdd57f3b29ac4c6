/** Year, month, day, then hour, minute, second, with or without the marks between them that cameras put there. */
const PATTERN =
  /(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])[-_ .T]{0,3}(?:at )?([01]\d|2[0-3])([-_.:h]?)([0-5]\d)\6([0-5]\d)(?!\d{1,2}(?:\D|$))/;

/**
 * When a video was begun, as its name tells: cameras write `VID_20260301_093000.mp4`, `2026-03-01 09-30-00.mkv`,
 * `NVR_ch1_main_20260301093000_20260301100000.mp4`; the first moment in the name counts.
 * @returns the clock on the wall, `2026-03-01T09:30:00`, without an offset from UTC; nothing where the name tells none
 */
export function clockFromName(name: string): string | undefined {
  const found = PATTERN.exec(name);
  if (!found) return undefined;
  const [, year, , month, day, hour, , minute, second] = found;
  const date = `${year}-${month}-${day}`;
  // The 31st of February is no day.
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return undefined;
  return `${date}T${hour}:${minute}:${second}`;
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
