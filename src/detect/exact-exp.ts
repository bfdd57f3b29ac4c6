/** ln 2 in two parts: the first has so few digits that its multiples are exact. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** 1 / n! up to a share of less than 2^-53 for half of ln 2. */
const TERMS = 14;

/**
 * e to the power of x, by additions, multiplications and divisions alone. Those are the same on every device
 * (IEEE 754), which `Math.exp` need not be (ECMAScript, 21.3.2: an implementation's own approximation). Within a few units
 * in the last place of the true value.
 */
export function exactExp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709) return Number.POSITIVE_INFINITY;
  if (x < -708) return 0;
  const halvings = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - halvings * LN2_HIGH - halvings * LN2_LOW;
  let sum = 1;
  for (let n = TERMS; n > 0; n--) sum = 1 + (rest / n) * sum;
  const factor = halvings < 0 ? 0.5 : 2;
  for (let i = Math.abs(halvings); i > 0; i--) sum *= factor;
  return sum;
}
