/** What each part is worth: figures with one part off at a time. */

import type { RefineOptions } from '../../src/track/refinement/refine-options.ts';
import {
  FOOTPATH_DEFAULTS,
  type FootpathOptions,
} from '../../src/track/trackers/footpath/footpath-options.ts';

/** A part of the online tracker and the knobs that take it out. */
export const ONLINE_PARTS: readonly (readonly [string, Partial<FootpathOptions>])[] = [
  ['all parts', {}],
  ['no unsure detections (second pass)', { lowScore: 1 }],
  ['memory of one fifth of a second', { memorySeconds: 0.2 }],
  ['memory of two seconds', { memorySeconds: 2 }],
  ['no buffer around boxes', { buffer: 0, bufferPerSecond: 0 }],
  ['no weight of height overlap', { heightWeight: false }],
  [
    'no weight of scores',
    { scoreWeight: 0, minimumSimilarity: 0.25, minimumUnsureSimilarity: 0.4 },
  ],
  ['no camera shift', { cameraShift: false }],
  ['gate of unsure ones the same however long unseen', { unsurePenaltyPerSecond: 0 }],
  ['no unsure detections believed', { believedShare: 2 }],
  ['those believed are not looked for further off', { minimumBelievedSimilarity: 1 }],
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
  ['no links', { linkSeconds: 0 }],
  ['no smoothing', { smooth: false }],
  ['no unsure detections believed', { tracking: { believedShare: 2 } }],
  ['short unsure tracks stay', { minimumSeconds: 0, shortSeconds: 0 }],
  ['no following back', { followBackSeconds: 0 }],
  ['one tracker instead of three', { committee: [1] }],
  ['one tracker, motion as online, not measured', { tracking: { noise: FOOTPATH_DEFAULTS.noise } }],
];
