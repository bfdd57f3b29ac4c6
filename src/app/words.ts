import type { JobSettings, JobSummary } from '../client/api.ts';
import type { FailureRecord } from '../contract/failure.ts';
import type { JobProgress, JobStage } from '../engine/job.ts';
import type { DetectorReport } from '../engine/ports.ts';
import type { TrackingSettings } from '../engine/settings.ts';
import type { Question } from './parts/confirm-dialog.ts';

/** What a running job does, in words for anybody. */
export function stageText(stage: JobStage): string {
  switch (stage) {
    case 'waiting':
      return 'Waiting for the video before it';
    case 'needs-permission':
      return 'Waiting for you to allow the video';
    case 'opening':
      return 'Opening the video';
    case 'loading-model':
      return 'Getting ready to find people';
    case 'tracking':
      return 'Following people';
    case 'refining':
      return 'Joining the paths';
    case 'done':
      return 'Done';
  }
}

/** Share of a job that is done, 0 to 1. The number of samples is an estimate, so 1 is kept for the end. */
export function shareDone(progress: JobProgress): number {
  if (progress.stage === 'done') return 1;
  if (progress.stage === 'refining') return 0.99;
  return Math.min(0.99, progress.samplesDone / Math.max(1, progress.samplesTotal));
}

/** `about 3 minutes`; empty while nobody can tell. */
export function timeLeftText(secondsLeft: number | null): string {
  if (secondsLeft === null) return '';
  if (secondsLeft < 5) return 'a few seconds';
  if (secondsLeft < 55) return `about ${Math.ceil(secondsLeft / 5) * 5} seconds`;
  const minutes = Math.round(secondsLeft / 60);
  if (minutes <= 1) return 'about a minute';
  if (minutes < 60) return `about ${minutes} minutes`;
  const hours = Math.round(minutes / 6) / 10;
  return `about ${hours} ${hours === 1 ? 'hour' : 'hours'}`;
}

/** `1.4 MB`, in powers of 1000 as file managers show it. */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit > 0 && value < 10 ? 1 : 0)} ${units[unit]}`;
}

/** `1 person`, `7 people`. */
export function peopleText(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}

/** How many people an ended job found; empty where that says nothing, since it failed before it found anybody. */
export function foundText({ status, people }: Pick<JobSummary, 'status' | 'people'>): string {
  if (people === undefined || (status === 'FAILED' && people === 0)) return '';
  return people === 0 ? 'nobody found' : peopleText(people);
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

/** What is said of files that are no videos; empty for none. */
export function leftOutText(names: readonly string[]): string {
  if (names.length === 0) return '';
  if (names.length === 1) return `${shortName(names[0]!)} is no video and was left out.`;
  const shown = names.slice(0, NAMES_SHOWN).map((name) => shortName(name));
  const more = names.length - shown.length;
  const list =
    more > 0
      ? `${shown.join(', ')} and ${more} more`
      : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
  return `${names.length} files are no videos and were left out: ${list}.`;
}

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Date and time as this device writes them. */
export function dateText(date: Date): string {
  return dateTime.format(date);
}

/**
 * `kept 6 more days`, `kept until you delete it`.
 * @param storage where results are kept
 */
export function expiryText(
  expiresAt: Date | undefined,
  now: Date,
  storage: 'browser' | 'memory' = 'browser',
): string {
  if (storage === 'memory') return 'kept while this page is open';
  if (!expiresAt) return 'kept until you delete it';
  const days = Math.round((expiresAt.getTime() - now.getTime()) / 86_400_000);
  if (days < 1) return 'kept less than a day longer';
  return days === 1 ? 'kept 1 more day' : `kept ${days} more days`;
}

/** What is asked before a result is deleted; `key` is its video's name. */
export function deleteQuestion(key: string): Question {
  return {
    title: 'Delete this result?',
    text: `The paths found in ${shortName(key)} will be gone. Your own video file is not touched.`,
    yes: 'Delete',
  };
}

/** What a job's end, or its being under way, is called. */
export function statusText(job: JobSummary): string {
  if (job.status === 'IN_PROGRESS') {
    const { stage } = job.progress;
    if (stage === 'needs-permission') return 'Needs you';
    return stage === 'waiting' ? 'Waiting' : 'Running';
  }
  if (job.status === 'SUCCEEDED') return 'Done';
  return job.failure?.kind === 'stopped' ? 'Stopped' : 'Failed';
}

/** What is asked of the user before a video may be read again, and why. */
export function permissionText(key: string): string {
  return `The page was closed or loaded anew since you chose ${key}, and browsers then ask once more before a page may read a file. Allow it, and the work goes on. Footpath only reads this video, though the browser’s question may also speak of editing.`;
}

/**
 * What went wrong, for anybody. Where a failure's own message speaks of the machinery it is kept for the details.
 */
export function failureText({ kind, message }: FailureRecord): string {
  switch (kind) {
    case 'backend-unavailable':
      return 'This browser cannot look for people in the way that was chosen.';
    case 'detector-failed':
      return 'Looking for people broke off on this device.';
    case 'internal':
      return 'Something went wrong inside Footpath.';
    default:
      return message;
  }
}

/**
 * What the app itself has to offer against a failure, by its kind, or empty. The failure's own message says what is
 * wrong with the input and what to do about that.
 */
export function remedyText(job: JobSummary): string {
  const isOwnModel = typeof job.settings.model === 'object';
  switch (job.failure?.kind) {
    case 'engine-missing':
      return 'If this page is on a web site, reload it while you are online, then try again.';
    case 'model-missing':
    case 'model-damaged':
      if (isOwnModel) return 'You choose it under “Advanced” in the options.';
      return 'If this page is on a web site, reload it while you are online, then try again.';
    case 'backend-unavailable':
    case 'detector-failed':
      return 'Try again with another choice under “Where to compute” in the advanced options.';
    case 'quota-exceeded':
    case 'store-unavailable':
      return 'Deleting older results under “All videos” makes room, too.';
    case 'stopped':
      return 'What was found up to there is kept.';
    case 'worker-crashed':
    case 'internal':
      return 'Try again. If it keeps failing, the details below help to find out why.';
    default:
      return '';
  }
}

/** Where a job is computed, with the name of the technique. For the details. */
export function backendText(backend: TrackingSettings['backend']): string {
  switch (backend) {
    case 'auto':
      return 'whatever is fastest';
    case 'webgpu':
      return 'graphics card (WebGPU)';
    case 'webgl':
      return 'graphics card (WebGL)';
    case 'int8':
      return 'processor, in whole numbers';
    case 'wasm':
      return 'processor';
    case 'cpu':
      return 'processor, plain and slow';
  }
}

/** Where a job was computed, for its report. */
export function computedText(backend: DetectorReport['backend']): string {
  const everywhere = backend === 'int8' ? '; every device gives the same answer' : '';
  return `${backendText(backend)}${everywhere}`;
}

/** How pictures are looked at: `looks at each picture in 2 sizes, 384 × 288 and 224 × 160 pixels`. */
export function looksText(inputs: DetectorReport['inputs']): string {
  const sizes = inputs.map(({ width, height }) => `${width} × ${height}`);
  const times = sizes.length === 1 ? 'once, at' : `in ${sizes.length} sizes,`;
  const list = [sizes.slice(0, -1).join(', '), sizes.at(-1)].filter(Boolean).join(' and ');
  return `looks at each picture ${times} ${list} pixels`;
}

/** Where a job is computed, for anybody. */
export function placeText(backend: TrackingSettings['backend']): string {
  switch (backend) {
    case 'webgpu':
      return 'graphics card';
    case 'webgl':
      return 'graphics card, the older way';
    case 'int8':
      return 'processor, quickly';
    default:
      return backendText(backend);
  }
}

/** What finds the people, for anybody. */
export function finderText(model: JobSettings['model']): string {
  if (model === 'nanodet-person') return 'the usual one: finds the most';
  if (model === 'coco-ssd-person') return 'an older one: finds fewer';
  return 'a detector file of your own';
}

/** What is not as usual in the choice of settings, for anybody: `balanced`, `fast · 5 times a second`. */
export function choiceText({
  sampleRate,
  quality,
  backend,
  detectEvery,
  model,
}: Pick<JobSettings, 'sampleRate' | 'quality' | 'backend' | 'detectEvery' | 'model'>): string {
  return [
    quality === 'auto' ? 'automatic' : quality,
    ...(sampleRate === 15
      ? []
      : [sampleRate === 'all' ? 'every picture' : `${sampleRate} times a second`]),
    ...(detectEvery === 1
      ? []
      : [`people looked for every ${detectEvery === 2 ? 'second' : 'third'} time`]),
    ...(model === 'nanodet-person' ? [] : [finderText(model).replace(/:.*/, '')]),
    ...(backend === 'auto' ? [] : [`on the ${placeText(backend)}`]),
  ].join(' · ');
}

/** What finds the people, by its name: of those that come along, or a file by its own. For the details. */
export function modelText(model: TrackingSettings['model'] | JobSettings['model']): string {
  if (model === 'nanodet-person') return 'NanoDet: finds the most';
  if (model === 'coco-ssd-person') return 'COCO-SSD: older, less';
  if ('name' in model) return model.name;
  return model.onnx instanceof File ? model.onnx.name : 'a detector file of your own';
}

/** The settings of a job in one line. For the details. */
export function settingsText({
  sampleRate,
  quality,
  backend,
  detectEvery,
  model,
}: Pick<TrackingSettings, 'sampleRate' | 'quality' | 'backend' | 'detectEvery'> & {
  readonly model: TrackingSettings['model'] | JobSettings['model'];
}): string {
  const rate = sampleRate === 'all' ? 'every picture' : `${sampleRate} pictures a second`;
  const looks = detectEvery === 1 ? [] : [`people looked for in 1 of ${detectEvery}`];
  const finder = model === 'nanodet-person' ? [] : [modelText(model)];
  const closeness = quality === 'auto' ? 'automatic' : quality;
  return [rate, ...looks, closeness, backendText(backend), ...finder].join(' · ');
}
