/** One person's whole path, for drawing and lists; arrays of equal length `n`, ascending in time. */
export interface PersonPath {
  readonly index: number;
  /** n times, integer milliseconds. */
  readonly timestampsMs: Float64Array;
  /** n ordinals of the displayed frames in the video, from 0. */
  readonly frames: Int32Array;
  /** 4n numbers: Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: Float32Array;
  /** n detector scores, 0 to 1. */
  readonly scores: Float32Array;
  /** n times 0 observed, 1 filled in between by estimate, 2 recovered: a detection that was joined afterwards. */
  readonly flags: Uint8Array;
}
