/** What each part is worth: figures with one part off at a time. */

import type { RefineOptions } from '../../src/track/refinement/refine-options.ts';
import {
  FOOTPATH_DEFAULTS,
  type FootpathOptions,
} from '../../src/track/trackers/footpath/footpath-options.ts';

/** A part of the online tracker and the knobs that take it out. */
export const ONLINE_PARTS: readonly (readonly [string, Partial<FootpathOptions>])[] = [
  ['all parts', {}],
  ['no low-confidence detections (second pass)', { lowScore: 1 }],
  ['memory of one fifth of a second', { lostTrackSeconds: 0.2 }],
  ['memory of two seconds', { lostTrackSeconds: 2 }],
  ['no buffer around boxes', { buffer: 0, bufferPerSecond: 0 }],
  ['no weight of height overlap', { heightWeight: false }],
  ['no weight of scores', { scoreWeight: 0, minimumSimilarity: 0.25, minimumLowSimilarity: 0.4 }],
  ['no global motion compensation', { compensateGlobalMotion: false }],
  ['gate of low-confidence ones the same however long unseen', { lowPenaltyPerSecond: 0 }],
  ['threshold not adaptive', { adaptiveThresholdShare: 2 }],
  ['no second search down to the adaptive threshold', { minimumRecoverySimilarity: 1 }],
  ['boxes as detected', { smoothing: 0 }],
  ['boxes as filtered', { smoothing: 1 }],
  ['smoothing the same however brisk people are', { calmAcceleration: Infinity }],
  ['young tracks reported, whatever became of others like them', { minimumChance: 0 }],
  ['no first detection reported', { immediateChance: 2 }],
  ['no check of mean scores', { meanScoreCheck: false }],
  ['tracks may start on doubles', { duplicateIou: 1 }],
  ['acceleration not learnt', { noise: FOOTPATH_DEFAULTS.noise }],
];

/** A part of refinement and the knobs that take it out. */
export const REFINEMENT_PARTS: readonly (readonly [string, Partial<RefineOptions>])[] = [
  ['all parts', {}],
  ['no filling', { fillSeconds: 0 }],
  ['filling up to three seconds', { fillSeconds: 3 }],
  ['no association of tracklets', { rejoinSeconds: 0 }],
  ['no smoothing', { smooth: false }],
  ['threshold not adaptive', { tracking: { adaptiveThresholdShare: 2 } }],
  ['short low-confidence tracks stay', { minimumSeconds: 0, shortSeconds: 0 }],
  ['no backward tracking', { backwardTrackingSeconds: 0 }],
  ['one tracker instead of three', { ensemble: [1] }],
  ['one tracker, motion as online, not measured', { tracking: { noise: FOOTPATH_DEFAULTS.noise } }],
];
