import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Failure } from '../../src/contract/failure.ts';
import { canonicalDetections } from '../../src/export/canonical-detections.ts';
import { type BoxPath, canonicalPaths } from '../../src/export/canonical-paths.ts';
import {
  differencesOf,
  type ResultManifest,
  readManifest,
} from '../../src/export/result-manifest.ts';

const path = (index: number, boxes: number[]): BoxPath => {
  const samples = boxes.length / 4;
  return {
    index,
    timestampsMs: Float64Array.from({ length: samples }, (_, k) => 66 * k),
    boxes: Float32Array.from(boxes),
    scores: new Float32Array(samples).fill(0.5),
    flags: new Uint8Array(samples),
  };
};
const hashOf = (paths: BoxPath[]) => {
  const hash = createHash('sha256');
  for (const piece of canonicalPaths(paths)) hash.update(piece);
  return hash.digest('hex');
};

const manifest: ResultManifest = {
  footpathManifest: 1,
  footpath: '0.1.0',
  video: { name: 'door.mp4', bytes: 3, sha256: 'a'.repeat(64), width: 640, height: 360 },
  model: { name: 'nanodet-person', sha256: 'b'.repeat(64) },
  settings: { sampleRate: 15, quality: 'balanced', refine: true },
  computed: { backend: 'int8', inputs: [[384, 288]], notes: [], browser: 'Chromium' },
  skipped: { framesExpected: 9, framesDecoded: 9, framesDamaged: 0, damagedAtMs: [] },
  result: { status: 'SUCCEEDED', people: 2, boxes: 3, sha256: 'c'.repeat(64) },
  detections: { boxes: 5, sha256: 'e'.repeat(64) },
};
const { detections: _detections, ...withoutDetections } = manifest;

test('the hash of boxes knows every box, time and order, and not the order in which paths come', () => {
  const one = path(0, [0.1, 0.2, 0.3, 0.4, 0.1, 0.2, 0.3, 0.4]);
  const other = path(1, [0.5, 0.2, 0.1, 0.1]);
  const hash = hashOf([one, other]);
  // Of a machine that writes bytes in another order it is the same: the pieces are written out here.
  expect(Buffer.from([...canonicalPaths([other])][0]!).toString('hex')).toBe(
    '0100000001000000' +
      '0000000000000000' +
      '0000003fcdcc4c3ecdcccc3dcdcccc3d' +
      '0000003f' +
      '00',
  );
  expect(hashOf([other, one])).toBe(hash);
  const moved = {
    ...one,
    boxes: one.boxes.map((side, i) => (i === 7 ? Math.fround(side + 1e-7) : side)),
  };
  const later = { ...one, timestampsMs: one.timestampsMs.map((ms) => ms + 1) };
  const estimated = { ...one, flags: Uint8Array.of(0, 1) };
  const renamed = { ...other, index: 2 };
  const split = [path(0, [0.1, 0.2, 0.3, 0.4]), path(1, [0.1, 0.2, 0.3, 0.4]), other];
  const all = [
    hash,
    hashOf([moved, other]),
    hashOf([later, other]),
    hashOf([estimated, other]),
    hashOf([one, renamed]),
    hashOf([one]),
    hashOf(split),
    hashOf([]),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test('the hash of detections knows all that people are followed by', () => {
  const found = {
    timeSeconds: 0.5,
    count: 1,
    boxes: Float32Array.of(1, 2, 3, 4),
    scores: Float32Array.of(0.5),
    spreads: Int8Array.of(9, 8, 7, 6),
    features: Int8Array.of(127, -1),
    reid: { rows: Int32Array.of(0), values: Int8Array.of(5, 6) },
  };
  const hex = (sample: Parameters<typeof canonicalDetections>[0]) =>
    Buffer.from(canonicalDetections(sample)).toString('hex');
  expect(hex(found)).toBe(
    '000000000000e03f' +
      '0100000001000000' +
      '0000803f000000400000404000008040' +
      '0000003f' +
      '09080706' +
      '7fff' +
      '000000000506',
  );
  const { features: _, ...faceless } = found;
  const { spreads: ___, ...certain } = found;
  const { reid: __, ...unknown } = found;
  const none = {
    timeSeconds: 0.5,
    count: 0,
    boxes: new Float32Array(0),
    scores: new Float32Array(0),
  };
  const all = [
    found,
    faceless,
    certain,
    { ...found, spreads: Int8Array.of(9, 8, 7, 5) },
    unknown,
    none,
    { ...none, timeSeconds: 0.6 },
    { ...found, scores: Float32Array.of(0.25) },
    { ...found, boxes: Float32Array.of(1, 2, 3, 5) },
    { ...found, features: Int8Array.of(127, 1) },
    { ...found, reid: { rows: Int32Array.of(0), values: Int8Array.of(5, 7) } },
  ].map(hex);
  expect(new Set(all).size).toBe(all.length);
});

test('a manifest is read back; what is none is refused by the member that is wrong', () => {
  expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
  expect(readManifest(JSON.stringify(withoutDetections))).toEqual(withoutDetections);
  for (const [text, words] of [
    ['no JSON', 'not JSON'],
    ['null', 'footpathManifest is missing'],
    ['{"footpathManifest": 2}', 'footpathManifest must be 1, it is 2'],
    [
      JSON.stringify({ ...manifest, video: { ...manifest.video, sha256: 'A'.repeat(64) } }),
      'video.sha256 must be 64 hexadecimal digits',
    ],
    [JSON.stringify({ ...manifest, detections: { boxes: 5 } }), 'detections must be a number of'],
    [JSON.stringify({ ...manifest, detections: null }), 'detections must be a number of'],
    [JSON.stringify({ ...manifest, result: undefined }), 'result.status must be'],
    [JSON.stringify({ ...manifest, settings: { model: {} } }), 'settings must be'],
    [
      JSON.stringify({ ...manifest, computed: { ...manifest.computed, inputs: [] } }),
      'computed.inputs must be pairs',
    ],
  ] as const) {
    let caught: unknown;
    try {
      readManifest(text);
    } catch (error) {
      caught = error;
    }
    expect(caught, text).toBeInstanceOf(Failure);
    expect((caught as Failure).kind).toBe('object-unreadable');
    expect((caught as Failure).message).toContain(words);
  }
});

test('each difference is named by what it is in, with both sides', () => {
  expect(differencesOf(manifest, manifest)).toEqual([]);
  const of = (part: Partial<ResultManifest>) =>
    differencesOf(manifest, { ...manifest, ...part }).map(({ what }) => what);
  expect(of({ video: { ...manifest.video, sha256: 'd'.repeat(64) } })).toEqual(['video']);
  expect(of({ model: { ...manifest.model, sha256: 'd'.repeat(64) } })).toEqual(['model']);
  expect(of({ settings: { ...manifest.settings, sampleRate: 5 } })).toEqual(['settings']);
  expect(of({ computed: { ...manifest.computed, backend: 'wasm' } })).toEqual(['backend']);
  expect(of({ computed: { ...manifest.computed, identity: 'osnet' } })).toEqual(['model']);
  expect(of({ footpath: '0.2.0' })).toEqual(['version']);
  expect(of({ skipped: { ...manifest.skipped, framesDamaged: 1 } })).toEqual(['skipped']);
  expect(of({ detections: { boxes: 5, sha256: 'd'.repeat(64) } })).toEqual(['detections']);
  // Where they were not kept, nothing is said of them.
  expect(differencesOf(manifest, withoutDetections)).toEqual([]);
  const [difference] = differencesOf(manifest, {
    ...manifest,
    result: { ...manifest.result, people: 3 },
  });
  expect(difference).toEqual({ what: 'boxes', text: 'people: 2 in the manifest, 3 now' });
});
