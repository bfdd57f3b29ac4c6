import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/contract/message-of.ts';
import { chooseInputSizes } from '../src/detect/input-size.ts';
import { type ModelManifest, QUALITIES, type Quality } from '../src/detect/manifest.ts';
import type { JobProgress } from '../src/engine/job.ts';
import { MODEL_NAMES, type OwnModelRecord } from '../src/engine/settings.ts';
import {
  differencesOf,
  type ManifestDifference,
  type ResultManifest,
  readManifest,
} from '../src/export/result-manifest.ts';
import { chromiumMissing, findChromium } from './chromium.mjs';
import { resultText } from './counted.ts';
import { fileHash } from './file-hash.ts';
import { mustBeFile } from './given-files.ts';
import { Interruption, inHeadlessPage, untilInterrupted } from './headless-page.ts';
import { ProgressLine } from './progress-line.ts';
import { RunFolder } from './run-folder.ts';
import { give, tell } from './tell.ts';
import { chooseModel, count } from './track-options.ts';
import { UsageError } from './usage-error.ts';

const USAGE = `Usage: footpath verify MANIFEST VIDEO [options]

Computes a result again, from the video and with what its manifest says, and tells whether every box is the same.
The manifest comes with "footpath track --manifest FILE" or from the app.

  --model FILE          the detector's file, where the result was made with one of your own
  --workers N           detector threads (default: one a core)

Exit codes: 0 every box is the same, 1 it could not be computed, 2 wrong usage, 3 it differs: each line on standard
output names what differs (video, model, settings, backend, version, skipped, detections, boxes) and both sides, 130 ended by
Ctrl-C. Where boxes differ, it is said whether other people were found in the pictures, or the same were followed otherwise.
Backend int8 gives the same boxes on every computer; the others may differ in the last digits on another one.
`;

const MODELS = fileURLToPath(new URL('../app/models', import.meta.url));

/** The two differ in something that makes computing again pointless. */
class Differs extends Error {
  readonly differences: readonly ManifestDifference[];
  /** In which of the two stages, in words; undefined where that is not known. */
  readonly stage: string | undefined;

  constructor(differences: readonly ManifestDifference[], stage?: string) {
    super('it differs');
    this.differences = differences;
    this.stage = stage;
  }
}

function say(text: string): void {
  tell(`footpath verify: ${text}\n`);
}

interface VerifyOptions {
  readonly manifest: ResultManifest;
  /** Absolute. */
  readonly video: string;
  readonly model: string | undefined;
  readonly workers: number | undefined;
}

/**
 * Runs `footpath verify`.
 * @param args what stands after it
 * @returns the exit code: see its usage
 */
export async function verify(args: string[]): Promise<number> {
  let options: VerifyOptions | undefined;
  try {
    options = await readOptions(args);
  } catch (error) {
    say(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (!options) {
    process.stdout.write(USAGE);
    return 0;
  }
  const interrupted = untilInterrupted();
  let run: RunFolder | undefined;
  try {
    await checkVideo(options);
    await checkModel(options);
    run = await RunFolder.open();
    const found = await computeAgain(options, run, interrupted);
    const differences = differencesOf(options.manifest, found);
    const boxes = differences.filter(({ what }) => what === 'boxes');
    if (boxes.length > 0) throw new Differs(differences, stageOf(differences, options.manifest));
    const { people, boxes: number } = found.result;
    give(`the same: ${resultText(people, number)}\n`);
    for (const { what, text } of differences)
      say(`also seen, without any effect: ${what}: ${text}`);
    return 0;
  } catch (error) {
    if (error instanceof Differs) {
      for (const { what, text } of error.differences) give(`${what}: ${text}\n`);
      if (error.stage !== undefined) say(error.stage);
      return 3;
    }
    say(messageOf(error));
    return error instanceof Interruption ? error.exitCode : 1;
  } finally {
    await run?.close();
  }
}

/** @returns undefined when help is asked for */
async function readOptions(args: string[]): Promise<VerifyOptions | undefined> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      workers: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return undefined;
  const [manifestFile, video, ...more] = positionals;
  if (manifestFile === undefined || video === undefined || more.length > 0)
    throw new UsageError('name a manifest and a video');
  for (const file of [manifestFile, video]) await mustBeFile(file);
  const manifest = readManifest(await readFile(manifestFile, 'utf8'));
  const { family, name } = manifest.model;
  if (family === undefined && values.model !== undefined)
    throw new UsageError(
      `--model is for a detector of your own; this result was made with ${name}`,
    );
  if (family !== undefined && values.model === undefined)
    throw new UsageError(
      `this result was made with a detector of your own, ${name}: name it by --model`,
    );
  return {
    manifest,
    video: resolve(video),
    model: values.model === undefined ? undefined : (await chooseModel(values.model, family)).file,
    workers: count('--workers', values.workers),
  };
}

/** Where boxes differ, whether finding people or following them gave something else. */
function stageOf(differences: readonly ManifestDifference[], { detections }: ResultManifest) {
  if (detections === undefined) return undefined;
  return differences.some(({ what }) => what === 'detections')
    ? 'what was found in the pictures differs, before anybody was followed'
    : 'what was found in the pictures is the same; people were followed in another way';
}

/** Another video has other boxes: hours of computing would tell nothing more. @throws Differs */
async function checkVideo({ manifest, video }: VerifyOptions): Promise<void> {
  const sha256 = await fileHash(video);
  if (sha256 === manifest.video.sha256) return;
  const { size } = await stat(video);
  throw new Differs([
    {
      what: 'video',
      text: `the manifest is of ${manifest.video.name} with ${manifest.video.bytes} bytes and SHA-256 ${manifest.video.sha256}; ${video} has ${size} bytes and SHA-256 ${sha256}`,
    },
  ]);
}

/** @throws Differs, or Error where the model is not installed */
async function checkModel({ manifest, model }: VerifyOptions): Promise<void> {
  const { name, family, sha256: said } = manifest.model;
  if (said === undefined) return;
  const file = family === undefined ? modelFile(name) : model!;
  const sha256 = await fileHash(file).catch(() => {
    throw new Error(`the model ${name} is not installed: run npm run setup`);
  });
  if (sha256 === said) return;
  const text = `the result was made with ${name} of SHA-256 ${said}; the one here has ${sha256}`;
  throw new Differs([{ what: 'model', text }]);
}

/** @throws Differs for a name that no model here has */
function modelFile(name: string): string {
  if (MODEL_NAMES.some((known) => known === name)) return `${MODELS}/${name}/manifest.json`;
  const text = `the result was made with ${name}, which this version does not know`;
  throw new Differs([{ what: 'model', text }]);
}

async function computeAgain(
  options: VerifyOptions,
  run: RunFolder,
  interrupted: Promise<never>,
): Promise<ResultManifest> {
  const { manifest, video, model, workers } = options;
  const executablePath = findChromium();
  if (!executablePath) throw new Error(chromiumMissing());
  const line = new ProgressLine(process.stderr);
  const settings = await fixedSettings(manifest);
  const page = { executablePath, run, video, model, log: say, interrupted };
  try {
    const ending = await inHeadlessPage(
      page,
      { footpathProgress: (progress: JobProgress) => line.show(progress) },
      (page) =>
        page.evaluate(
          (given) =>
            (
              globalThis as unknown as {
                footpathTrackFile(
                  format: string,
                  options: unknown,
                ): Promise<{ failure?: string; manifest?: ResultManifest }>;
              }
            ).footpathTrackFile('mot', given),
          {
            settings,
            manifest: true,
            ...(workers === undefined ? {} : { workers }),
            ...(manifest.model.family === undefined
              ? {}
              : { modelFamily: manifest.model.family as OwnModelRecord['family'] }),
          },
        ),
    );
    if (!ending.manifest)
      throw new Error(ending.failure ?? 'the job ended without looking for people');
    // What was fixed for this run was not asked for: the manifest's own choice is compared.
    return { ...ending.manifest, settings: manifest.settings };
  } finally {
    line.end();
  }
}

/** The settings of the manifest, with what was measured then in place of `auto`. */
async function fixedSettings(manifest: ResultManifest): Promise<Record<string, unknown>> {
  const { settings, computed, model } = manifest;
  return {
    ...settings,
    ...(model.family === undefined ? { model: model.name } : {}),
    backend: computed.backend,
    ...(settings.quality === 'auto' ? { quality: await qualityOf(manifest) } : {}),
  };
}

/** The quality that looks at the sizes which `auto` came to then. */
async function qualityOf({ video, computed, model }: ResultManifest): Promise<Quality | 'auto'> {
  if (model.family !== undefined) return 'auto';
  const { input } = JSON.parse(await readFile(modelFile(model.name), 'utf8')) as ModelManifest;
  const same = (quality: Quality) =>
    JSON.stringify(chooseInputSizes(input, quality, video).map((it) => [it.width, it.height])) ===
    JSON.stringify(computed.inputs);
  return QUALITIES.find(same) ?? 'auto';
}
