/** People known again by a network: which of them are looked at, when, and what is kept. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { fetchReidentification } from '../../scripts/model/reidentification.mjs';
import { parseEmbeddingManifest } from '../../src/detect/embedding-manifest.ts';
import { cropPeople, isNear, toEmbeddingRows, wellSeen } from '../../src/detect/person-crops.ts';
import { embeddedPeople } from '../../src/engine/reid-samples.ts';
import { isSampled } from '../../src/media/sample-grid.ts';
import type { Detections } from '../../src/track/detections.ts';
import { joinDetections, splitDetections } from '../../src/track/join-detections.ts';

/** Whom of each sample is embedded. @param seconds when the samples are shown */
const chosenOf = (seconds: readonly number[]) =>
  seconds.map((at, i) => embeddedPeople(at, seconds[i - 1]));

test.each([
  [15, 2],
  [30, 2],
  [5, 2],
  [4, 2],
  [2, 2],
  [1, 1],
  [0.5, 0.5],
])(
  'at %d samples a second those near to others are looked at in %d, everybody in half of one',
  (rate, expected) => {
    const seconds = 60;
    const chosen = chosenOf(Array.from({ length: seconds * rate }, (_, i) => i / rate));
    expect(chosen.filter((whom) => whom)).toHaveLength(seconds * expected);
    expect(chosen.filter((whom) => whom === 'everybody')).toHaveLength(seconds / 2);
    expect(chosen[0]).toBe('everybody');
  },
);

/** Frames whose steps go round in so many hundredths of a second, for a minute, of which 15 a second are samples. */
function sampledTimes(...steps: readonly number[]): number[] {
  const frames = [0];
  while (frames.at(-1)! < 6000) frames.push(frames.at(-1)! + steps[frames.length % steps.length]!);
  const seconds = frames.map((hundredths) => hundredths / 100);
  return seconds.filter((at, i) => isSampled(at, seconds[i + 1] ?? at, 15));
}

test.each([
  ['25 frames a second', [4]],
  ['a phone in changing light', [2, 2, 2, 3, 3, 7, 7, 4, 4, 6]],
  ['a screen that stands still for seconds', [3, 3, 3, 3, 3, 3, 3, 3, 230, 3, 3, 3, 410]],
  ['a camera that records where something moves', [...Array(150).fill(4), 100, 100, 100, 100]],
])('however uneven the steps, each span of time is looked at once: %s', (_, steps) => {
  const seconds = sampledTimes(...steps);
  const chosen = chosenOf(seconds);
  const spans = (span: number, isLooked: (i: number) => boolean) =>
    seconds.filter((_, i) => isLooked(i)).map((at) => Math.floor(at / span + 1e-6));
  for (const [span, isLooked] of [
    [2, (i) => chosen[i] === 'everybody'],
    [0.5, (i) => chosen[i] !== undefined],
  ] as [number, (i: number) => boolean][]) {
    expect(spans(span, isLooked)).toEqual([...new Set(spans(span, () => true))]);
  }
});

const FRAME = { width: 100, height: 100 };
const found = (rows: readonly (readonly number[])[]): Detections => ({
  count: rows.length,
  boxes: Float32Array.from(rows.flatMap((row) => row.slice(0, 4))),
  scores: Float32Array.from(rows, (row) => row[4]!),
});

test('whoever is unsure, hidden or out of the picture by more than half is not looked at', () => {
  const people = found([
    [10, 10, 30, 60, 0.9],
    [40, 10, 60, 60, 0.3],
    [60, 10, 80, 60, 0.8],
    // In front of the one before, and of two thirds of it.
    [60, 26, 80, 80, 0.8],
    [-15, 10, 10, 60, 0.9],
    [95, 10, 99, 60, 0.9],
    [120, 10, 130, 60, 0.9],
  ]);
  expect([...wellSeen(people, FRAME)]).toEqual([0, 3, 5]);
});

test('near is who might be mixed up with somebody', () => {
  const alone = [10, 10, 30, 60, 0.9];
  const near = (...other: number[]) => isNear(found([alone, other]), 0);
  expect(isNear(found([alone]), 0)).toBe(false);
  expect(near(39, 10, 59, 60, 0.9)).toBe(true);
  expect(near(41, 10, 61, 60, 0.9)).toBe(false);
  expect(near(-19, 0, 1, 50, 0.9)).toBe(true);
  expect(near(-21, 0, -1, 50, 0.9)).toBe(false);
  // Behind, in front, and far behind.
  expect(near(12, 5, 22, 30, 0.9)).toBe(true);
  expect(near(10, 84, 30, 134, 0.9)).toBe(true);
  expect(near(10, 86, 30, 136, 0.9)).toBe(false);
  // What is hardly a person is nobody to be mixed up with.
  expect(near(35, 10, 55, 60, 0.3)).toBe(false);
});

describe('a crop', () => {
  const picture = { width: 50, height: 40, data: new Uint8ClampedArray(4 * 50 * 40) };
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 50; x++) picture.data.set([5 * x, 6 * y, 77, 255], 4 * (50 * y + x));
  }
  const input = {
    node: 'image',
    width: 4,
    height: 6,
    channels: 'rgb',
    mean: [10, 20, 30],
    std: [2, 4, 1],
  } as const;
  // The frame is twice the picture, whose lowest ten lines are margin.
  const placement = { left: 0, top: 0, scaleX: 0.5, scaleY: 0.5 };
  const frame = { width: 100, height: 60 };

  test('is the person, scaled, in the network’s numbers and order', () => {
    const people = found([[20, 10, 60, 40, 0.9]]);
    const crop = cropPeople(picture, people.boxes, Int32Array.of(0), placement, frame, input);
    expect(crop).toHaveLength(3 * 4 * 6);
    for (let j = 0; j < 6; j++) {
      for (let i = 0; i < 4; i++) {
        const [x, y] = [10 + 5 * (i + 0.5) - 0.5, 5 + 2.5 * (j + 0.5) - 0.5];
        const at = 3 * (4 * j + i);
        expect(crop[at]).toBeCloseTo((5 * x - 10) / 2, 3);
        expect(crop[at + 1]).toBeCloseTo((6 * y - 20) / 4, 3);
        expect(crop[at + 2]).toBe(77 - 30);
      }
    }
    const turned = { ...input, channels: 'bgr' } as const;
    const bgr = cropPeople(picture, people.boxes, Int32Array.of(0), placement, frame, turned);
    expect(bgr[0]).toBe((77 - 10) / 2);
  });

  test('holds nothing from beyond the frame', () => {
    const people = found([[60, 20, 140, 90, 0.9]]);
    const crop = cropPeople(picture, people.boxes, Int32Array.of(0), placement, frame, input);
    const greens = Array.from({ length: 24 }, (_, i) => 4 * crop[3 * i + 1]! + 20);
    expect(Math.max(...greens)).toBeLessThanOrEqual(6 * 29);
    expect(Math.max(...greens)).toBeGreaterThan(6 * 27);
  });
});

test('rows of numbers become bytes of one length', () => {
  const rows = toEmbeddingRows(Float32Array.of(3, 4, -30, 40, 0, 0), 3);
  expect([...rows]).toEqual([76, 102, -76, 102, 0, 0]);
});

test('what was seen of some people is joined and split like everything else', () => {
  const some = (rows: number[]) => ({
    rows: Int32Array.from(rows),
    values: Int8Array.from(rows.flatMap((row) => [row, -row])),
  });
  const box = [0, 0, 9, 9, 0.5];
  const samples: Detections[] = [
    { ...found([box, box]), reid: some([1]) },
    found([box]),
    { ...found([]), reid: some([]) },
    { ...found([box, box, box]), reid: some([0, 2]) },
  ];
  const joined = joinDetections(samples);
  expect([...joined.reid!.rows]).toEqual([1, 3, 5]);
  expect([...joined.reid!.values]).toEqual([1, -1, 0, 0, 2, -2]);
  const parts = splitDetections(joined).map(
    ({ reid }) => reid && [[...reid.rows], [...reid.values]],
  );
  expect(parts).toEqual([
    [[1], [1, -1]],
    undefined,
    undefined,
    [
      [0, 2],
      [0, 0, 2, -2],
    ],
  ]);
  expect(joinDetections([found([box])]).reid).toBeUndefined();
});

test('how unsure sides are is joined and split like everything else, where it is known of everybody', () => {
  const box = [0, 0, 9, 9, 0.5];
  const unsure = (count: number, from: number): Detections => ({
    ...found(Array.from({ length: count }, () => box)),
    spreads: Int8Array.from({ length: 4 * count }, (_, i) => from + i),
  });
  const joined = joinDetections([unsure(1, 1), found([]), unsure(2, 11)]);
  const parts = splitDetections(joined).map(({ spreads }) => [...spreads!]);
  expect(parts).toEqual([[1, 2, 3, 4], [], [11, 12, 13, 14, 15, 16, 17, 18]]);
  expect(joinDetections([unsure(1, 1), found([box])]).spreads).toBeUndefined();
});

describe('a manifest of an embedding network', () => {
  const path = join(inject('root'), 'test/fixtures/mean-colours/manifest.json');
  const good = JSON.parse(readFileSync(path, 'utf8'));

  test('is taken as it is', () => {
    expect(parseEmbeddingManifest(structuredClone(good), 'u')).toEqual(good);
  });

  test.each([
    ['no object', null],
    ['format must be 1', { ...good, format: 2 }],
    ['output must be a text', { ...good, output: '' }],
    ['runtime must be', { ...good, runtime: 'python' }],
    ['files must hold', { ...good, runtime: 'onnx' }],
    ['input.width must be', { ...good, input: { ...good.input, width: 0 } }],
    ['input.channels must be', { ...good, input: { ...good.input, channels: 'grey' } }],
    ['spreads is no object', { ...good, spreads: undefined }],
    ['spreads.long is no object', { ...good, spreads: { ...good.spreads, long: 3 } }],
    [
      'spreads.different.deviation must be above 0',
      { ...good, spreads: { ...good.spreads, different: { median: 0.5, deviation: 0 } } },
    ],
  ])('%s: is refused with its address', (what, value) => {
    expect(() => parseEmbeddingManifest(value, 'https://here/manifest.json')).toThrow(
      expect.objectContaining({
        kind: 'model-damaged',
        message: expect.stringMatching(new RegExp(`https://here/manifest.json.*${what}`)),
      }),
    );
  });
});

describe('set-up', () => {
  let cache: string;
  let server: Server;
  let address: string;
  let answer: { status: number; body: string };
  const lines: string[] = [];
  const hosts: (string | undefined)[] = [];
  const log = (line: string) => lines.push(line);
  const npm = {};
  beforeEach(async () => {
    cache = mkdtempSync(join(tmpdir(), 'fp-reid-'));
    lines.length = 0;
    answer = { status: 200, body: 'something else' };
    hosts.length = 0;
    server = createServer(({ headers }, response) => {
      hosts.push(headers.host);
      response.writeHead(answer.status).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/network`;
    vi.stubEnv('FOOTPATH_REID', undefined);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(cache, { recursive: true, force: true });
    await new Promise((resolve) => server.close(resolve));
  });

  test('takes no other file than the published one, and says so', async () => {
    expect(await fetchReidentification({ cache, log, npm, address })).toBeUndefined();
    expect(lines.join()).toMatch(/network\.xml is not the expected file \(SHA-384 differs\)/);
  });

  test('asks the proxy of npm where there is one', async () => {
    const proxied = { proxy: address, noProxy: '' };
    const away = 'http://models.example/network';
    await fetchReidentification({ cache, log, npm: proxied, address: away });
    expect(hosts).toEqual(['models.example']);
    expect(lines.join()).toMatch(/network\.xml is not the expected file/);
  });

  test('is silent where the network cannot be had', async () => {
    answer = { status: 404, body: '' };
    expect(await fetchReidentification({ cache, log, npm, address })).toBeUndefined();
    expect(
      await fetchReidentification({ cache, log, npm, address: 'http://127.0.0.1:1/network' }),
    ).toBeUndefined();
    expect(
      await fetchReidentification({ cache, log, npm, address, offline: true }),
    ).toBeUndefined();
    expect(lines).toEqual([]);
  });

  test('takes a copy of this machine, which it keeps', async (context) => {
    const empty = join(cache, 'empty');
    mkdirSync(empty);
    vi.stubEnv('FOOTPATH_REID', empty);
    expect(await fetchReidentification({ cache, log, npm, address })).toBeUndefined();
    expect(lines.join()).toMatch(/\.xml cannot be read: people are known again by colours/);
    const copy = join(inject('shared'), 'data/models/omz-reid');
    if (inject('shared') === '') return context.skip('no copy of the network is here');
    vi.stubEnv('FOOTPATH_REID', copy);
    const files = await fetchReidentification({ cache, log, npm, address });
    expect([...files!.values()].map(({ length }) => length)).toEqual([450664, 728052]);
    vi.stubEnv('FOOTPATH_REID', undefined);
    const again = await fetchReidentification({ cache, log, npm, address, offline: true });
    expect([...again!.keys()]).toEqual([...files!.keys()]);
    // Compared as bytes: a million numbers one by one take seconds.
    for (const [name, bytes] of files!) expect(Buffer.compare(again!.get(name)!, bytes)).toBe(0);
    const kept = join(cache, [...files!.keys()][1]!.replace(/\.bin$/, ''), [...files!.keys()][1]!);
    writeFileSync(kept, 'damaged');
    expect(
      await fetchReidentification({ cache, log, npm, address, offline: true }),
    ).toBeUndefined();
  });
});
