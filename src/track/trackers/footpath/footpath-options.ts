import { type Appearance, USUAL_APPEARANCE } from '../../appearance/appearance.ts';
import type { MotionNoise } from '../../filter/box-motion.ts';
import { DEFAULT_SCORE_THRESHOLD } from '../../tracker.ts';

/** Knobs of the footpath tracker. Times are in seconds, so that they hold at every frame rate. */
export interface FootpathOptions {
  /** Score from which a detection is of high confidence, 0 to 1; belongs to the detector. Higher: fewer false tracks, more gaps. */
  readonly scoreThreshold: number;
  /** Least score of a detection of low confidence, which may only continue a track. Lower: fewer gaps, more drift. 1: none. */
  readonly lowScore: number;
  /** Track activation threshold: share of the way from the score threshold to 1 that a new track's first score must reach. Higher: fewer false tracks. */
  readonly activationMargin: number;
  /** Lost-track buffer: how long a track waits unseen. Longer: bridges occlusions, may pick up somebody else. */
  readonly lostTrackSeconds: number;
  /**
   * How people move and how well they are measured; {@link MotionNoise}. What is given is taken as it is; left out, the
   * acceleration starts at the default and is learnt while tracking.
   */
  readonly noise: MotionNoise;
  /** Share of its size a box is grown before overlap is taken. Higher: follows jumps, confuses neighbours. */
  readonly buffer: number;
  /** Buffer gained for each second a track was not seen: the longer, the less is known where it is. */
  readonly bufferPerSecond: number;
  /** Speed at which a person seen only once may have gone on, in heights a second; people walk at about one. */
  readonly startReach: number;
  /** Weighs overlap by that in height. Off: people side by side are confused more often. */
  readonly heightWeight: boolean;
  /** How far the score of a detection weighs its overlap, 0 to 1. Higher: confident detections are taken first. */
  readonly scoreWeight: number;
  /** Least similarity of a detection of high confidence with a track. Higher: fewer switches, more broken tracks. */
  readonly minimumSimilarity: number;
  /** The same for a detection of low confidence. */
  readonly minimumLowSimilarity: number;
  /** What the latter gains for each second a track was not seen: weak evidence must not find a long-lost person. */
  readonly lowPenaltyPerSecond: number;
  /**
   * Share of the low-confidence detections of like score that must have continued tracks in this video for the adaptive
   * threshold to go down to them: they then count as of high confidence, except that they start no track. Higher: fewer
   * false boxes, more gaps. Above 1: never.
   */
  readonly adaptiveThresholdShare: number;
  /** Least similarity at which what is left between the adaptive threshold and the given one goes to people still unseen. 1: never. */
  readonly minimumRecoverySimilarity: number;
  /** The same for the second detection of a track. Higher: fewer tracks of two false boxes that happen to lie near each other. */
  readonly minimumNewSimilarity: number;
  /**
   * What the latter loses for each second between two samples, as overlap is lost by whoever walks on with a velocity that is not known
   * yet. It never falls below a tenth.
   */
  readonly newAllowancePerSecond: number;
  /** IoU with a person seen in this sample from which a detection is a double and starts no track. 1: never. */
  readonly duplicateIou: number;
  /** Global motion compensation: follow jumps of the camera, estimated from the boxes. */
  readonly compensateGlobalMotion: boolean;
  /**
   * Share of the filter's own estimate in the reported box where people are calm, 0 (as detected) to 1. Higher:
   * steadier, later.
   */
  readonly smoothing: number;
  /** Acceleration up to which people are calm; brisker ones get less smoothing in proportion. Infinity: all the same. */
  readonly calmAcceleration: number;
  /** Report a detection below the adaptive threshold only of a track whose mean score is above it. Off: more found, more false. */
  readonly meanScoreCheck: boolean;
  /** How long a track must be seen, first to last, to be confirmed whatever its kind, in seconds. */
  readonly confirmationSeconds: number;
  /**
   * A track that was not seen for so long yet is reported where this share of those that began like it in this video did
   * last. Higher: fewer false people, later starts. 0: always.
   */
  readonly minimumChance: number;
  /** The same for its very first detection. Higher: fewer false people, starts a sample later. Above 1: never. */
  readonly immediateChance: number;
  /** What appearance tells, where detections have embeddings: unlike ones count against a pair. */
  readonly appearance: Appearance;
}

/** The product's defaults: one set for every scene, chosen on the suites of docs/tracking.md. */
export const FOOTPATH_DEFAULTS: FootpathOptions = {
  scoreThreshold: DEFAULT_SCORE_THRESHOLD,
  lowScore: 0.1,
  activationMargin: 0.1,
  lostTrackSeconds: 1,
  noise: { acceleration: 1, sizeAcceleration: 0.01, position: 0.08, size: 0.14 },
  buffer: 0.2,
  bufferPerSecond: 0.3,
  startReach: 3,
  heightWeight: true,
  scoreWeight: 0.5,
  minimumSimilarity: 0.2,
  minimumLowSimilarity: 0.3,
  lowPenaltyPerSecond: 0.3,
  adaptiveThresholdShare: 0.55,
  minimumRecoverySimilarity: 0.1,
  minimumNewSimilarity: 0.4,
  newAllowancePerSecond: 2.5,
  duplicateIou: 0.6,
  compensateGlobalMotion: true,
  smoothing: 0.6,
  calmAcceleration: 0.35,
  meanScoreCheck: true,
  confirmationSeconds: 1,
  minimumChance: 0.25,
  immediateChance: 0.6,
  appearance: USUAL_APPEARANCE,
};
