/**
 * What a page and the frame of Footpath in it tell each other, version 1, with guards. A message is taken apart member by
 * member into a new object: whatever else it carries, inherited members and accessors too, is never looked at.
 */

/** Version of the protocol; another one is refused by name. */
export const PROTOCOL = 'footpath-embed/1';

/** The page's first word to the frame, with a port for everything else. */
export interface Hello {
  readonly protocol: typeof PROTOCOL;
}

/** What the page says over the port. */
export type HostMessage =
  /** All that its element's attributes say; what is not named has its default. */
  | {
      readonly type: 'configure';
      readonly lang?: string;
      readonly quality?: 'auto' | 'fast' | 'balanced' | 'accurate';
      readonly sampleRate?: number | 'all';
      /** JSON of what is counted in the finished result. */
      readonly scene?: string;
    }
  /** Another video, or none any more. */
  | { readonly type: 'video'; readonly file: Blob | null }
  | { readonly type: 'start' }
  | { readonly type: 'stop' }
  /** Asks the user for the picture that is shown. */
  | { readonly type: 'ask-picture' };

/** One person's path as the page gets it: places and times, never pixels. */
export interface EmbeddedPath {
  readonly index: number;
  readonly timestampsMs: readonly number[];
  /** Left, Top, Width, Height of each sample, ratios of the displayed frame. */
  readonly boxes: readonly number[];
}

/** What was counted at a line. */
export interface EmbeddedLine {
  readonly id: string;
  readonly name: string;
  readonly in: number;
  readonly out: number;
}

/** What was counted in a zone: people, each once. */
export interface EmbeddedZone {
  readonly id: string;
  readonly name: string;
  readonly people: number;
}

/** What the frame says over the port. */
export type FrameMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'size'; readonly heightPx: number }
  | {
      readonly type: 'progress';
      readonly stage: string;
      readonly share: number;
      readonly people: number;
    }
  | {
      readonly type: 'complete';
      readonly jobId: string;
      readonly people: number;
      readonly frameWidth: number;
      readonly frameHeight: number;
      readonly durationMs: number;
      readonly paths: readonly EmbeddedPath[];
      /** Empty without a scene. */
      readonly lines: readonly EmbeddedLine[];
      readonly zones: readonly EmbeddedZone[];
    }
  | { readonly type: 'error'; readonly kind: string; readonly message: string }
  | { readonly type: 'select'; readonly index: number | null }
  /** What the user gave, on a question of the page; null where they did not, or there was none. */
  | { readonly type: 'picture'; readonly image: Blob | null };

const QUALITIES = ['auto', 'fast', 'balanced', 'accurate'] as const;
const LONGEST_TEXT = 10_000;
const LONGEST_SCENE = 1_000_000;
/** Bytes. */
const LARGEST_PICTURE = 50_000_000;

/** Own data members of a plain object; nothing for anything else. */
function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = new Map<string, unknown>();
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    if ('value' in property) members.set(name, property.value);
  }
  return members;
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= LONGEST_TEXT;
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;
const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** Whether a window's message is the page's first word in this version. */
export function isHello(value: unknown): boolean {
  return membersOf(value)?.get('protocol') === PROTOCOL;
}

/** A message of the page, or nothing where it is none. */
export function readHostMessage(value: unknown): HostMessage | undefined {
  const members = membersOf(value);
  switch (members?.get('type')) {
    case 'start':
    case 'stop':
    case 'ask-picture':
      return { type: members.get('type') as 'start' | 'stop' | 'ask-picture' };
    case 'video': {
      const file = members.get('file');
      return file === null || file instanceof Blob ? { type: 'video', file } : undefined;
    }
    case 'configure': {
      const lang = members.get('lang');
      const quality = QUALITIES.find((name) => name === members.get('quality'));
      const [rate, scene] = [members.get('sampleRate'), members.get('scene')];
      const fits = rate === 'all' || (isLength(rate) && rate > 0 && rate <= 120);
      return {
        type: 'configure',
        ...(isText(lang) && lang.length <= 35 ? { lang } : {}),
        ...(quality === undefined ? {} : { quality }),
        ...(fits ? { sampleRate: rate } : {}),
        ...(isScene(scene) ? { scene } : {}),
      };
    }
    default:
      return undefined;
  }
}

/** A message of the frame, or nothing where it is none. */
export function readFrameMessage(value: unknown): FrameMessage | undefined {
  const members = membersOf(value);
  const get = (name: string) => members?.get(name);
  switch (get('type')) {
    case 'ready':
      return { type: 'ready' };
    case 'size': {
      const heightPx = get('heightPx');
      return isLength(heightPx) && heightPx <= 100_000 ? { type: 'size', heightPx } : undefined;
    }
    case 'progress': {
      const [stage, share, people] = [get('stage'), get('share'), get('people')];
      if (!isText(stage) || !isLength(share) || share > 1 || !isCount(people)) return undefined;
      return { type: 'progress', stage, share, people };
    }
    case 'error': {
      const [kind, message] = [get('kind'), get('message')];
      return isText(kind) && isText(message) ? { type: 'error', kind, message } : undefined;
    }
    case 'select': {
      const index = get('index');
      return index === null || isCount(index) ? { type: 'select', index } : undefined;
    }
    case 'picture': {
      const image = get('image');
      return image === null || isPicture(image) ? { type: 'picture', image } : undefined;
    }
    case 'complete':
      return readComplete(get);
    default:
      return undefined;
  }
}

function readComplete(get: (name: string) => unknown): FrameMessage | undefined {
  const [jobId, people, paths] = [get('jobId'), get('people'), get('paths')];
  const [frameWidth, frameHeight] = [get('frameWidth'), get('frameHeight')];
  const durationMs = get('durationMs');
  if (!isText(jobId) || !isCount(people) || !Array.isArray(paths)) return undefined;
  if (!isLength(frameWidth) || !isLength(frameHeight) || !isLength(durationMs)) return undefined;
  const read: EmbeddedPath[] = [];
  for (const path of paths) {
    const members = membersOf(path);
    const [index, times, boxes] = ['index', 'timestampsMs', 'boxes'].map((it) => members?.get(it));
    if (!isCount(index) || !isNumbers(times) || !isNumbers(boxes)) return undefined;
    if (boxes.length !== 4 * times.length) return undefined;
    read.push({ index, timestampsMs: [...times], boxes: [...boxes] });
  }
  const lines = listOf(get('lines'), ({ id, name, in: inwards, out }) =>
    isText(id) && isText(name) && isCount(inwards) && isCount(out)
      ? { id, name, in: inwards, out }
      : undefined,
  );
  const zones = listOf(get('zones'), ({ id, name, people: visitors }) =>
    isText(id) && isText(name) && isCount(visitors) ? { id, name, people: visitors } : undefined,
  );
  if (!lines || !zones) return undefined;
  return {
    type: 'complete',
    jobId,
    people,
    frameWidth,
    frameHeight,
    durationMs,
    paths: read,
    lines,
    zones,
  };
}

/** Every member of a list read anew; nothing where one of them is not right. */
function listOf<T>(
  value: unknown,
  read: (members: Record<string, unknown>) => T | undefined,
): T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found: T[] = [];
  for (const item of value) {
    const members = membersOf(item);
    const one = members && read(Object.fromEntries(members));
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}

/** An address would be one of the frame's own site: a page gives the scene itself. */
function isScene(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_SCENE && value.trim().startsWith('{');
}

function isPicture(value: unknown): value is Blob {
  return value instanceof Blob && value.type === 'image/jpeg' && value.size <= LARGEST_PICTURE;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((it) => typeof it === 'number');
}
