import {
  DEFAULT_SETTINGS,
  type Given,
  mergeSettings as merge,
  SETTING_RULES,
  type TrackingSettings,
} from '../engine/settings.ts';
import type { JobSettings } from './api.ts';
import { isOwnModel, OWN_MODEL_RULE, recordSettings } from './own-model.ts';

/**
 * Settings with `changes` over `base`; members that are undefined do not count.
 * @throws RangeError naming the member, the rule and the value
 */
export function mergeSettings(base: JobSettings, changes: Given<JobSettings>): JobSettings {
  return merge(base, changes, { words: OWN_MODEL_RULE, holds: isOwnModel });
}

/**
 * Asks of a job's settings whether they are those of one that is started with `changes` and the usual ones for the rest.
 * @throws RangeError naming the member, the rule and the value
 */
export async function likeSettings(
  changes: Given<JobSettings>,
): Promise<(settings: TrackingSettings) => boolean> {
  const { settings: wanted } = await recordSettings(mergeSettings(DEFAULT_SETTINGS, changes));
  const names = Object.keys(SETTING_RULES) as (keyof TrackingSettings)[];
  return (settings) => {
    // One of an older release has fewer.
    const known = { ...DEFAULT_SETTINGS, ...settings };
    return names.every((name) => JSON.stringify(known[name]) === JSON.stringify(wanted[name]));
  };
}
