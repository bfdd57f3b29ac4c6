/**
 * What MOTChallenge's classes mean to a grader of people.
 * Source: Milan et al., "MOT16: A Benchmark for Multi-Object Tracking", arXiv 1603.00831, table 3 and
 * section 4.1.3; MOT20's addition from Dendorfer et al., arXiv 2003.09003.
 */

/** The one class that is graded. */
export const PEDESTRIAN = 1;
/** An area with more people than anybody annotated. */
export const CROWD = 13;
/** In MOT20 a distractor too. */
const NON_MOTORISED_VEHICLE = 6;
/** A person on a vehicle, a static person, a distractor, a reflection. */
const DISTRACTORS: ReadonlySet<number> = new Set([2, 7, 8, 12]);

/** Whether a class looks so much like a pedestrian that finding it is no mistake, and no merit. */
export function isDistractor(motClass: number, isMot20: boolean): boolean {
  return DISTRACTORS.has(motClass) || (isMot20 && motClass === NON_MOTORISED_VEHICLE);
}
