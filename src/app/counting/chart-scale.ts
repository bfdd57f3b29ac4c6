/** Steps of a scale of whole numbers, times a power of ten. */
const STEPS = [1, 2, 5];

/**
 * Marks of a scale from 0: whole numbers, evenly, few enough to be read.
 * @param greatest value on the scale
 * @param most marks, besides 0
 */
export function marksOf(greatest: number, most: number): number[] {
  let step = 1;
  for (let power = 1; greatest / step > most; power *= 10) {
    step = STEPS.map((it) => it * power).find((it) => greatest / it <= most) ?? step;
  }
  return Array.from({ length: Math.floor(greatest / step) + 1 }, (_, i) => i * step);
}

/**
 * Which of the labels beside one another have room: every so many, from the first.
 * @param widths of the labels
 * @param room for all of them
 * @param gap between two
 */
export function labelsWithRoom(widths: readonly number[], room: number, gap: number): number[] {
  const most = Math.max(1, Math.floor(room / (Math.max(...widths) + gap)));
  const step = Math.ceil(widths.length / most);
  return Array.from({ length: Math.ceil(widths.length / step) }, (_, i) => i * step);
}
