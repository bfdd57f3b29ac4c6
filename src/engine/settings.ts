/**
 * How people are looked for and followed: names, limits, defaults and the rules that a setting keeps, once for the
 * library, the app and the command line.
 */
import { QUALITIES } from '../detect/manifest.ts';
import { ONNX_FAMILIES, type OnnxFamily } from '../detect/onnx-family.ts';
import {
  isTrackerName,
  refinesByDefault,
  TRACKER_NAMES,
  type TrackerName,
} from '../track/trackers/create-tracker.ts';
import { BACKEND_NAMES, type SampleRate } from './ports.ts';

/** Person detectors that come with Footpath, the default first. */
export const MODEL_NAMES = ['nanodet-person', 'coco-ssd-person'] as const;

/** A person detector that comes with Footpath, by the id of its manifest. */
export type ModelName = (typeof MODEL_NAMES)[number];

/** Families of detectors that a user may bring. */
export const MODEL_FAMILIES = ONNX_FAMILIES;

/** A person detector of the user's own, an ONNX file, as a job's record names it. */
export interface OwnModelRecord {
  /** What the file is called, for people. */
  readonly name: string;
  readonly family: OnnxFamily;
  /** Its address on this origin, or the fingerprint of a file that is kept with the job until it has ended. */
  readonly from: { readonly url: string } | { readonly file: string };
}

/** How a job is computed. Kept with the job, so that a resumed job goes on as it began. */
export interface TrackingSettings {
  /** Samples a second, or every frame. Above 0, at most 120. Default 15, as Rekognition sampled. */
  readonly sampleRate: SampleRate;
  /** Tracker by name. Default `footpath`; refinement tracks anew with that one. */
  readonly tracker: TrackerName;
  /**
   * Look over the whole job once it is detected: tell mix-ups apart, join broken paths, smooth, fill short gaps.
   * Default true; false where another tracker is chosen, whose own answer is wanted then.
   */
  readonly refine: boolean;
  /** With `refine`: put estimated boxes into short gaps, marked as such in a path's flags. Default true. */
  readonly fillGaps: boolean;
  /**
   * With `refine`: for how many seconds a person may be out of sight and still be the same person, 0 to 3600. Default
   * 60. Beyond five seconds somebody is known again by their looks, in videos in which those tell people apart. Longer:
   * fewer people counted twice; people dressed alike may become one.
   */
  readonly rejoinSeconds: number;
  /**
   * What people are known again by, with `refine`: `colours` of their clothes, or a `network` that sees the whole person,
   * or the address on this origin of the manifest of an embedding network of your own. The network knows more people
   * again and takes more time; where set-up could not fetch it, colours serve, and the report says so. Default
   * `colours`.
   */
  readonly knownAgainBy: KnownAgainBy;
  /**
   * Look for people in every so many samples only, 1 to 10; their boxes in between are estimated and marked as such, up
   * to the last detection frame. Above 1 it saves time, costs some accuracy, and needs `refine` and `fillGaps`. Default 1.
   */
  readonly detectEvery: number;
  /**
   * Once a second detect people in the whole picture, and in between only where it has changed since, around people known there;
   * who stands still is taken over. Saves most of the time of quiet scenes. Only in 8-bit integers (backend `int8`), not at quality
   * `accurate`; elsewhere it changes nothing. Default true.
   */
  readonly motionGate: boolean;
  /**
   * Score from which a detection is sure enough to begin a person, above 0, at most 1. Default `model`: the one that
   * belongs to the detector. Higher: fewer false people, more true ones missed.
   */
  readonly scoreThreshold: number | 'model';
  /** Where the detector runs. Default `auto`: the fastest that a short measurement finds. */
  readonly backend: BackendChoice;
  /**
   * Larger inputs find smaller people and take longer. `auto`: the best with which this device, by a short measurement,
   * takes no longer than twice the video's length; the report says which. Default `balanced`.
   */
  readonly quality: QualityChoice;
  /** What finds the people. Default `nanodet-person`. */
  readonly model: ModelName | OwnModelRecord;
}

/** What people may be known again by, beside a network of the user's own. */
export const KNOWN_AGAIN_BY = ['network', 'colours'] as const;

/** One of {@link KNOWN_AGAIN_BY}, or the address of an embedding network's manifest, which ends in `.json`. */
export type KnownAgainBy = (typeof KNOWN_AGAIN_BY)[number] | `${string}.json`;

/** Where a detector may run: measured, or named. */
export const BACKEND_CHOICES = ['auto', ...BACKEND_NAMES] as const;

/** One of {@link BACKEND_CHOICES}. */
export type BackendChoice = (typeof BACKEND_CHOICES)[number];

/** How closely to look: measured, or named. */
export const QUALITY_CHOICES = [...QUALITIES, 'auto'] as const;

/** One of {@link QUALITY_CHOICES}. */
export type QualityChoice = (typeof QUALITY_CHOICES)[number];

/** Settings when nothing else is said. */
export const DEFAULT_SETTINGS: TrackingSettings & { readonly model: ModelName } = {
  sampleRate: 15,
  tracker: 'footpath',
  refine: true,
  fillGaps: true,
  rejoinSeconds: 60,
  knownAgainBy: 'colours',
  detectEvery: 1,
  motionGate: true,
  scoreThreshold: 'model',
  backend: 'auto',
  quality: 'balanced',
  model: MODEL_NAMES[0],
};

/**
 * The settings of a job's record, which has fewer where an older release wrote it: the usual ones then, but that nothing
 * was passed over.
 */
export function wholeSettings(recorded: Partial<TrackingSettings>): TrackingSettings {
  return { ...DEFAULT_SETTINGS, motionGate: false, ...recorded };
}

const MAX_SAMPLE_RATE = 120;
const MAX_REJOIN_SECONDS = 3600;
const MAX_DETECT_EVERY = 10;

/** A rule that a setting keeps: its words complete "must be …". */
interface Rule {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

const isFlag = (value: unknown) => typeof value === 'boolean';
const isBetween = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most;
const oneOf = (names: readonly string[]): Rule => ({
  words: `one of ${names.join(', ')}`,
  holds: (value) => names.includes(value as string),
});

/** The rule of each setting. `model`'s is that of the names; a detector of the user's own has one for each host. */
export const SETTING_RULES: Readonly<Record<keyof TrackingSettings, Rule>> = {
  sampleRate: {
    words: `"all" or a number above 0, at most ${MAX_SAMPLE_RATE}`,
    holds: (value) => value === 'all' || (isBetween(value, 0, MAX_SAMPLE_RATE) && value !== 0),
  },
  tracker: oneOf(TRACKER_NAMES),
  refine: { words: 'true or false', holds: isFlag },
  fillGaps: { words: 'true or false', holds: isFlag },
  rejoinSeconds: {
    words: `a number from 0 to ${MAX_REJOIN_SECONDS}`,
    holds: (value) => isBetween(value, 0, MAX_REJOIN_SECONDS),
  },
  knownAgainBy: {
    words: `one of ${KNOWN_AGAIN_BY.join(', ')}, or the address of a manifest (.json)`,
    holds: (value) =>
      typeof value === 'string' &&
      (KNOWN_AGAIN_BY.includes(value as 'network') || value.endsWith('.json')),
  },
  detectEvery: {
    words: `a whole number from 1 to ${MAX_DETECT_EVERY}`,
    holds: (value) => Number.isInteger(value) && isBetween(value, 1, MAX_DETECT_EVERY),
  },
  motionGate: { words: 'true or false', holds: isFlag },
  scoreThreshold: {
    words: '"model" or a number above 0, at most 1',
    holds: (value) => value === 'model' || (isBetween(value, 0, 1) && value !== 0),
  },
  backend: oneOf(BACKEND_CHOICES),
  quality: oneOf(QUALITY_CHOICES),
  model: oneOf(MODEL_NAMES),
};

/** What `detectEvery` above 1 needs besides, as its rule's words. */
const DETECT_EVERY_NEEDS =
  '1 without refine and fillGaps, because what lies in between is estimated';

/** Whether estimated boxes are wanted between detections and ruled out at once. */
export function contradictsDetectEvery({
  detectEvery = 1,
  refine,
  fillGaps,
}: Partial<Pick<TrackingSettings, 'detectEvery' | 'refine' | 'fillGaps'>>): boolean {
  return detectEvery > 1 && (refine === false || fillGaps === false);
}

/** Settings whose detector may be more than a job's record can name. */
export type SettingsOf<Model> = Omit<TrackingSettings, 'model'> & { readonly model: Model };

/** Some members of a type; one that is undefined counts as not given. */
export type Given<T> = { readonly [Member in keyof T]?: T[Member] | undefined };

/**
 * Settings with `changes` over `base`; members that are undefined do not count. Another tracker brings whether it is
 * refined by default.
 * @param ownModel the rule of detectors that are not named in {@link MODEL_NAMES}
 * @throws RangeError naming the member, the rule and the value; or the member, where there is none of that name
 */
export function mergeSettings<Model>(
  base: SettingsOf<Model>,
  changes: Given<SettingsOf<Model>>,
  ownModel: Rule,
): SettingsOf<Model> {
  const said = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as Partial<SettingsOf<Model>>;
  for (const name of Object.keys(said)) {
    // A slip of the pen would count for nothing, without a word.
    if (Object.hasOwn(SETTING_RULES, name)) continue;
    throw new RangeError(
      `${name} is no setting. There are ${Object.keys(SETTING_RULES).join(', ')}.`,
    );
  }
  const tracker = said.tracker ?? base.tracker;
  const merged = { ...base, ...said };
  if (said.refine === undefined && tracker !== base.tracker && isTrackerName(tracker)) {
    merged.refine = refinesByDefault(tracker);
  }
  for (const [name, rule] of Object.entries(SETTING_RULES)) {
    const value = merged[name as keyof TrackingSettings];
    if (rule.holds(value)) continue;
    if (name !== 'model') throw broken(name, rule.words, value);
    if (!ownModel.holds(value)) throw broken(name, `${rule.words}, or ${ownModel.words}`, value);
  }
  if (contradictsDetectEvery(merged)) {
    throw broken('detectEvery', DETECT_EVERY_NEEDS, merged.detectEvery);
  }
  return merged;
}

/** Settings that say how people are followed, not how they are found: they may change without the video. */
const FOLLOWING_SETTINGS = [
  'tracker',
  'refine',
  'fillGaps',
  'rejoinSeconds',
  'scoreThreshold',
] as const;

/** One of {@link FOLLOWING_SETTINGS}. */
export type FollowingSetting = (typeof FOLLOWING_SETTINGS)[number];

/**
 * Settings by which the detections of a job are followed anew.
 * @param base the job's
 * @param changes of {@link FOLLOWING_SETTINGS}; others may be named with the value that the job has
 * @throws RangeError naming what breaks its rule, or needs people to be looked for anew
 */
export function followingSettings(
  base: TrackingSettings,
  changes: Partial<Record<keyof TrackingSettings, unknown>>,
): TrackingSettings {
  const names = Object.keys(SETTING_RULES) as (keyof TrackingSettings)[];
  const others = names.filter((name) => {
    const isFree = FOLLOWING_SETTINGS.some((free) => free === name);
    return !isFree && changes[name] !== undefined && changes[name] !== base[name];
  });
  if (others.length > 0) {
    throw new RangeError(
      `${others.join(', ')}: another value needs people to be looked for anew. Start a new job; tracked again without the video can be by ${FOLLOWING_SETTINGS.join(', ')}.`,
    );
  }
  const wanted = Object.fromEntries(FOLLOWING_SETTINGS.map((name) => [name, changes[name]]));
  // The model is the job's own, which was checked when it was started.
  return mergeSettings(wholeSettings(base), wanted, {
    words: 'the detector of the job',
    holds: () => true,
  });
}

/** The score from which a detection is of high confidence. @param modelThreshold the detector's own */
export function scoreThresholdOf(settings: TrackingSettings, modelThreshold: number): number {
  const { scoreThreshold } = settings;
  return typeof scoreThreshold === 'number' ? scoreThreshold : modelThreshold;
}

function broken(member: string, rule: string, value: unknown): RangeError {
  return new RangeError(`${member} must be ${rule}, but is ${JSON.stringify(value)}.`);
}
