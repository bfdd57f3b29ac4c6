/**
 * The middle value of those that are numbers; of an even number of them the mean of two.
 * @returns undefined where none is a number
 */
export function median(values: ArrayLike<number>): number | undefined {
  // What is no number is sorted to the end.
  const sorted = new Float64Array(values).sort();
  let count = sorted.length;
  while (count > 0 && Number.isNaN(sorted[count - 1])) count--;
  if (count === 0) return undefined;
  const middle = count >> 1;
  return count % 2 === 1 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
