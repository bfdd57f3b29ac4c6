/**
 * Detections of a video in parts: written and read to the bit, joined whatever the cuts, refused where they do not fit.
 * Long because one detected video, cut in every way, serves all of it.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AssociateSettings, associateParts, findParts } from '../../cli/associate-parts.ts';
import { keepPart, type PartAbout, PartWriter, readPart } from '../../cli/detection-part.ts';
import { formatNpy, parseNpy } from '../../cli/npy.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

const FPS = 15;
const SAMPLES = 150;
const about = (from: number, to: number | null): Omit<PartAbout, 'format' | 'samples'> => ({
  video: { name: 'v.mp4', bytes: 7, sha256: 'a' },
  range: { from, to },
  info: {
    codec: 'h264',
    format: 'QuickTime / MOV',
    durationMs: 10_000,
    frameRate: FPS,
    width: 640,
    height: 360,
    expectedSamples: SAMPLES,
  },
  sampleRate: FPS,
  model: { id: 'm', sha256: 'm' },
  detector: {
    fingerprint: 'm and r',
    backend: 'wasm',
    inputs: [{ width: 384, height: 224 }],
    scoreThreshold: 0.5,
    identity: {
      model: 'r',
      spreads: {
        short: { median: 0.1, deviation: 0.05 },
        long: { median: 0.2, deviation: 0.05 },
        different: { median: 0.7, deviation: 0.1 },
      },
    },
  },
});

/** Two people who walk past each other; one is not seen for a while, and now and then nobody is. */
function sampleAt(i: number) {
  const boxes: number[] = [];
  const scores: number[] = [];
  const spreads: number[] = [];
  const features: number[] = [];
  const rows: number[] = [];
  const values: number[] = [];
  const add = (left: number, top: number, colour: number) => {
    if (i % 7 === 0) {
      rows.push(scores.length);
      values.push(...[100, 20, 3].map((value) => (colour ? -value : value)), colour);
    }
    boxes.push(...[left, top, left + 40.3, top + 101.7].map(Math.fround));
    scores.push(Math.fround(0.6 + 0.3 * Math.sin(i + colour)));
    spreads.push(...[0, 1, 2, 3].map((k) => 10 + ((7 * i + 13 * k + colour) % 100)));
    features.push(...Array.from({ length: 8 }, (_, k) => ((k + colour) % 3) * 40 - (i % 5)));
  };
  if (i % 40 !== 7) {
    add(10.1 + 3.7 * i, 120.3, 0);
    if (i < 60 || i > 75) add(600.9 - 3.1 * i, 130.2, 1);
  }
  return {
    frame: i,
    timestampMs: Math.floor((1000 * i) / FPS),
    timeSeconds: i / FPS,
    boxes,
    scores,
    spreads,
    features,
    ...(rows.length > 0 && { reid: { rows, values } }),
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fp-parts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function writePart(
  name: string,
  from: number,
  to: number | null,
  change: { detectEvery?: number; [member: string]: unknown } = {},
) {
  // What footpath detect writes to is new.
  rmSync(join(folder, name), { recursive: true, force: true });
  const writer = new PartWriter();
  for (let i = 0; i < SAMPLES; i++) {
    if (i / FPS < from || i / FPS >= (to ?? Number.POSITIVE_INFINITY)) continue;
    const { boxes, scores, spreads, features, reid, ...passed } = sampleAt(i);
    const isLooked = i % (change.detectEvery ?? 1) === 0;
    const found = { boxes, scores, spreads, features, ...(reid && { reid }) };
    writer.add({ sample: i, ...passed, ...(isLooked && found) });
  }
  await writer.write(join(folder, name), name, { ...about(from, to), ...change });
  return join(folder, name);
}
async function join_(format: 'rekognition' | 'mot', ...parts: string[]): Promise<string> {
  return joinBy({}, format, ...parts);
}
async function joinBy(
  changes: Partial<AssociateSettings>,
  format: 'rekognition' | 'mot',
  ...parts: string[]
): Promise<string> {
  const { detectEvery: _, knownAgainBy: __, ...settings } = DEFAULT_SETTINGS;
  const { text } = await associateParts(parts, { ...settings, ...changes }, format);
  let all = '';
  for await (const piece of text) all += piece;
  return all;
}

test('a table of integers is NumPy’s, and comes back', () => {
  const file = formatNpy({ rows: 2, columns: 3, values: Int8Array.of(1, -2, 3, 127, -128, 0) });
  expect(file.subarray(1, 6).toString()).toBe('NUMPY');
  expect((file.length - 6) % 64).toBe(0);
  expect(parseNpy(file)).toEqual({
    rows: 2,
    columns: 3,
    values: Int8Array.of(1, -2, 3, 127, -128, 0),
  });
  for (const broken of [file.subarray(1), file.subarray(0, -1), Buffer.alloc(0)]) {
    expect(parseNpy(broken)).toBeUndefined();
  }
});

test('what is written comes back to the bit', async () => {
  const pixel = fc.float({ min: -700, max: 5000, noNaN: true });
  const share = fc.float({ min: 0, max: 1, noNaN: true });
  const size = fc.float({ min: 1, max: 900, noNaN: true });
  await fc.assert(
    fc.asyncProperty(
      pixel,
      pixel,
      size,
      size,
      share,
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      async (left, top, width, height, score, timeSeconds) => {
        // Adding 0 makes -0 one: the text tells them apart no more than a picture does.
        const boxes = [left, top, left + width, top + height].map((x) => Math.fround(x + 0));
        const writer = new PartWriter();
        writer.add({ frame: 3, timestampMs: 9, timeSeconds, boxes, scores: [score] });
        await writer.write(join(folder, 'bits'), 'bits', about(0, null));
        const [sample] = (await readPart(join(folder, 'bits'))).samples;
        expect(sample?.timeSeconds).toBe(timeSeconds);
        expect([...sample!.detections.boxes]).toEqual(boxes);
        expect([...sample!.detections.scores]).toEqual([score + 0]);
      },
    ),
    { numRuns: 40 },
  );
});

test.skipIf(!existsSync('/dev/full'))(
  'a folder on a full disk is named (skipped: no disk that is full)',
  async () => {
    const full = join(folder, 'full');
    mkdirSync(join(full, 'det'), { recursive: true });
    symlinkSync('/dev/full', join(full, 'det/det.txt'));
    const writer = new PartWriter();
    writer.add({ frame: 0, timestampMs: 0, timeSeconds: 0, boxes: [0, 0, 1, 1], scores: [0.9] });
    const written = writer.write(full, 'full', about(0, null));
    await expect(written).rejects.toThrow(`${full} cannot be written: ENOSPC`);
  },
);

test.each(['rekognition', 'mot'] as const)(
  '%s is the same wherever a video was cut',
  async (format) => {
    const whole = await join_(format, await writePart('whole', 0, null));
    expect(whole.length).toBeGreaterThan(1000);
    for (const cuts of [[5], [0.01, 4.3, 4.4, 9.99], [2, 2 + 1 / FPS]]) {
      const ends = [...cuts, null];
      const parts: string[] = [];
      for (const [i, to] of ends.entries()) {
        parts.push(await writePart(`part-${i}`, i === 0 ? 0 : cuts[i - 1]!, to));
      }
      expect(await join_(format, ...parts.reverse())).toBe(whole);
    }
  },
);

test('where every Nth sample is looked at, parts agree which, wherever the video was cut', async () => {
  const every3 = { detectEvery: 3 };
  // 150 samples: the last two are behind the last look.
  const all = await writePart('all', 0, null);
  const whole = await joinBy(every3, 'mot', all);
  expect(whole).not.toBe(await joinBy({}, 'mot', all));
  expect(await joinBy({}, 'mot', await writePart('whole', 0, null, every3))).toBe(whole);
  // Neither cut lies at a look; one part has none at all.
  const parts = [
    await writePart('a', 0, 61 / FPS, every3),
    await writePart('b', 61 / FPS, 63 / FPS, every3),
    await writePart('c', 63 / FPS, null, every3),
  ];
  expect(await joinBy({}, 'mot', ...parts)).toBe(whole);
  const every6 = { detectEvery: 6 };
  expect(await joinBy(every6, 'mot', ...parts)).toBe(await joinBy(every6, 'mot', all));
  await expect(joinBy({ detectEvery: 4 }, 'mot', ...parts)).rejects.toThrow(
    /must be a multiple of 3, but is 4/,
  );
  await expect(joinBy({ refine: false }, 'mot', ...parts)).rejects.toThrow(/--no-refine/);
  // As where frames before the part could not be decoded.
  const about = JSON.parse(readFileSync(join(parts[2]!, 'part.json'), 'utf8'));
  writeFileSync(join(parts[2]!, 'part.json'), JSON.stringify({ ...about, firstSample: 64 }));
  await expect(joinBy({}, 'mot', ...parts)).rejects.toThrow(
    /c begins with sample 64 .* the parts before it hold 63/,
  );
});

describe('parts that do not fit are refused by name:', () => {
  const refused = async (message: RegExp, ...parts: string[]) => {
    await expect(join_('mot', ...parts)).rejects.toThrow(message);
  };
  test('a hole, an overlap, a missing start or end', async () => {
    const [start, middle, end] = [
      await writePart('start', 0, 4),
      await writePart('middle', 4, 8),
      await writePart('end', 8, null),
    ];
    const twice = await writePart('twice', 3, 8);
    await refused(/start \(0 to 4 s\) and .*end \(8 to the end s\) there is a hole/, start, end);
    await refused(/hole before .*middle/, middle, end);
    await refused(/hole behind .*middle \(4 to 8 s\)/, start, middle);
    await refused(/start .* and .*twice .*overlap/, start, twice, end);
    await refused(/end .*overlap/, start, middle, end, await writePart('again', 8, null));
  });
  test.each([
    ['another video', { video: { name: 'v.mp4', bytes: 7, sha256: 'b' } }],
    ['another sample rate', { sampleRate: 5 }],
    ['another model', { model: { id: 'm', sha256: 'n' } }],
    ['another backend', { detector: { ...about(0, null).detector, backend: 'webgpu' } }],
    ['samples looked at otherwise', { detectEvery: 2 }],
    [
      'another network that knows people again, or of another release',
      { detector: { ...about(0, null).detector, fingerprint: 'm and s' } },
    ],
    [
      'another network that knows people again, or of another release',
      { detector: { ...about(0, null).detector, fingerprint: undefined } },
    ],
    ['other input sizes', { detector: { ...about(0, null).detector, inputs: [] } }],
  ])('%s', async (words, change) => {
    const start = await writePart('start', 0, 4);
    const other = await writePart('other', 4, null, change);
    await refused(new RegExp(`other does not belong to .*start: it is of ${words}`), start, other);
  });
  test('files that are missing, cut short or foreign', async () => {
    const part = await writePart('part', 0, null);
    const files: [string, (path: string) => void, RegExp][] = [
      ['det/times.csv', (path) => truncateSync(path, 500), /times\.csv: \d+ samples, but part/],
      ['det/det.txt', (path) => rmSync(path), /det\.txt: this file cannot be read/],
      ['det/features.npy', (path) => truncateSync(path, 500), /features\.npy: this is not a table/],
      [
        'det/spreads.npy',
        (path) => copyFileSync(join(part, 'det/features.npy'), path),
        /spreads\.npy: this is not a table of \d+ rows of 4 8-bit integers/,
      ],
      ['det/reid.npy', (path) => rmSync(path), /reid\.npy, are missing/],
      ['det/reid.npy', (path) => truncateSync(path, 200), /one for each line of reid\.txt/],
      ['det/reid.txt', (path) => writeFileSync(path, '1\n1\n'), /reid\.txt:2: this is no line/],
      ['det/reid.txt', (path) => writeFileSync(path, '1\nx\n'), /reid\.txt:2: this is no line/],
      ['part.json', (path) => writeFileSync(path, '{"format":1}'), /part\.json: this is not what/],
      ['part.json', (path) => writeFileSync(path, 'null'), /part\.json: this is not what/],
    ];
    for (const [name, harm, message] of files) {
      const path = join(part, name);
      const before = readFileSync(path);
      harm(path);
      await refused(message, part);
      writeFileSync(path, before);
    }
    await refused(/no part here/, folder.concat('/part/det'));
    await refused(/cannot be read/, join(folder, 'nowhere'));
  });
});

test('five workers: one is killed at the worst moment, two do the same part, one part is not there yet', async () => {
  const whole = await join_('mot', await writePart('whole', 0, null));
  const cut = (part: number) => (part === 5 ? null : 2 * part);
  const parts = join(folder, 'parts');
  // As footpath detect does: beside its place, then in it.
  const work = async (part: number, worker: number) => {
    const partial = join('parts', `.${part}.${worker}.partial`);
    return {
      partial: await writePart(partial, 2 * (part - 1), cut(part)),
      out: join(parts, `${part}`),
    };
  };
  for (const part of [1, 2, 4]) {
    const { partial, out } = await work(part, 1);
    await keepPart(partial, out);
  }
  // Whole, and not in its place.
  const killed = await work(3, 1);
  await expect(join_('mot', parts)).rejects.toThrow(
    /parts.2 \(2 to 4 s\) and .*parts.4 .*there is a hole/,
  );
  const [once, twice] = [await work(3, 2), await work(3, 3)];
  await keepPart(once.partial, once.out);
  await keepPart(twice.partial, twice.out);
  await expect(join_('mot', parts)).rejects.toThrow(/hole behind .*parts.4 \(6 to 8 s\)/);
  const last = await work(5, 1);
  await keepPart(last.partial, last.out);
  expect(await join_('mot', parts)).toBe(whole);
  await expect(keepPart(killed.partial, last.out)).rejects.toThrow(/parts.5: something else/);
});

test('what a network saw of some people comes back, sample by sample', async () => {
  const { samples } = await readPart(await writePart('whole', 0, null));
  for (const [i, { detections }] of samples.entries()) {
    const { reid } = sampleAt(i);
    expect(detections.reid && [...detections.reid.rows]).toEqual(reid?.rows);
    expect(detections.reid && [...detections.reid.values]).toEqual(reid?.values);
  }
});

test('a folder of parts stands for them', async () => {
  const parts = [await writePart('a', 0, 4), await writePart('b', 4, null)];
  expect(await findParts([folder])).toEqual(parts);
  expect(await findParts([parts[1]!, folder])).toEqual([parts[1], parts[0]]);
});
