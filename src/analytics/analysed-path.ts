/** One person's path as analysis reads it; a `PersonPath` is one. */
export interface AnalysedPath {
  /** Index of the person. */
  readonly index: number;
  /** n times in milliseconds from the video's start, ascending. */
  readonly timestampsMs: ArrayLike<number>;
  /** 4n numbers: Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: ArrayLike<number>;
}
