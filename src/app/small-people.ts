/** Whether people in a video are so small that some of them will not have been found. */
import type { DetectorReport } from '../engine/ports.ts';
import type { PersonPath } from '../track/path.ts';

/**
 * Height in pixels of the largest input from which NanoDet finds four people of five, at every quality; of those three quarters as high it
 * finds half, of those half as high hardly any (docs/accuracy.md, "How large people must be").
 */
const CLEAR_HEIGHT = 26;
/** Whoever is found is larger than those who are not: so it is enough that one box in four is too small. */
const SMALL_SHARE = 0.25;

/**
 * Whether people of a result are so small that others were not found. Known of the product's own detector; of others never.
 * @param paths of a whole result
 * @param detector that found them, absent: not known
 * @returns false too where nobody was found
 */
export function arePeopleSmall(
  paths: readonly PersonPath[],
  detector: Pick<DetectorReport, 'model' | 'inputs'> | undefined,
): boolean {
  if (detector?.model !== 'nanodet-person') return false;
  const least = CLEAR_HEIGHT / Math.max(...detector.inputs.map(({ height }) => height));
  let count = 0;
  let small = 0;
  for (const { boxes } of paths) {
    count += boxes.length / 4;
    for (let height = 3; height < boxes.length; height += 4) if (boxes[height]! < least) small++;
  }
  return small > SMALL_SHARE * count;
}
