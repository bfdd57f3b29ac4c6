/** People known again by a network: in the real detector threads, on the project's own sample. */
import { afterEach, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createPersonTracking } from '../../src/client/person-tracking.ts';
import type { EmbeddingManifest } from '../../src/detect/embedding-manifest.ts';
import { isNear } from '../../src/detect/person-crops.ts';
import type { DetectorPool, EmbeddedPeople } from '../../src/engine/ports.ts';
import type { DecodedImage } from '../../src/media/decoded-image.ts';
import { openVideo } from '../../src/media/open-video.ts';
import type { Detections } from '../../src/track/detections.ts';
import {
  createDetectorPool,
  type DetectorPoolOptions,
} from '../../workers/detector/pool/detector-pool.ts';
import { int8Kernels } from '../../workers/detector/pool/int8-kernels.ts';
import { loadEmbedding } from '../../workers/detector/pool/load-model.ts';
import { startBackend } from '../../workers/detector/thread/backend.ts';
import { loadEmbedder } from '../../workers/detector/thread/embedder.ts';

const shared = inject('shared');
const MANIFEST = '/test/fixtures/mean-colours/manifest.json';
const NETWORK = '/models/person-reidentification/manifest.json';

const pools: DetectorPool<DecodedImage>[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

/** What is found in the first frames of the sample, every second of them embedded. */
async function look(
  options: Partial<DetectorPoolOptions>,
  frames = 4,
  whom: EmbeddedPeople = 'everybody',
): Promise<Detections[]> {
  const source = await openVideo({ url: '/samples/footpath-sample.mp4' }, { sampleRate: 2 });
  const pool = await createDetectorPool({
    manifestUrl: '/models/nanodet-person/manifest.json',
    backend: 'int8',
    video: source.info,
    quality: 'fast',
    threads: 1,
    embedding: { manifestUrl: MANIFEST },
    ...options,
  } as DetectorPoolOptions);
  pools.push(pool);
  const found: Promise<Detections>[] = [];
  for await (const { image, sample } of source.samples(new AbortController().signal)) {
    if (sample < 2) image.frame.close();
    else found.push(pool.detect(image, 'whole', sample % 2 === 0 ? whom : undefined));
    if (found.length === frames) break;
  }
  await source.close();
  return Promise.all(found);
}

function plain(found: readonly Detections[]) {
  return found.map(({ reid }) => reid && [[...reid.rows], [...reid.values]]);
}

test('those well seen are embedded where it is asked for, whatever the number of threads', async () => {
  const found = await look({});
  expect(found.map(({ reid }) => reid !== undefined)).toEqual([true, false, true, false]);
  const { rows, values } = found[0]!.reid!;
  expect(rows.length).toBeGreaterThan(0);
  expect(values.length).toBe(24 * rows.length);
  for (const [i, row] of rows.entries()) {
    expect(found[0]!.scores[row]).toBeGreaterThanOrEqual(0.4);
    const squares = values.subarray(24 * i, 24 * (i + 1)).reduce((sum, x) => sum + x * x, 0);
    expect(Math.sqrt(squares)).toBeCloseTo(127, -1);
  }
  expect(plain(await look({ threads: 2 }))).toEqual(plain(found));
  const near = await look({}, found.length, 'near');
  expect(near.map(({ reid }) => reid && [...reid.rows])).toEqual(
    found.map(({ reid }, i) => reid && [...reid.rows].filter((row) => isNear(found[i]!, row))),
  );
  expect(plain(await look({ backend: 'wasm' })).map((part) => part?.[0])).toEqual(
    plain(found).map((part) => part?.[0]),
  );
});

test('the report names the network, and a job that began without it goes on so', async () => {
  await look({}, 1);
  const { report } = pools[0]!;
  expect(report.identity).toMatchObject({ model: 'mean-colours' });
  const { identity, ...without } = report;
  const [found] = await look({ began: without }, 1);
  expect(found!.reid).toBeUndefined();
  expect(pools[1]!.report.identity).toBeUndefined();
});

test('what is missing or damaged ends in a failure that names it', async () => {
  const open = (manifestUrl: string) => look({ embedding: { manifestUrl } }, 1);
  await expect(open('/models/nobody/manifest.json')).rejects.toMatchObject({
    kind: 'model-missing',
    message: expect.stringContaining('/models/nobody/manifest.json'),
  });
  await expect(open('/models/nanodet-person/manifest.json')).rejects.toMatchObject({
    kind: 'model-damaged',
    message: expect.stringContaining('input.width must be a whole number'),
  });
});

test('what is no ONNX network is told as the network that it was to be', async () => {
  const { manifest } = await loadEmbedding(MANIFEST);
  const files = [{ path: 'mine.onnx', bytes: 3, sha256: '' }];
  const mine: EmbeddingManifest = { ...manifest, runtime: 'onnx', id: 'mine', files };
  const bytes = new TextEncoder().encode('<p>').buffer;
  const place = { isProcessor: true, startTfjs: async () => {} };
  await expect(
    loadEmbedder({ manifest: mine, files: new Map([['mine.onnx', bytes]]) }, place),
  ).rejects.toMatchObject({
    kind: 'model-damaged',
    message: expect.stringMatching(
      /^The network mine, which is to know people again, cannot be used: ONNX Runtime does not read it/,
    ),
  });
});

test('a job by a network of the user’s own says so, and one whose network is missing fails by its name', async () => {
  const tracking = createPersonTracking({
    assets: '/',
    database: `test-${crypto.randomUUID()}`,
    backend: 'int8',
    quality: 'fast',
    workers: 1,
    sampleRate: 2,
  });
  onTestFinished(() => tracking.close());
  const Body = await (await fetch('/samples/footpath-sample.mp4')).blob();
  await tracking.putObject({ Bucket: 'videos', Key: 'sample.mp4', Body });
  const Video = { S3Object: { Bucket: 'videos', Name: 'sample.mp4' } };
  const run = async (knownAgainBy: `${string}.json`) => {
    const { JobId } = await tracking.startPersonTracking({ Video }, { knownAgainBy });
    return tracking.waitForJob(JobId);
  };
  const known = await run(MANIFEST);
  expect(known.status).toBe('SUCCEEDED');
  expect(known.people).toBeGreaterThan(1);
  expect(known.report?.detector?.identity?.model).toBe('mean-colours');
  const missing = await run('/nowhere/manifest.json');
  expect(missing).toMatchObject({
    status: 'FAILED',
    failure: { kind: 'model-missing', message: expect.stringContaining('/nowhere/manifest.json') },
  });
}, 120_000);

describe('the network that set-up fetches', () => {
  test('tells people of the sample apart', async (context) => {
    const isThere = await loadEmbedding(NETWORK).catch(() => undefined);
    if (!isThere) return context.skip('set-up could not fetch the network');
    const found = await look({ embedding: { manifestUrl: NETWORK } });
    const { rows, values } = found[0]!.reid!;
    expect(values.length).toBe(256 * rows.length);
  });

  test('gives what ONNX Runtime gives of the same network', async (context) => {
    const prepared = await loadEmbedding(NETWORK).catch(() => undefined);
    if (!prepared || !shared) return context.skip('the network is not here in both forms');
    const file = 'person-reidentification-retail-0288.onnx';
    const bytes = await (await fetch(`/@fs${shared}/data/models/${file}`)).arrayBuffer();
    const manifest: EmbeddingManifest = {
      ...prepared.manifest,
      runtime: 'onnx',
      files: [{ path: file, bytes: bytes.byteLength, sha256: '' }],
      input: {
        ...prepared.manifest.input,
        node: 'data',
        channels: 'bgr',
        mean: [0, 0, 0],
        std: [1, 1, 1],
      },
      output: 'out',
    };
    const video = await openVideo({ url: '/samples/footpath-sample.mp4' }, { sampleRate: 1 });
    const canvas = new OffscreenCanvas(384, 224);
    const pen = canvas.getContext('2d')!;
    for await (const { image } of video.samples(new AbortController().signal)) {
      pen.drawImage(image.frame, 0, 0, 384, 224);
      image.frame.close();
      break;
    }
    await video.close();
    const picture = pen.getImageData(0, 0, 384, 224);
    const people: Detections = {
      count: 2,
      boxes: Float32Array.of(40, 30, 90, 200, 150, 60, 200, 190),
      scores: Float32Array.of(0.9, 0.9),
    };
    const placement = { left: 0, top: 0, scaleX: 1, scaleY: 1 };
    const started: string[] = [];
    const place = {
      isProcessor: true,
      async startTfjs() {
        started.push('tfjs');
        await startBackend('wasm');
      },
    };
    const rows: Int8Array[] = [];
    const offer = await int8Kernels();
    const kernels = 'module' in offer ? offer : undefined;
    const onnx = { manifest, files: new Map([[file, bytes]]) };
    for (const [model, given] of [
      ...([
        [prepared, place],
        [onnx, place],
      ] as const),
      [prepared, { ...place, kernels }] as const,
    ]) {
      const embedder = await loadEmbedder(model, given);
      rows.push((await embedder.embed(picture, people, placement, canvas, 'everybody')).values);
      embedder.close();
    }
    // Kernels of ours need none.
    expect(started).toEqual([]);
    expect(rows[0]!.length).toBe(512);
    for (const [k, value] of rows[0]!.entries()) {
      expect(Math.abs(value - rows[1]![k]!)).toBeLessThanOrEqual(1);
    }
    // Its widest convolutions in 8-bit integers: another embedding, and nearly the same.
    expect(kernels).toBeDefined();
    expect(rows[2]).not.toEqual(rows[0]);
    for (const from of [0, 256]) {
      const [one, other] = [rows[0]!, rows[2]!].map((row) => row.subarray(from, from + 256));
      const product = one!.reduce((sum, value, k) => sum + value * other![k]!, 0);
      expect(product / 127 ** 2).toBeGreaterThan(0.98);
    }
  });
});
