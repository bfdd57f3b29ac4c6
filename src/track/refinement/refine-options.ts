import type { FootpathOptions } from '../trackers/footpath/footpath-options.ts';

/** Knobs of refinement. */
export interface RefineOptions {
  /** Score from which a detection is sure, 0 to 1; the tracker's own. */
  readonly scoreThreshold: number;
  /** Longest gap that is filled with boxes, in seconds; 0 fills none. Longer: fewer gaps, more invented boxes. */
  readonly fillSeconds: number;
  /**
   * Longest gap over which two tracks are joined, in seconds; 0 joins none. Over more than a few seconds looks decide,
   * where they were measured to tell people of this video apart. Longer: fewer ids, more wrong joins.
   */
  readonly linkSeconds: number;
  /** Least length of a track in seconds. Longer: fewer false people, brief ones are lost. */
  readonly minimumSeconds: number;
  /**
   * Tracks shorter than this, in seconds, stay only when they are sure, the surer the shorter they are. Longer: fewer
   * false people, unsure ones are lost.
   */
  readonly shortSeconds: number;
  /** How far before its first sure detection a person is followed back, in seconds; 0 not at all. */
  readonly followBackSeconds: number;
  /**
   * Trackers that vote, as factors of the measured acceleration: below 1 expects calmer people, above 1 brisker
   * ones. More: a single unlucky match counts less, and it takes longer. An odd number.
   */
  readonly committee: readonly number[];
  /**
   * Evidence, in nats, against one person and for an exchange with somebody near from which a track is cut. Higher: fewer
   * cuts, more mix-ups stay.
   */
  readonly cutEvidence: number;
  /** Evidence from which parts are joined, beyond that of whoever else might be the one. Higher: more ids, fewer mix-ups. */
  readonly joinEvidence: number;
  /** Evidence that an end and a beginning fit one person's motion. */
  readonly motionEvidence: number;
  /** Looks tell no more than this, either way: what is rarer has causes that the spreads do not know. */
  readonly mostEvidence: number;
  /** Smooth boxes over time. Off: boxes as detected. */
  readonly smooth: boolean;
  /** Knobs of the tracker that tracks anew, where they are to differ from its defaults. */
  readonly tracking: Partial<FootpathOptions>;
}

/** The product's defaults. */
export const REFINE_DEFAULTS: RefineOptions = {
  scoreThreshold: 0.5,
  fillSeconds: 1,
  linkSeconds: 60,
  minimumSeconds: 0.3,
  shortSeconds: 3,
  followBackSeconds: 0.5,
  committee: [0.5, 1, 2],
  cutEvidence: 2,
  joinEvidence: 1,
  motionEvidence: 2,
  mostEvidence: 6,
  smooth: true,
  tracking: {},
};
