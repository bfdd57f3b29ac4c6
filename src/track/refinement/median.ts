/**
 * The middle value; of an even number, the upper of the two.
 * @param values at least one
 */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[sorted.length >> 1]!;
}

/**
 * Standard deviation that outliers hardly move: the median distance from the centre, as large as it is in a normal
 * distribution of that deviation.
 * @param values at least one
 * @param center their median, or where they are known to lie around
 */
export function robustDeviation(values: readonly number[], center: number): number {
  // The median absolute value of a normal variable is its deviation / 1.4826.
  return 1.4826 * median(values.map((value) => Math.abs(value - center)));
}
