import { mergeSettings as merge } from '../engine/settings.ts';
import type { JobSettings } from './api.ts';
import { isOwnModel, OWN_MODEL_RULE } from './own-model.ts';

/**
 * Settings with `changes` over `base`; members that are undefined do not count.
 * @throws RangeError naming the member, the rule and the value
 */
export function mergeSettings(base: JobSettings, changes: Partial<JobSettings>): JobSettings {
  return merge(base, changes, { words: OWN_MODEL_RULE, holds: isOwnModel });
}
