import type { ReidEmbeddings } from './detections.ts';
import type { Observations } from './observations.ts';

/**
 * A stretch of consecutive samples: what was detected in them and what the tracker made of it. Samples here and in all of
 * `src/track` are detection frames, counted from 0; where a job detects in every sample of the grid, they are the grid's.
 */
export interface HistoryChunk {
  /** Ordinal of the first sample. */
  readonly firstSample: number;
  /** Time of each sample of the stretch in seconds, growing; samples without people count too. */
  readonly times: Float64Array;
  /** One more than there are samples: the detections of the i-th sample are rows offsets[i] to offsets[i + 1] - 1. */
  readonly offsets: Int32Array;
  /** 4 numbers a detection, XyxyPx: all that the detector found, those of low confidence (score from 0.1 up) too. */
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  /** How unsure the detector is of each side, as in `Detections`. Absent where it does not tell. */
  readonly spreads?: Int8Array;
  /** Appearance embeddings, a row a detection, as in `Detections`. Absent when there are none. */
  readonly features?: Int8Array;
  /** How some detections look to a network that knows people again; `rows` count within the stretch. Absent: none looked. */
  readonly reid?: ReidEmbeddings;
  /** The tracker's rows of these samples; `detections` are indices within the row's own sample. */
  readonly observations: Observations;
}

/**
 * A whole job as it is stored, read in pieces, so that hours of video need not be in memory. Chunks follow one
 * another without a gap; sample ordinals count from 0.
 */
export interface History {
  readonly chunkCount: number;
  /** Reads one chunk; each may be read several times. */
  chunk(index: number): Promise<HistoryChunk>;
}
