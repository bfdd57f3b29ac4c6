import type { EmbeddingSpreads } from '../appearance/embedding-kind.ts';
import { DEFAULT_SCORE_THRESHOLD } from '../tracker.ts';
import type { FootpathOptions } from '../trackers/footpath/footpath-options.ts';

/** Knobs of refinement. */
export interface RefineOptions {
  /** Score from which a detection is of high confidence, 0 to 1; the tracker's own. */
  readonly scoreThreshold: number;
  /** Longest gap that is filled with boxes, in seconds; 0 fills none. Longer: fewer gaps, more invented boxes. */
  readonly fillSeconds: number;
  /**
   * Longest gap over which two tracks are joined, in seconds; 0 joins none. Over more than a few seconds appearance decides,
   * where it was measured to tell people of this video apart. Longer: fewer ids, more wrong joins.
   */
  readonly rejoinSeconds: number;
  /** Least length of a track in seconds. Longer: fewer false people, brief ones are lost. */
  readonly minimumSeconds: number;
  /**
   * Tracks shorter than this, in seconds, stay only when they are confident, the more so the shorter they are. Longer: fewer
   * false people, those of low confidence are lost.
   */
  readonly shortSeconds: number;
  /** How far before its first detection of high confidence a person is tracked backward, in seconds; 0 not at all. */
  readonly backwardTrackingSeconds: number;
  /**
   * Ensemble of trackers that vote, as factors of the measured acceleration: below 1 expects calmer people, above 1 brisker
   * ones. More: a single unlucky match counts less, and it takes longer. An odd number.
   */
  readonly ensemble: readonly number[];
  /**
   * Evidence, in nats, against one person and for an exchange with somebody near from which a track is split. Higher: fewer
   * splits, more mix-ups stay.
   */
  readonly splitEvidence: number;
  /** Evidence from which parts are joined, less the ambiguity penalty: that of whoever else might be the one. Higher: more ids, fewer mix-ups. */
  readonly joinEvidence: number;
  /** Evidence that an end and a beginning fit one person's motion, where nobody was out of sight; less the longer they were. */
  readonly motionEvidence: number;
  /** Appearance tells no more than this, either way: what is rarer has causes that the spreads do not know. */
  readonly mostEvidence: number;
  /** What a re-identification network's embeddings usually are, where it looked at people; absent: colours tell them apart. */
  readonly reid?: EmbeddingSpreads;
  /** Smooth boxes over time. Off: boxes as detected. */
  readonly smooth: boolean;
  /** Knobs of the tracker that tracks anew, where they are to differ from its defaults. */
  readonly tracking: Partial<FootpathOptions>;
}

/** The product's defaults. */
export const REFINE_DEFAULTS: RefineOptions = {
  scoreThreshold: DEFAULT_SCORE_THRESHOLD,
  fillSeconds: 1,
  rejoinSeconds: 60,
  minimumSeconds: 0.3,
  shortSeconds: 2,
  backwardTrackingSeconds: 1,
  ensemble: [0.5, 1, 2],
  splitEvidence: 2,
  joinEvidence: 1,
  motionEvidence: 2,
  mostEvidence: 6,
  smooth: true,
  tracking: {},
};
