/**
 * Rounds the weights of a channel's window so that their errors cancel. Activations side by side are much alike, so what the errors do
 * to the result is about their sum: those that are nearest to the other whole number are rounded there until the sum is a
 * half at most (Guo et al. 2022, "SQuant", arXiv 2202.07471, kernel-wise; it needs no pictures).
 * @param {number[]} exact weights of the window
 * @param {number} most greatest magnitude of a weight
 * @returns {number[]} whole numbers
 */
export function roundWindow(exact, most) {
  const whole = exact.map(Math.round);
  const errors = whole.map((weight, i) => weight - exact[i]);
  const sum = errors.reduce((total, error) => total + error, 0);
  const away = -Math.sign(sum);
  const others = [...whole.keys()]
    .filter((i) => Math.abs(whole[i] + away) <= most)
    .sort((a, b) => away * (errors[a] - errors[b]));
  for (const i of others.slice(0, Math.round(Math.abs(sum)))) whole[i] += away;
  return whole;
}
