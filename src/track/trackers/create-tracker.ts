import type { Tracker } from '../tracker.ts';
import { createFootpath } from './footpath/footpath.ts';
import { createByteTrack } from './published/bytetrack.ts';
import { createOcSort } from './published/ocsort.ts';
import { createSort } from './published/sort.ts';

/** Trackers by name. */
export const TRACKER_NAMES = ['footpath', 'sort', 'bytetrack', 'ocsort'] as const;

/** One of {@link TRACKER_NAMES}. */
export type TrackerName = (typeof TRACKER_NAMES)[number];

/** What every tracker understands. */
export interface TrackerOptions {
  /**
   * Score from which a detection is of high confidence, 0 to 1; it belongs to the detector, not to the scene. Higher:
   * fewer false tracks, more gaps. Default 0.5.
   */
  readonly scoreThreshold?: number;
}

/** Whether a text names a tracker. */
export function isTrackerName(name: string): name is TrackerName {
  return (TRACKER_NAMES as readonly string[]).includes(name);
}

/**
 * Whether a stored video is refined after this tracker when nobody says: ours is, the published ones stay as they
 * were published.
 */
export function refinesByDefault(name: TrackerName): boolean {
  return name === 'footpath';
}

/**
 * Makes a tracker, ready for its first sample.
 * @param name which one
 * @param options what every tracker understands; the trackers' own knobs are on their own functions
 */
export function createTracker(name: TrackerName, options: TrackerOptions = {}): Tracker {
  switch (name) {
    case 'footpath':
      return createFootpath(options);
    case 'bytetrack':
      return createByteTrack(options);
    case 'ocsort':
      return createOcSort(options);
    case 'sort':
      return createSort(options);
  }
}
