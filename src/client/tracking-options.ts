import { OPEN_JOBS_MAX, RESULT_LIFE_MS } from '../contract/limits.ts';
import { DEFAULT_SETTINGS, SETTING_RULES } from '../engine/settings.ts';
import type { JobSettings, PersonTrackingOptions } from './api.ts';
import { assetsFolder } from './assets-folder.ts';
import { baseAddress } from './base-address.ts';
import type { StartLimits } from './job-starter.ts';
import { mergeSettings } from './settings.ts';

const DAY_MS = 86_400_000;
/** Days from which on an end could not be told as a date, which ends 10^8 days after 1970: ECMAScript, 21.4.1.1. */
const FOR_EVER_DAYS = 5e7;

/** The options that are no settings of a job. */
const OWN_OPTIONS: Readonly<Record<Exclude<keyof PersonTrackingOptions, keyof JobSettings>, true>> =
  {
    assets: true,
    database: true,
    storage: true,
    workerUrl: true,
    workers: true,
    concurrency: true,
    keepResultsDays: true,
    keepDetectionsDays: true,
    keepVideos: true,
    maxOpenJobs: true,
    onCompletion: true,
  };

/** Options with their defaults, checked. */
export interface CheckedOptions {
  readonly database: string;
  readonly storage: 'browser' | 'memory';
  /** Absolute. */
  readonly assets: string;
  readonly workerUrl: URL | undefined;
  readonly workers: number | undefined;
  readonly concurrency: number;
  readonly limits: StartLimits;
  readonly onCompletion: PersonTrackingOptions['onCompletion'];
  readonly settings: JobSettings;
}

/** Checks options. @throws RangeError naming the option, the rule and the value */
export function checkOptions(options: PersonTrackingOptions): CheckedOptions {
  const known = { ...OWN_OPTIONS, ...SETTING_RULES };
  for (const [name, value] of Object.entries(options)) {
    // Told here, for a job's settings do not have all of them: who writes `asset` must find `assets` among them.
    if (value === undefined || Object.hasOwn(known, name)) continue;
    throw new RangeError(`${name} is no option. There are ${Object.keys(known).join(', ')}.`);
  }
  const {
    database = 'footpath',
    storage = 'browser',
    assets = './',
    workers,
    concurrency = 1,
    keepResultsDays = RESULT_LIFE_MS / DAY_MS,
    keepDetectionsDays = Number.POSITIVE_INFINITY,
    keepVideos = true,
    maxOpenJobs = OPEN_JOBS_MAX,
    workerUrl,
    onCompletion,
    ...settings
  } = options;
  const merged = mergeSettings(DEFAULT_SETTINGS, settings);
  if (workers !== undefined) assertCount('workers', workers);
  assertCount('concurrency', concurrency);
  assertCount('maxOpenJobs', maxOpenJobs);
  if (typeof keepResultsDays !== 'number' || !(keepResultsDays > 0)) {
    throw new RangeError(
      `keepResultsDays must be a number above 0, but is ${shown(keepResultsDays)}.`,
    );
  }
  if (typeof keepDetectionsDays !== 'number' || !(keepDetectionsDays >= 0)) {
    throw new RangeError(
      `keepDetectionsDays must be a number of at least 0, but is ${shown(keepDetectionsDays)}.`,
    );
  }
  if (typeof keepVideos !== 'boolean')
    throw new RangeError(`keepVideos must be true or false, but is ${shown(keepVideos)}.`);
  if (storage !== 'browser' && storage !== 'memory') {
    throw new RangeError(`storage must be "browser" or "memory", but is ${storage}.`);
  }
  return {
    database,
    storage,
    assets: assetsFolder(assets).href,
    workerUrl: workerUrl === undefined ? undefined : new URL(workerUrl, baseAddress()),
    workers,
    concurrency,
    limits: {
      maxOpenJobs,
      keepVideos,
      ...(keepResultsDays < FOR_EVER_DAYS ? { keepMs: keepResultsDays * DAY_MS } : {}),
      ...(keepDetectionsDays < FOR_EVER_DAYS
        ? { keepDetectionsMs: keepDetectionsDays * DAY_MS }
        : {}),
    },
    onCompletion,
    settings: merged,
  };
}

/** Texts in quotes, so that "7" is not 7. */
const shown = (value: unknown) => (typeof value === 'string' ? JSON.stringify(value) : value);

function assertCount(member: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`${member} must be an integer of at least 1, but is ${value}.`);
}
