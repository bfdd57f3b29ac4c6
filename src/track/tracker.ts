import type { Detections } from './detections.ts';

/**
 * Score from which a detection is of high confidence where nobody says otherwise, 0 to 1: half, for scores that are the
 * chance of a person being there. Detectors whose scores are not name their own in their manifest.
 */
export const DEFAULT_SCORE_THRESHOLD = 0.5;

/** Life of a track: not yet confirmed, confirmed. (A lost track gives no observation.) */
export const TENTATIVE = 0;
/** See {@link TENTATIVE}. */
export const CONFIRMED = 1;

/**
 * The tracks seen in one sample; a structure of arrays, `count` long. Only tracks that a detection of
 * this sample was assigned to are in it. The arrays may be reused by the next `update`: copy what you keep.
 */
export interface Assignments {
  readonly count: number;
  /** Track ids, from 1, never reused within one tracker. */
  readonly ids: Int32Array;
  /** 4 x count, XyxyPx: the box the tracker reports. */
  readonly boxes: Float32Array;
  /** Scores of the assigned detections. */
  readonly scores: Float32Array;
  /** Index into the given detections. */
  readonly detections: Int32Array;
  /** TENTATIVE or CONFIRMED. A tracker's own output, as the literature grades it, is its CONFIRMED rows. */
  readonly states: Uint8Array;
}

/** A tracker's whole state as plain data: structured-cloneable, and JSON-safe through typed arrays as number arrays. */
export interface TrackerSnapshot {
  /** Name and version of the tracker that wrote it; another one refuses it. */
  readonly tracker: string;
  readonly state: unknown;
}

/** Follows people from sample to sample. Deterministic: the same calls give the same answers, bit for bit. */
export interface Tracker {
  /** For example `sort`. */
  readonly name: string;
  /**
   * Takes the detections of the next sample.
   * @param detections what the detector found
   * @param timeSeconds time of the sample from the video's start; must grow from call to call
   * @throws RangeError when time does not grow or an array is too short
   */
  update(detections: Detections, timeSeconds: number): Assignments;
  /** State to continue from, bit for bit, with `restore`. */
  snapshot(): TrackerSnapshot;
  /** @throws TypeError when the snapshot is another tracker's */
  restore(snapshot: TrackerSnapshot): void;
}

/**
 * The state of a snapshot, for the tracker that wrote it.
 * @param version name and version of the tracker that asks
 * @throws TypeError when the snapshot is another tracker's
 */
export function ownState(snapshot: TrackerSnapshot, version: string): unknown {
  if (snapshot.tracker === version) return snapshot.state;
  throw new TypeError(`the snapshot is of "${snapshot.tracker}", this tracker is "${version}"`);
}
