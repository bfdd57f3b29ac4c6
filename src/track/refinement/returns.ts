/** Parts that are taken for seen beforehand, half of them of somebody who had been there: few tell little. */
const ASSUMED_PARTS = 2;
/** Steps by which the share has settled. */
const STEPS = 50;

/**
 * How likely whoever begins in this video was there before. At a door nobody comes back, and of dozens who went out one always looks
 * a little like whoever comes in; in a square most do. Looks alone are a likelihood ratio: how much they must say depends on how
 * usual a return is here. All parts and their looks tell that together, as the share of a mixture by expectation maximisation (Dempster,
 * Laird and Rubin, "Maximum Likelihood from Incomplete Data via the EM Algorithm", 1977).
 * @param parts for each what looks say, in nats, for its being one person with each earlier part that it may be; of which there is
 *   none, it is left out
 * @returns log odds of a return, in nats; 0 where nothing is known
 */
export function returnEvidence(parts: readonly (readonly number[])[]): number {
  // One of them at most is the same person, and none is any likelier beforehand.
  const ratios = parts
    .filter(({ length }) => length > 0)
    .map((evidence) => evidence.reduce((sum, nats) => sum + Math.exp(nats), 0) / evidence.length);
  let share = 0.5;
  for (let step = 0; step < STEPS; step++) {
    const returns = ratios.reduce(
      (sum, ratio) => sum + (share * ratio) / (share * ratio + 1 - share),
      ASSUMED_PARTS / 2,
    );
    share = returns / (ratios.length + ASSUMED_PARTS);
  }
  return Math.log(share / (1 - share));
}
