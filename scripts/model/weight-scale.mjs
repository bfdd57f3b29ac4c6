/**
 * How fine a channel's weights may be. A weight of 64 fits into the kernels' 16-bit sums of four products whatever the others are; where the
 * others are smaller it may be up to 127, and all are rounded half as coarsely. What a device computes stays the same.
 */
/** Greatest magnitude of a weight: of 8 bits. */
export const MOST_WEIGHT = 127;
/** Greatest magnitude of one that may be beside any others. */
export const SAFE_WEIGHT = 64;
/** The magnitudes of weights of one sign in a sum are at most this, for 16 bits. @param {number} most greatest activation */
export const mostSum = (most) => Math.floor((2 ** 15 - 1) / most);
/** Of sixteen inputs side by side, those whose products some way of summing adds in 16 bits (workers/detector/wasm/int8/sums.ts). */
export const SUMMED_INPUTS = [
  [0, 1, 4, 5],
  [2, 3, 6, 7],
  [8, 9, 12, 13],
  [10, 11, 14, 15],
  ...[0, 1, 2, 3].map((first) => [first, first + 4, first + 8, first + 12]),
];
/** Of a window's nine taps, those whose products the kernel of depthwise convolutions adds in 16 bits. */
export const SUMMED_TAPS = [[0, 1, 2, 3], [4, 5, 6, 7], [8]];

/**
 * The finest scale with which whole weights stay within {@link MOST_WEIGHT}, and their sums within {@link mostSum}.
 * @param {ArrayLike<number>} exact weights of a channel
 * @param {readonly (readonly number[])[]} summed which of so many side by side are added in 16 bits
 * @param {number} most greatest activation
 * @param {number} slack by how much rounding may change a weight
 * @returns {number} what a step of a whole weight stands for, above 0
 */
export function finestScale(exact, summed, most, slack) {
  const length = 1 + Math.max(...summed.flat());
  let [largest, largestSum] = [1e-12, 0];
  for (let start = 0; start < exact.length; start += length) {
    for (const group of summed) {
      let [above, below] = [0, 0];
      for (const i of group) {
        const weight = exact[start + i] ?? 0;
        largest = Math.max(largest, Math.abs(weight));
        if (weight > 0) above += weight;
        else below -= weight;
      }
      largestSum = Math.max(largestSum, above, below);
    }
  }
  return Math.max(largest / MOST_WEIGHT, largestSum / (mostSum(most) - 4 * slack));
}
