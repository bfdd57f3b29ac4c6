/**
 * Boxes here and everywhere in `track`, `detect` and `engine` are `XyxyPx`: four numbers a box,
 * left, top, right, bottom, in pixels of the displayed frame (after rotation and with square pixels),
 * origin top left. Ratios (`LtwhNorm`) appear only at the contract's edge.
 */

/** What a detector found in one image; a structure of arrays, `count` long. */
export interface Detections {
  readonly count: number;
  /** 4 x count numbers, XyxyPx. */
  readonly boxes: Float32Array;
  /** count numbers, 0 to 1. */
  readonly scores: Float32Array;
  /**
   * How unsure the detector is of each side, left, top, right, bottom: the standard deviation of its distribution in 512ths of the
   * box's height, 127 for as much and more. Absent when the detector gives no distributions.
   */
  readonly spreads?: Int8Array;
  /**
   * Appearance embeddings, one row a detection, all of the same length: 127 times a vector of length 1, whose scalar
   * product with another tells how alike two people look. Absent when the detector gives none.
   */
  readonly features?: Int8Array;
  /** How some of them look to a network that knows people again. Absent where none looked at this image. */
  readonly reid?: ReidEmbeddings;
}

/** Embeddings of some detections: those of a sample, or of a stretch of samples. */
export interface ReidEmbeddings {
  /** Indices of the detections, ascending. */
  readonly rows: Int32Array;
  /** A row for each, all of the same length: 127 times a vector of length 1. */
  readonly values: Int8Array;
}

/** What was found in a sample of a video, before anybody was followed. */
export interface SampleDetections extends Detections {
  /** Seconds from the video's start. */
  readonly timeSeconds: number;
}

/** Of {@link Detections.spreads}, in heights of the box. */
export const SPREAD_UNIT = 1 / 512;

/** An image without people. */
export const NO_DETECTIONS: Detections = Object.freeze({
  count: 0,
  boxes: new Float32Array(0),
  scores: new Float32Array(0),
});
