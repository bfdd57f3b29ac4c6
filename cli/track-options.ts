/** The command line of `footpath track`. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseScene, type Scene } from '../src/analytics/scene.ts';
import { messageOf } from '../src/contract/message-of.ts';
import {
  BACKEND_CHOICES,
  contradictsDetectEvery,
  KNOWN_AGAIN_BY,
  MODEL_FAMILIES,
  MODEL_NAMES,
  type OwnModelRecord,
  QUALITY_CHOICES,
  SETTING_RULES,
  type TrackingSettings,
} from '../src/engine/settings.ts';
import { TRACKER_NAMES } from '../src/track/trackers/create-tracker.ts';
import { givenVideo } from './given-files.ts';
import { isSameFile, outputPath } from './output-file.ts';
import { withClock } from './scene-clock.ts';
import { UsageError } from './usage-error.ts';

/** How it is called, for `--help` and after a wrong call. */
export const TRACK_USAGE = `Usage: footpath track VIDEO [options]
       footpath track --from-detections DIR [options]

  --out FILE            where the result goes when it is whole (default, and -: standard output); if the job fails and
                        FILE is there already, that stays, and what was found goes to its name with .failed
  --scene FILE          lines and zones to count at (docs/counting.md): the counts go beside the result, to its name with
                        .counts, as "footpath count" writes them; needs --out
  --format NAME         rekognition (default): the merged GetPersonTracking answer as JSON
                        mot: MOTChallenge rows
  --from-detections DIR in place of a video, what footpath detect found in it: a folder, or one of several parts; may be
                        repeated. Takes seconds, --out, --format, and the options from here to --detect-every
  --tracker NAME        ${TRACKER_NAMES.join(', ')}
  --refine, --no-refine with the look over the whole video, which tracks anew with footpath, or the tracker's own
                        output (default: refined with footpath, not with another tracker)
  --no-fill             no estimated boxes in short gaps
  --rejoin N            seconds that somebody may be out of sight and stay the same person (default 60)
  --score-threshold N   score from which somebody is sure to be there, above 0, at most 1 (default: the detector's own)
  --known-again-by NAME what people are known again by: ${KNOWN_AGAIN_BY.join(', ')} (default)
  --detect-every N      look for people in every Nth sample, 1 (default) to 10, and estimate what lies between
  --sample-rate N|all   samples a second (default 15), or every frame
  --no-motion-gate      look for people in the whole picture every time, changed or not
  --quality NAME        fast, balanced (default), accurate, or auto: as good as this computer has time for
  --model NAME|FILE     what finds the people: ${MODEL_NAMES.join(' (default), ')}, or an ONNX file of your own
  --model-family NAME   what kind of network the file holds: yolox, rtmdet
  --backend NAME        where to compute: ${BACKEND_CHOICES.join(', ')} (default auto)
  --workers N           detector threads (default: one a core)
  --manifest FILE       what the result was computed from and with, for footpath verify: see docs/api.md#manifests
  --report              tell how the job went, on standard error

Exit codes: 0 done, 1 the job failed (what it found is written all the same), 2 wrong usage, 130 ended by Ctrl-C.
`;

/** A checked command line. */
export interface TrackOptions {
  /** Absolute. */
  readonly video: string;
  readonly out: string | undefined;
  readonly format: 'rekognition' | 'mot';
  readonly report: boolean;
  /** What is to be counted. */
  readonly scene: Scene | undefined;
  /** Where the manifest goes. */
  readonly manifest: string | undefined;
  /** A detector's file. */
  readonly model: string | undefined;
  /** See HeadlessOptions of src/app/headless.ts. */
  readonly page: {
    settings: Partial<TrackingSettings>;
    workers?: number;
    modelFamily?: OwnModelRecord['family'];
  };
}

/**
 * Reads the command line.
 * @returns undefined when help is asked for
 * @throws Error that says what is wrong
 */
export async function parseTrackOptions(args: string[]): Promise<TrackOptions | undefined> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    allowNegative: true,
    options: {
      out: { type: 'string' },
      scene: { type: 'string' },
      format: { type: 'string', default: 'rekognition' },
      tracker: { type: 'string' },
      refine: { type: 'boolean' },
      rejoin: { type: 'string' },
      'score-threshold': { type: 'string' },
      'known-again-by': { type: 'string' },
      fill: { type: 'boolean' },
      'sample-rate': { type: 'string' },
      'detect-every': { type: 'string' },
      quality: { type: 'string' },
      'motion-gate': { type: 'boolean' },
      model: { type: 'string' },
      'model-family': { type: 'string' },
      backend: { type: 'string' },
      workers: { type: 'string' },
      manifest: { type: 'string' },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const video = await givenVideo(positionals);
  const workers = count('--workers', values.workers);
  const every = numberBy('detectEvery', '--detect-every', values['detect-every']);
  const { refine, fill: fillGaps } = values;
  const detecting = { ...(every === undefined ? {} : { detectEvery: every }) };
  if (
    contradictsDetectEvery({
      ...detecting,
      ...(refine === undefined ? {} : { refine }),
      ...(fillGaps === undefined ? {} : { fillGaps }),
    })
  ) {
    throw new UsageError(
      '--detect-every estimates boxes, which --no-refine and --no-fill rule out',
    );
  }
  const rate =
    values['sample-rate'] === 'all'
      ? 'all'
      : numberBy('sampleRate', '--sample-rate', values['sample-rate']);
  const score = numberBy('scoreThreshold', '--score-threshold', values['score-threshold']);
  const rejoin = numberBy('rejoinSeconds', '--rejoin', values.rejoin);
  const knownAgainBy = oneOf('--known-again-by', values['known-again-by'], KNOWN_AGAIN_BY);
  const tracker = oneOf('--tracker', values.tracker, TRACKER_NAMES);
  const quality = oneOf('--quality', values.quality, QUALITY_CHOICES);
  const backend = oneOf('--backend', values.backend, BACKEND_CHOICES);
  const model = await chooseModel(values.model, values['model-family']);
  const out = outputPath(values.out);
  await checkOutput('--out', out, [video, model.file, values.scene]);
  if (values.scene !== undefined && out === undefined)
    throw new UsageError('--scene needs --out FILE: the counts go beside the result');
  await checkOutput('--manifest', values.manifest, [video, model.file, values.scene, out]);
  const [place, manifest] = [out, values.manifest].map((path) => path && resolve(path));
  if (manifest !== undefined && manifest === place)
    throw new UsageError(`--manifest ${values.manifest} is where --out goes: name another file`);
  return {
    video: resolve(video),
    model: model.file,
    out,
    format: oneOf('--format', values.format, ['rekognition', 'mot']),
    report: values.report,
    scene: values.scene === undefined ? undefined : withClock(await readScene(values.scene), video),
    manifest: values.manifest,
    page: {
      ...(workers === undefined ? {} : { workers }),
      ...(model.family === undefined ? {} : { modelFamily: model.family }),
      settings: {
        ...(model.name === undefined ? {} : { model: model.name }),
        ...(rate === undefined ? {} : { sampleRate: rate }),
        ...(every === undefined ? {} : { detectEvery: every }),
        ...(values['motion-gate'] === undefined ? {} : { motionGate: values['motion-gate'] }),
        ...(score === undefined ? {} : { scoreThreshold: score }),
        ...(tracker === undefined ? {} : { tracker }),
        ...(quality === undefined ? {} : { quality }),
        ...(backend === undefined ? {} : { backend }),
        ...(values.refine === undefined ? {} : { refine: values.refine }),
        ...(rejoin === undefined ? {} : { rejoinSeconds: rejoin }),
        ...(knownAgainBy === undefined ? {} : { knownAgainBy }),
        ...(values.fill === undefined ? {} : { fillGaps: values.fill }),
      },
    },
  };
}

/** An output that is one of the inputs would destroy it. @throws UsageError */
export async function checkOutput(
  option: string,
  out: string | undefined,
  inputs: readonly (string | undefined)[],
) {
  if (out === undefined) return;
  for (const input of inputs) {
    if (input === undefined || !(await isSameFile(out, input))) continue;
    throw new UsageError(`${option} ${out} is the file ${input} that is read: it would be lost`);
  }
  if ((await stat(out).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`${option} ${out} is a folder; name a file`);
  }
}

/** @throws UsageError that names the file and the rule */
async function readScene(file: string): Promise<Scene> {
  try {
    return parseScene(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--scene ${file}: ${messageOf(error)}`);
  }
}

/** A detector by its name, or a file and its family. @throws UsageError */
export async function chooseModel(value: string | undefined, family: string | undefined) {
  const name = MODEL_NAMES.find((known) => known === value);
  if (value === undefined || name !== undefined) {
    if (family === undefined) return { name };
    throw new UsageError('--model-family is for an ONNX file given by --model');
  }
  const file = await stat(value).catch(() => undefined);
  if (!file?.isFile()) {
    throw new UsageError(
      `--model must be one of ${MODEL_NAMES.join(', ')}, or an ONNX file, but is ${value}`,
    );
  }
  const known = oneOf('--model-family', family, MODEL_FAMILIES);
  if (known) return { file: resolve(value), family: known };
  throw new UsageError(`--model ${value} needs --model-family: ${MODEL_FAMILIES.join(' or ')}`);
}

/** One of the names that are known; undefined where none is given. @throws UsageError */
export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T;
export function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined;
export function oneOf<T extends string>(
  option: string,
  value: string | undefined,
  known: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = known.find((name) => name === value);
  if (found === undefined) {
    throw new UsageError(`${option} must be one of ${known.join(', ')}, but is ${value}`);
  }
  return found;
}

/** An integer of at least 1. @throws UsageError */
export function count(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new UsageError(`${option} must be an integer of at least 1, but is ${value}`);
}

/** A number by the rule of its setting. @throws UsageError */
export function numberBy(
  setting: 'sampleRate' | 'rejoinSeconds' | 'detectEvery' | 'scoreThreshold',
  option: string,
  value: string | undefined,
): number | undefined {
  if (value === undefined) return undefined;
  const number = value.trim() === '' ? Number.NaN : Number(value);
  const { words, holds } = SETTING_RULES[setting];
  if (holds(number)) return number;
  throw new UsageError(`${option} must be ${words}, but is ${value}`);
}
