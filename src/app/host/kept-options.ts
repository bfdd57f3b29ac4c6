import type { JobSettings } from '../../client/api.ts';
import { DEFAULT_SETTINGS, SETTING_RULES } from '../../engine/settings.ts';
import { keepChoice, keptChoice } from './kept-choice.ts';

/** Where the options are kept. */
const KEY = 'footpath:options';

const CHOSEN = [
  'sampleRate',
  'quality',
  'backend',
  'detectEvery',
  'knownAgainBy',
  'model',
  'motionGate',
  'rejoinSeconds',
] as const satisfies readonly (keyof JobSettings)[];

/** The settings that a person may choose. */
export type ChosenSettings = Pick<JobSettings, (typeof CHOSEN)[number]>;

const USUAL: ChosenSettings = DEFAULT_SETTINGS;

/** Whether every option is the usual one. */
export function isUsual(options: ChosenSettings): boolean {
  return CHOSEN.every((name) => options[name] === USUAL[name]);
}

/** The options of the last video, for the next one. What this version has no such value of is as usual. */
export function keptOptions(): ChosenSettings {
  let kept: unknown;
  try {
    kept = JSON.parse(keptChoice(KEY) ?? '{}');
  } catch {
    // Not ours, or of another version: the usual ones serve.
  }
  const values = new Map(Object.entries(Object(kept)));
  const known = CHOSEN.filter((name) => SETTING_RULES[name].holds(values.get(name)));
  return { ...USUAL, ...Object.fromEntries(known.map((name) => [name, values.get(name)])) };
}

/** Keeps options for the next video: those that are not usual, but for a detector's file, which a page cannot keep. */
export function keepOptions(options: ChosenSettings): void {
  const changed = CHOSEN.filter(
    (name) => options[name] !== USUAL[name] && typeof options[name] !== 'object',
  );
  const kept = Object.fromEntries(changed.map((name) => [name, options[name]]));
  keepChoice(KEY, changed.length > 0 ? JSON.stringify(kept) : null);
}
