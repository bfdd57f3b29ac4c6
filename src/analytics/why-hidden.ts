/** Why feet are not seen, as a code of each sample. */

/** They are seen, or nothing is known against it. */
export const FREE = 0;
/** Somebody stands before them. */
export const BEHIND = 1;
/** They are below the picture. */
export const BELOW_PICTURE = 2;
/** The box reaches down to the feet of somebody else. */
export const SOMEBODY_ELSES = 3;
