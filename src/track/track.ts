/** The detector saw the person in this sample and the tracker knew at once. */
export const OBSERVED = 0;
/** Nobody saw the person in this sample: the box is filled in between two others. */
export const FILLED = 1;
/** Afterwards, a detection was found in this sample that continues the track. */
export const RECOVERED = 2;

/** One person's whole path. Structure of arrays, one element a sample the person is in, in order of time. */
export interface Track {
  /** Rekognition's Person.Index: from 0 without gaps, in order of first appearance. */
  readonly index: number;
  /**
   * Ordinals of samples, ascending, not necessarily without gaps: of detection frames as tracking gives them (see
   * `HistoryChunk`), of the sample grid once `fillBetweenDetections` has brought them there.
   */
  readonly samples: Int32Array;
  /** 4 numbers a sample, XyxyPx. */
  readonly boxes: Float32Array;
  /** 0 to 1; a filled box has the lower score of its two neighbours. */
  readonly scores: Float32Array;
  /** OBSERVED, FILLED or RECOVERED. */
  readonly flags: Uint8Array;
}
