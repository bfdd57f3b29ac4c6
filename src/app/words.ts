import type { JobSettings, JobSummary } from '../client/api.ts';
import { Failure } from '../contract/failure.ts';
import { messageOf } from '../contract/message-of.ts';
import { spanText } from '../element/duration.ts';
import { failureText } from '../element/failure-text.ts';
import type { JobProgress, JobStage } from '../engine/job.ts';
import type { DecodeReport } from '../engine/ports.ts';
import type { TrackingSettings } from '../engine/settings.ts';
import type { AppLanguage } from '../language/app/app-languages.ts';
import type { ChosenSettings } from './host/kept-options.ts';

/** What a running job does, in words for anybody. */
export function stageText(language: AppLanguage, stage: JobStage): string {
  return language.say(`stage.${stage}`);
}

/** Share of a job that is done, 0 to 1. The number of samples is an estimate, so 1 is kept for the end. */
export function shareDone(progress: JobProgress): number {
  if (progress.stage === 'done') return 1;
  if (progress.stage === 'refining') return 0.99;
  return Math.min(0.99, progress.samplesDone / Math.max(1, progress.samplesTotal));
}

/** `about 3 minutes`; empty while nobody can tell. */
export function timeLeftText(language: AppLanguage, secondsLeft: number | null): string {
  if (secondsLeft === null) return '';
  if (secondsLeft < 5) return language.say('time-left.few');
  if (secondsLeft < 55)
    return language.say('time-left.seconds', { count: Math.ceil(secondsLeft / 5) * 5 });
  const minutes = Math.max(1, Math.round(secondsLeft / 60));
  if (minutes < 60) return language.say('time-left.minutes', { count: minutes });
  return language.say('time-left.hours', { count: Math.round(minutes / 6) / 10 });
}

const SIZES = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** `1.4 MB`, in powers of 1000 as file managers show it. */
export function sizeText(language: AppLanguage, bytes: number): string {
  if (bytes < 1000) return language.say('size.bytes', { count: bytes });
  let value = bytes / 1000;
  let size = 0;
  while (value >= 1000 && size < SIZES.length - 1) {
    value /= 1000;
    size++;
  }
  const digits = value < 10 ? 1 : 0;
  return language.number(value, {
    style: 'unit',
    unit: SIZES[size]!,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `1 person`, `7 people`. */
export function peopleText(language: AppLanguage, count: number): string {
  return language.say('people', { count });
}

/** How many people an ended job found; empty where that says nothing, since it failed before it found anybody. */
export function foundText(
  language: AppLanguage,
  { status, people }: Pick<JobSummary, 'status' | 'people'>,
): string {
  if (people === undefined || (status === 'FAILED' && people === 0)) return '';
  return people === 0 ? language.say('people.nobody') : peopleText(language, people);
}

/** `a, b and c`. */
export function listText(language: AppLanguage, items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  if (items.length < 2) return last;
  return language.say('and', { first: items.slice(0, -1).join(language.say('comma')), last });
}

/** A file's name cut in its middle, so that a sentence stays one: its beginning and its ending tell files apart. */
export function shortName(name: string, most = 48): string {
  const characters = [...name];
  if (characters.length <= most) return name;
  const end = Math.floor(most / 3);
  return `${characters.slice(0, most - end - 1).join('')}…${characters.slice(-end).join('')}`;
}

/** How many names a list shows before it counts the rest. */
const NAMES_SHOWN = 3;

/** What is said of files that are no videos, and of what cannot be read; empty where nothing was left out. */
export function leftOutText(
  language: AppLanguage,
  { others, unread }: { readonly others: readonly string[]; readonly unread: readonly string[] },
): string {
  return [leftOut(language, 'drop.left-out', others), leftOut(language, 'drop.unread', unread)]
    .filter((text) => text !== '')
    .join(' ');
}

function leftOut(
  language: AppLanguage,
  text: 'drop.left-out' | 'drop.unread',
  names: readonly string[],
): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, NAMES_SHOWN).map((name) => shortName(name));
  const more = names.length - shown.length;
  const list =
    more > 0
      ? language.say('drop.more', { names: shown.join(language.say('comma')), count: more })
      : listText(language, shown);
  return language.say(text, { count: names.length, names: list });
}

/**
 * `kept 6 more days`, `kept until you delete it`.
 * @param storage where results are kept
 */
export function expiryText(
  language: AppLanguage,
  expiresAt: Date | undefined,
  now: Date,
  storage: 'browser' | 'memory' = 'browser',
): string {
  if (storage === 'memory') return language.say('kept.page');
  if (!expiresAt) return language.say('kept.always');
  const days = daysUntil(expiresAt, now);
  return days < 1 ? language.say('kept.less') : language.say('kept.days', { count: days });
}

/** That the first of several results goes within a week; empty where none does. @param ends when each goes */
export function goingText(language: AppLanguage, ends: readonly Date[], now: Date): string {
  const days = Math.min(...ends.map((end) => daysUntil(end, now)));
  if (days > 7) return '';
  return days < 1
    ? language.say('camera.going-less')
    : language.say('camera.going', { count: days });
}

function daysUntil(end: Date, now: Date): number {
  return Math.round((end.getTime() - now.getTime()) / 86_400_000);
}

/** How a job stands, for its word `status.…` and its looks. */
export type JobStanding = 'needs-you' | 'waiting' | 'running' | 'done' | 'stopped' | 'failed';

/** How a job ended, or how it is under way. */
export function standingOf(job: JobSummary): JobStanding {
  if (job.status === 'IN_PROGRESS') {
    const { stage } = job.progress;
    if (stage === 'needs-permission') return 'needs-you';
    return stage === 'waiting' ? 'waiting' : 'running';
  }
  if (job.status === 'SUCCEEDED') return 'done';
  return job.failure?.kind === 'stopped' ? 'stopped' : 'failed';
}

/**
 * What the app itself has to offer against a failure, by its kind, or empty. The failure's own message says what is
 * wrong with the input and what to do about that.
 */
export function remedyText(language: AppLanguage, job: JobSummary): string {
  const isOwnModel = typeof job.settings.model === 'object';
  switch (job.failure?.kind) {
    case 'engine-missing':
      return language.say('remedy.reload');
    case 'model-missing':
    case 'model-damaged':
      return language.say(isOwnModel ? 'remedy.own-model' : 'remedy.reload');
    case 'backend-unavailable':
    case 'detector-failed':
      return language.say('remedy.where');
    case 'quota-exceeded':
    case 'store-unavailable':
      return language.say('remedy.room');
    case 'stopped':
      return language.say('remedy.stopped');
    case 'worker-crashed':
    case 'internal':
      return language.say('remedy.again');
    default:
      return '';
  }
}

/** What a thrown value says, for anybody: of a failure as `failureText` does. */
export function errorText(language: AppLanguage, error: unknown): string {
  return error instanceof Failure ? failureText(language, error) : messageOf(error);
}

/** That a job did not come to its end. @param people found all the same */
export function failedText(
  language: AppLanguage,
  failure: JobSummary['failure'],
  people: number,
): string {
  if (failure?.kind === 'stopped') return language.say('result.stopped');
  return language.say(people > 0 ? 'result.failed-found' : 'result.failed');
}

/** That people are small, see `arePeopleSmall`, and what helps. */
export function smallText(
  language: AppLanguage,
  { quality }: Pick<TrackingSettings, 'quality'>,
): string {
  return language.say(quality === 'accurate' ? 'result.small-accurate' : 'result.small');
}

/** What is said of a video's damage where a job came to its end all the same; empty where there was none. */
export function damageText(language: AppLanguage, decode: DecodeReport | undefined): string {
  const { framesDamaged = 0, partsUnread = 0 } = decode ?? {};
  return [
    framesDamaged > 0 ? language.say('result.damaged', { count: framesDamaged }) : '',
    partsUnread > 0 ? language.say('result.unread', { count: partsUnread }) : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** Where a job is computed, with the name of the technique. For the details. */
export function backendText(language: AppLanguage, backend: TrackingSettings['backend']): string {
  return language.say(`backend.${backend}`);
}

/** Where a job is computed, for anybody. */
export function placeText(language: AppLanguage, backend: TrackingSettings['backend']): string {
  return language.say(`place.${backend}`);
}

/** What finds the people, for anybody. */
export function finderText(language: AppLanguage, model: JobSettings['model']): string {
  if (model === 'nanodet-person') return language.say('finder.usual');
  if (model === 'coco-ssd-person') return language.say('finder.older');
  return language.say('choice.own');
}

/** What is not as usual in the choice of settings, for anybody: `balanced`, `fast · 5 times a second`. */
export function choiceText(
  language: AppLanguage,
  {
    sampleRate,
    quality,
    backend,
    detectEvery,
    motionGate,
    model,
    rejoinSeconds,
    knownAgainBy,
  }: ChosenSettings,
): string {
  const parts = [language.say(`choice.${quality}`)];
  if (sampleRate === 'all') parts.push(language.say('choice.all'));
  else if (sampleRate !== 15) parts.push(language.say('choice.rate', { count: sampleRate }));
  if (detectEvery !== 1)
    parts.push(language.say(detectEvery === 2 ? 'choice.looks-2' : 'choice.looks-3'));
  if (!motionGate) parts.push(language.say('choice.whole'));
  if (model !== 'nanodet-person')
    parts.push(language.say(model === 'coco-ssd-person' ? 'choice.older' : 'choice.own'));
  if (rejoinSeconds === 0) parts.push(language.say('choice.gone-0'));
  else if (rejoinSeconds !== 60)
    parts.push(language.say('choice.gone', { time: spanText(language, 1000 * rejoinSeconds) }));
  if (knownAgainBy === 'network') parts.push(language.say('choice.by-network'));
  if (backend !== 'auto') parts.push(language.say(`choice.on-${backend}`));
  return parts.join(' · ');
}

/** What finds the people, by its name: of those that come along, or a file by its own. For the details. */
function modelText(
  language: AppLanguage,
  model: TrackingSettings['model'] | JobSettings['model'],
): string {
  if (model === 'nanodet-person') return language.say('model.usual');
  if (model === 'coco-ssd-person') return language.say('model.older');
  if ('name' in model) return model.name;
  return model.onnx instanceof File ? model.onnx.name : language.say('choice.own');
}

/** The settings of a job in one line. For the details. */
export function settingsText(
  language: AppLanguage,
  {
    sampleRate,
    quality,
    backend,
    detectEvery,
    motionGate,
    model,
  }: Pick<TrackingSettings, 'sampleRate' | 'quality' | 'backend' | 'detectEvery' | 'motionGate'> & {
    readonly model: TrackingSettings['model'] | JobSettings['model'];
  },
): string {
  const rate =
    sampleRate === 'all'
      ? language.say('choice.all')
      : language.say('settings.rate', { count: sampleRate });
  const looks = detectEvery === 1 ? [] : [language.say('settings.looks', { every: detectEvery })];
  // Jobs of earlier versions do not know it: there was no other way.
  const whole = motionGate === false ? [language.say('choice.whole')] : [];
  const finder = model === 'nanodet-person' ? [] : [modelText(language, model)];
  const where = backendText(language, backend);
  const quick = language.say(`choice.${quality}`);
  return [rate, ...looks, ...whole, quick, where, ...finder].join(' · ');
}
