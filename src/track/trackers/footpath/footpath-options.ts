import { type Appearance, USUAL_APPEARANCE } from '../../appearance/appearance.ts';
import type { MotionNoise } from '../../filter/box-motion.ts';

/** Knobs of the footpath tracker. Times are in seconds, so that they hold at every frame rate. */
export interface FootpathOptions {
  /** Score from which a detection is sure, 0 to 1; belongs to the detector. Higher: fewer false tracks, more gaps. */
  readonly scoreThreshold: number;
  /** Least score of an unsure detection, which may only continue a track. Lower: fewer gaps, more drift. 1: none. */
  readonly lowScore: number;
  /** Share of the way from the threshold to 1 that a new track's first score must reach. Higher: fewer false tracks. */
  readonly birthMargin: number;
  /** How long a track waits unseen. Longer: bridges occlusions, may pick up somebody else. */
  readonly memorySeconds: number;
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
  /** How far the score of a detection weighs its overlap, 0 to 1. Higher: sure detections are taken first. */
  readonly scoreWeight: number;
  /** Least similarity of a sure detection with a track. Higher: fewer switches, more broken tracks. */
  readonly minimumSimilarity: number;
  /** The same for an unsure detection. */
  readonly minimumUnsureSimilarity: number;
  /** What the latter gains for each second a track was not seen: weak evidence must not find a long-lost person. */
  readonly unsurePenaltyPerSecond: number;
  /**
   * Share of the unsure detections of like score that must have continued tracks in this video for such a detection
   * to be believed: it then counts as sure, except that it starts no track. Higher: fewer false boxes, more gaps.
   * Above 1: never.
   */
  readonly believedShare: number;
  /** Least similarity at which what is left of the believed detections goes to people still unseen. 1: never. */
  readonly minimumBelievedSimilarity: number;
  /** The same for the second detection of a track. */
  readonly minimumNewSimilarity: number;
  /** IoU with a person seen in this sample from which a detection is a double and starts no track. 1: never. */
  readonly duplicateIou: number;
  /** Follow jumps of the camera, estimated from the boxes. */
  readonly cameraShift: boolean;
  /**
   * Share of the filter's own estimate in the reported box where people are calm, 0 (as detected) to 1. Higher:
   * steadier, later.
   */
  readonly smoothing: number;
  /** Acceleration up to which people are calm; brisker ones get less smoothing in proportion. Infinity: all the same. */
  readonly calmAcceleration: number;
  /** Report a detection that is not believed only of a track whose mean score is. Off: more found, more false. */
  readonly meanScoreCheck: boolean;
  /** How long a track must be seen, first to last, to count as lasting, in seconds. */
  readonly lastingSeconds: number;
  /**
   * A track that is not known to last yet is reported where this share of those that began like it in this video did
   * last. Higher: fewer false people, later starts. 0: always.
   */
  readonly minimumChance: number;
  /** The same for its very first detection. Higher: fewer false people, starts a sample later. Above 1: never. */
  readonly immediateChance: number;
  /** What looks tell, where detections have descriptors: unlike looks count against a pair. */
  readonly appearance: Appearance;
}

/** The product's defaults: one set for every scene, chosen on the suites of docs/accuracy.md. */
export const FOOTPATH_DEFAULTS: FootpathOptions = {
  scoreThreshold: 0.5,
  lowScore: 0.1,
  birthMargin: 0.1,
  memorySeconds: 1,
  noise: { acceleration: 1, sizeAcceleration: 0.01, position: 0.08, size: 0.14 },
  buffer: 0.2,
  bufferPerSecond: 0.3,
  startReach: 3,
  heightWeight: true,
  scoreWeight: 0.5,
  minimumSimilarity: 0.2,
  minimumUnsureSimilarity: 0.3,
  unsurePenaltyPerSecond: 0.3,
  believedShare: 0.55,
  minimumBelievedSimilarity: 0.1,
  minimumNewSimilarity: 0.1,
  duplicateIou: 0.6,
  cameraShift: true,
  smoothing: 0.6,
  calmAcceleration: 0.35,
  meanScoreCheck: true,
  lastingSeconds: 1,
  minimumChance: 0.25,
  immediateChance: 0.6,
  appearance: USUAL_APPEARANCE,
};
