import { MODEL_NAMES, type ModelName, type TrackingSettings } from '../engine/job.ts';
import {
  isTrackerName,
  refinesByDefault,
  TRACKER_NAMES,
} from '../track/trackers/create-tracker.ts';
import type { JobSettings } from './api.ts';
import { isOwnModel } from './own-model.ts';

/** Settings when nothing else is said. */
export const DEFAULT_SETTINGS: TrackingSettings & { readonly model: ModelName } = {
  sampleRate: 15,
  tracker: 'footpath',
  refine: true,
  fillGaps: true,
  rejoinSeconds: 5,
  detectEvery: 1,
  backend: 'auto',
  quality: 'balanced',
  model: 'nanodet-person',
};

const MAX_SAMPLE_RATE = 120;
const MAX_REJOIN_SECONDS = 3600;
const MAX_DETECT_EVERY = 10;
const BACKENDS = ['auto', 'webgpu', 'webgl', 'wasm', 'cpu'];
const QUALITIES = ['auto', 'fast', 'balanced', 'accurate'];

/**
 * Settings with `changes` over `base`; members that are undefined do not count.
 * @throws RangeError naming the member, the rule and the value
 */
export function mergeSettings(base: JobSettings, changes: Partial<JobSettings>): JobSettings {
  const tracker = changes.tracker ?? base.tracker;
  const merged: JobSettings = {
    sampleRate: changes.sampleRate ?? base.sampleRate,
    tracker,
    refine: changes.refine ?? (tracker === base.tracker ? base.refine : refinesByDefault(tracker)),
    fillGaps: changes.fillGaps ?? base.fillGaps,
    rejoinSeconds: changes.rejoinSeconds ?? base.rejoinSeconds,
    detectEvery: changes.detectEvery ?? base.detectEvery,
    backend: changes.backend ?? base.backend,
    quality: changes.quality ?? base.quality,
    model: changes.model ?? base.model,
  };
  const rate = merged.sampleRate;
  const rateFits = typeof rate === 'number' && rate > 0 && rate <= MAX_SAMPLE_RATE;
  if (rate !== 'all' && !rateFits) {
    throw broken('sampleRate', `"all" or a number above 0, at most ${MAX_SAMPLE_RATE}`, rate);
  }
  if (!isTrackerName(merged.tracker)) {
    throw broken('tracker', `one of ${TRACKER_NAMES.join(', ')}`, merged.tracker);
  }
  for (const member of ['refine', 'fillGaps'] as const) {
    if (typeof merged[member] !== 'boolean') throw broken(member, 'true or false', merged[member]);
  }
  const { rejoinSeconds: seconds } = merged;
  if (!(typeof seconds === 'number' && seconds >= 0 && seconds <= MAX_REJOIN_SECONDS)) {
    throw broken('rejoinSeconds', `a number from 0 to ${MAX_REJOIN_SECONDS}`, seconds);
  }
  const every = merged.detectEvery;
  if (!Number.isInteger(every) || every < 1 || every > MAX_DETECT_EVERY) {
    throw broken('detectEvery', `a whole number from 1 to ${MAX_DETECT_EVERY}`, every);
  }
  if (every > 1 && !(merged.refine && merged.fillGaps)) {
    const rule = '1 without refine and fillGaps, because what lies in between is estimated';
    throw broken('detectEvery', rule, every);
  }
  if (!BACKENDS.includes(merged.backend)) {
    throw broken('backend', `one of ${BACKENDS.join(', ')}`, merged.backend);
  }
  if (!QUALITIES.includes(merged.quality)) {
    throw broken('quality', `one of ${QUALITIES.join(', ')}`, merged.quality);
  }
  if (!MODEL_NAMES.some((name) => name === merged.model) && !isOwnModel(merged.model)) {
    throw broken(
      'model',
      `one of ${MODEL_NAMES.join(', ')}, or { onnx: a file or an address of this origin, family: yolox or rtmdet }`,
      merged.model,
    );
  }
  return merged;
}

function broken(member: string, rule: string, value: unknown): RangeError {
  return new RangeError(`${member} must be ${rule}, but is ${JSON.stringify(value)}.`);
}
