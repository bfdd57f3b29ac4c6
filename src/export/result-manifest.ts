import { Failure } from '../contract/failure.ts';

/** Version of the format, in the member `footpathManifest`. */
export const MANIFEST_FORMAT = 1;

/**
 * What a result was computed from and with, so that somebody else can compute it again and compare (`footpath verify`).
 * Hashes are SHA-256, lower-case hexadecimal.
 */
export interface ResultManifest {
  readonly footpathManifest: typeof MANIFEST_FORMAT;
  /** Version of Footpath. */
  readonly footpath: string;
  readonly video: {
    readonly name: string;
    readonly bytes: number;
    readonly sha256: string;
    /** Of the displayed frame, in pixels. */
    readonly width: number;
    readonly height: number;
  };
  readonly model: {
    readonly name: string;
    /** Of the model's `manifest.json`, which names the hash of each of its files; of a file of the user's own, if it is still there. */
    readonly sha256?: string;
    /** Set for a detector of the user's own. */
    readonly family?: string;
  };
  /** As asked for. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** As it came to be. */
  readonly computed: {
    readonly backend: string;
    /** Width and height of each size at which a frame was looked at, in pixels. */
    readonly inputs: readonly (readonly [width: number, height: number])[];
    /** The network that people were known again by; absent: by colours. */
    readonly identity?: string;
    /** Why other backends were not taken, and what else is not as usual. */
    readonly notes: readonly string[];
    /** The browser's own name and version. */
    readonly browser: string;
  };
  /** What was not looked at. */
  readonly skipped: {
    readonly framesExpected: number;
    readonly framesDecoded: number;
    readonly framesDamaged: number;
    /** Milliseconds of the first damaged frames, at most 16. */
    readonly damagedAtMs: readonly number[];
  };
  readonly result: {
    readonly status: 'SUCCEEDED' | 'FAILED';
    /** Why it is not whole, of a job that failed. */
    readonly failure?: string;
    readonly people: number;
    readonly boxes: number;
    /** Of the boxes in their canonical form: see `canonicalPaths`. */
    readonly sha256: string;
  };
  /**
   * What was found in the pictures before anybody was followed, in its canonical form: see `canonicalDetections`. Absent where
   * it was not kept any more.
   */
  readonly detections?: {
    readonly boxes: number;
    readonly sha256: string;
  };
}

/** Something in which two runs differ; `boxes` alone: nothing else explains it. */
export interface ManifestDifference {
  readonly what:
    | 'video'
    | 'model'
    | 'settings'
    | 'backend'
    | 'version'
    | 'skipped'
    | 'detections'
    | 'boxes';
  /** In words, with both sides. */
  readonly text: string;
}

/**
 * Reads a manifest.
 * @throws Failure `object-unreadable` that names the member that is missing or wrong
 */
export function readManifest(text: string): ResultManifest {
  const wrong = (why: string) =>
    new Failure('object-unreadable', `This is no manifest of Footpath: ${why}.`);
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw wrong('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || !('footpathManifest' in value))
    throw wrong('footpathManifest is missing');
  if (value.footpathManifest !== MANIFEST_FORMAT)
    throw wrong(
      `footpathManifest must be ${MANIFEST_FORMAT}, it is ${JSON.stringify(value.footpathManifest)}`,
    );
  for (const [path, isRight, rule] of RULES) {
    const found = path
      .split('.')
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], value);
    if (!isRight(found))
      throw wrong(`${path} must be ${rule}, it is ${JSON.stringify(found) ?? 'missing'}`);
  }
  return value as unknown as ResultManifest;
}

/** A manifest as the text of a file. */
export function manifestText(manifest: ResultManifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isCount = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isHash = (value: unknown) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isFlat = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((it) => ['string', 'number', 'boolean'].includes(typeof it));
const isSizes = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((it) => Array.isArray(it) && it.length === 2 && it.every(isCount));
const isDetections = (value: unknown) => {
  if (value === undefined) return true;
  const { boxes, sha256 } = (value ?? {}) as Record<string, unknown>;
  return isCount(boxes) && isHash(sha256);
};
const COUNT = 'a whole number from 0';
const HASH = '64 hexadecimal digits in lower case';
const RULES: readonly [path: string, isRight: (value: unknown) => boolean, rule: string][] = [
  ['footpath', isText, 'a version'],
  ['video.name', isText, 'a name'],
  ['video.bytes', isCount, COUNT],
  ['video.sha256', isHash, HASH],
  ['video.width', isCount, COUNT],
  ['video.height', isCount, COUNT],
  ['model.name', isText, 'a name'],
  ['model.sha256', (value) => value === undefined || isHash(value), HASH],
  ['settings', isFlat, 'settings by name'],
  ['computed.backend', isText, 'a backend'],
  ['computed.inputs', isSizes, 'pairs of width and height'],
  ['skipped.framesExpected', isCount, COUNT],
  ['skipped.framesDecoded', isCount, COUNT],
  ['skipped.framesDamaged', isCount, COUNT],
  ['result.status', (value) => value === 'SUCCEEDED' || value === 'FAILED', 'SUCCEEDED or FAILED'],
  ['result.people', isCount, COUNT],
  ['result.boxes', isCount, COUNT],
  ['result.sha256', isHash, HASH],
  ['detections', isDetections, 'a number of boxes and their sha256'],
];

/** In what a second run differs from a manifest; empty where every box is the same and came to be in the same way. */
export function differencesOf(said: ResultManifest, found: ResultManifest): ManifestDifference[] {
  const differences: ManifestDifference[] = [];
  const compare = (
    what: ManifestDifference['what'],
    name: string,
    before: unknown,
    now: unknown,
  ) => {
    const [a, b] = [JSON.stringify(before), JSON.stringify(now)];
    if (a !== b)
      differences.push({
        what,
        text: `${name}: ${a ?? 'none'} in the manifest, ${b ?? 'none'} now`,
      });
  };
  compare('video', 'SHA-256 of the video', said.video.sha256, found.video.sha256);
  compare('model', 'model', said.model.name, found.model.name);
  compare('model', 'SHA-256 of the model', said.model.sha256, found.model.sha256);
  compare(
    'model',
    'network to know people again by',
    said.computed.identity,
    found.computed.identity,
  );
  for (const name of new Set([...Object.keys(said.settings), ...Object.keys(found.settings)]))
    compare('settings', `setting ${name}`, said.settings[name], found.settings[name]);
  compare('settings', 'sizes looked at', said.computed.inputs, found.computed.inputs);
  compare('backend', 'backend', said.computed.backend, found.computed.backend);
  compare('version', 'version of Footpath', said.footpath, found.footpath);
  compare('skipped', 'frames decoded', said.skipped.framesDecoded, found.skipped.framesDecoded);
  compare('skipped', 'frames damaged', said.skipped.framesDamaged, found.skipped.framesDamaged);
  // Where one of them was not kept nothing is known of it.
  if (said.detections && found.detections) {
    compare('detections', 'detections', said.detections.boxes, found.detections.boxes);
    const [a, b] = [said.detections.sha256, found.detections.sha256];
    compare('detections', 'SHA-256 of the detections', a, b);
  }
  compare('boxes', 'people', said.result.people, found.result.people);
  compare('boxes', 'boxes', said.result.boxes, found.result.boxes);
  compare('boxes', 'SHA-256 of the boxes', said.result.sha256, found.result.sha256);
  return differences;
}
