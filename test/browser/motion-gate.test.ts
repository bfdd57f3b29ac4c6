/** The motion gate in a real browser: one answer whatever the number of threads, the cuts and the interruptions; nobody who stands is lost. */
import { afterEach, expect, test } from 'vitest';
import { blockDifferences } from '../../src/detect/changed-blocks.ts';
import { detectSamples } from '../../src/engine/detect-samples.ts';
import type {
  DecodeReport,
  DetectedPeople,
  DetectorPool,
  ReadSoFar,
} from '../../src/engine/ports.ts';
import type { DecodedImage } from '../../src/media/decoded-image.ts';
import { openVideo } from '../../src/media/open-video.ts';
import { iou } from '../../src/track/box.ts';
import { createDetectorPool } from '../../workers/detector/pool/detector-pool.ts';
import { Arena } from '../../workers/detector/thread/int8/arena.ts';
import { int8Module, startKernels } from '../../workers/detector/wasm/int8/module.ts';
import { seeded } from '../fixtures/track-scenes.ts';

const SAMPLE = '/samples/footpath-sample.mp4';
const RATE = 5;
const END = 5;

const pools: DetectorPool<DecodedImage>[] = [];
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close();
});

async function openPool(threads: number, options: object = {}) {
  const pool = await createDetectorPool({
    manifestUrl: '/models/nanodet-person/manifest.json',
    backend: 'int8',
    quality: 'fast',
    motionGate: true,
    video: { width: 640, height: 360 },
    threads,
    ...options,
  });
  pools.push(pool);
  return pool;
}

/** What is found from a time on, or from where reading stopped. */
async function detect(threads: number, from = 0, before?: ReadSoFar, options: object = {}) {
  const pool = await openPool(threads, options);
  const range = { from, to: END };
  const source = await openVideo({ url: SAMPLE }, { sampleRate: RATE, range });
  const found: { timeSeconds: number; frame: number; sample: number; people: DetectedPeople }[] =
    [];
  let keySeconds: number | undefined;
  const samples = detectSamples(
    {
      ...{ source, detector: pool, detectEvery: 1, from },
      release: ({ frame }: DecodedImage) => frame.close(),
      signal: new AbortController().signal,
      timeout: () => ({ expired: new Promise<never>(() => {}), cancel: () => {} }),
    },
    before,
  );
  for await (const { timeSeconds, frame, sample, detections, ...more } of samples) {
    keySeconds = more.keySeconds;
    found.push({ timeSeconds, frame, sample, people: detections });
  }
  const report = source.report();
  await source.close();
  return { found, report, keySeconds };
}

/** How many frames were read ahead of a part's end depends on the moment; what was lost before it does not. */
const lostIn = ({ framesExpected, framesDecoded, ...report }: DecodeReport) => report;

const peopleIn = ({ found }: Awaited<ReturnType<typeof detect>>) =>
  found.map(({ people: { share, ...people } }) => people);
const sharesIn = ({ found }: Awaited<ReturnType<typeof detect>>) =>
  found.map(({ people }) => people.share);

test('one answer whatever the number of threads, where a part begins, and where a job goes on', {
  timeout: 120_000,
}, async () => {
  const whole = await detect(1);
  expect(whole.found).toHaveLength(RATE * END);
  expect(whole.found.some(({ people }) => people.count > 1)).toBe(true);
  const three = await detect(3);
  expect(peopleIn(three)).toEqual(peopleIn(whole));
  // Neither a key frame of the video nor a point of the grid.
  const from = 2.51;
  const part = await detect(2, from);
  const begin = whole.found.findIndex(({ timeSeconds }) => timeSeconds >= from);
  expect(part.found.map(({ people, frame }) => [frame, people])).toEqual(
    whole.found.slice(begin).map(({ people, frame }) => [frame, people]),
  );
  // After the fourth sample of a second.
  const last = whole.found[13]!;
  const decode = { ...whole.report, framesExpected: last.frame + 1, framesDecoded: last.frame + 1 };
  const { sample, timeSeconds } = last;
  const before = {
    samples: sample + 1,
    timeSeconds,
    decode,
    keySeconds: whole.found[10]!.timeSeconds,
  };
  const rest = await detect(2, 0, before);
  expect(rest.found).toEqual(whole.found.slice(14));
  expect(lostIn(rest.report)).toEqual(lostIn(whole.report));
  expect(rest.keySeconds).toBe(whole.keySeconds);
  // It is at work: otherwise some boxes are others.
  const every = await detect(2, 0, undefined, { motionGate: false });
  expect(peopleIn(every)).not.toEqual(peopleIn(whole));
  const key = (i: number) => i % RATE === 0;
  expect(new Set(sharesIn(every))).toEqual(new Set(['whole']));
  expect(sharesIn(three)).toEqual(sharesIn(whole));
  expect(sharesIn(whole).filter((_, i) => key(i))).toEqual(Array(END).fill('whole'));
  expect(sharesIn(whole)).toContain('parts');
  expect(peopleIn(every).filter((_, i) => key(i))).toEqual(
    peopleIn(whole).filter((_, i) => key(i)),
  );
  // In a part people are seen as in the whole picture, but for what is hardly anybody, around which no part reaches.
  for (const [sample, { people }] of every.found.entries()) {
    const { boxes, scores } = whole.found[sample]!.people;
    for (const [i, score] of people.scores.entries()) {
      if (score < 0.3) continue;
      const ious = Array.from(scores, (_, j) => iou(people.boxes, i, boxes, j));
      const same = ious.indexOf(Math.max(...ious));
      expect(ious[same], `sample ${sample}, person ${i}`).toBeGreaterThan(0.93);
      expect(Math.abs(scores[same]! - score)).toBeLessThan(0.06);
    }
  }
});

test('nobody surely found in the whole picture is lost where the smaller input looks first', {
  timeout: 120_000,
}, async () => {
  const how = { quality: 'balanced' };
  const [gated, whole] = [
    await detect(2, 0, undefined, how),
    await detect(2, 0, undefined, { ...how, motionGate: false }),
  ];
  const { scoreThreshold } = pools[0]!.report;
  let sure = 0;
  for (const [sample, { people }] of whole.found.entries()) {
    const other = gated.found[sample]!.people;
    for (let i = 0; i < people.count; i++) {
      if (people.scores[i]! < scoreThreshold) continue;
      sure++;
      const overlaps = Array.from(other.scores, (score, j) =>
        score >= scoreThreshold / 2 ? iou(people.boxes, i, other.boxes, j) : 0,
      );
      expect(Math.max(...overlaps), `sample ${sample}, person ${i}`).toBeGreaterThan(0.5);
    }
  }
  expect(sure).toBeGreaterThan(20);
  expect(sharesIn(gated)).toContain('parts');
});

/** The first picture of the sample, with a block before it, or none. */
async function pictures(
  blocks: readonly (readonly [x: number, y: number, size: number] | undefined)[],
) {
  const source = await openVideo({ url: SAMPLE }, { sampleRate: RATE });
  const { value } = await source.samples(new AbortController().signal).next();
  const { frame, ...image } = value!.image;
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d')!;
  const made = blocks.map((block): DecodedImage => {
    context.drawImage(frame, 0, 0);
    context.fillStyle = '#804020';
    if (block) context.fillRect(block[0], block[1], block[2], block[2]);
    return { ...image, frame: new VideoFrame(canvas, { timestamp: 0 }) };
  });
  frame.close();
  await source.close();
  return made;
}

test('who stands still is found as before, while something else moves and when nothing does', async () => {
  const pool = await openPool(2);
  const [empty, still, left, right] = (await pictures([
    undefined,
    undefined,
    [20, 20, 60],
    [540, 20, 60],
  ])) as [DecodedImage, DecodedImage, DecodedImage, DecodedImage];
  const key = pool.detect(empty, 'whole');
  const later = [still, left, right].map((image) => pool.detect(image, 'changes'));
  const whole = await key;
  expect(whole.count).toBeGreaterThan(0);
  const [nothing, ...moving] = await Promise.all(later);
  expect(whole.share).toBe('whole');
  expect(nothing).toEqual({ ...whole, share: 'nothing' });
  for (const { share } of moving) expect(share).toBe('parts');
  for (const found of moving) {
    for (let i = 0; i < whole.count; i++) {
      const box = whole.boxes.slice(4 * i, 4 * i + 4);
      // Whom the block hides may go.
      if (box[1]! < 90) continue;
      const at = [...found.boxes].findIndex((edge, k) => k % 4 === 0 && edge === box[0]);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(found.boxes.slice(at, at + 4)).toEqual(box);
      expect(found.scores[at / 4]).toBe(whole.scores[i]);
    }
  }
});

test('a noisy picture in which nobody moves is detected once', async () => {
  const [width, height] = [640, 360];
  // As a sensor and compression leave it: pixels at random, and here and there a block, of 8 pixels of the network's input, that is off.
  const noisy = (seed: number): DecodedImage => {
    const random = seeded(seed);
    const data = new Uint8Array((width * height * 3) / 2).fill(128);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[y * width + x] = 90 + x / 16 + y / 16 + 2 * random();
    }
    const block = (8 * width) / 448;
    for (let row = 2; row < 28; row += 5) {
      for (let column = 2; column < 52; column += 5) {
        // Of two pictures they lie in the same place or two blocks apart.
        const [down, across] = [row, column].map((at) => at + 2 * Math.floor(2 * random()));
        const [top, left] = [Math.round(down! * block), Math.round(across! * block)];
        for (let y = top; y < top + 11; y++) {
          for (let x = left; x < left + 11; x++) data[y * width + x]! += 7;
        }
      }
    }
    for (let i = width * height; i < data.length; i++) data[i]! += Math.floor(1.2 * random());
    const format = 'I420';
    const frame = new VideoFrame(data, {
      ...{ format, codedWidth: width, codedHeight: height, timestamp: 0 },
    });
    return { frame, rotation: 0, isMirrored: false, width, height };
  };
  const pool = await openPool(1, { quality: 'balanced' });
  const found = [pool.detect(noisy(1), 'whole')];
  for (let i = 2; i <= 6; i++) found.push(pool.detect(noisy(i), 'changes'));
  const shares = (await Promise.all(found)).map(({ share }) => share);
  expect(shares).toEqual(['whole', ...Array(5).fill('nothing')]);
});

test('every frame is closed, whether detected, failed or given up', async () => {
  const pool = await openPool(1);
  const made = await pictures([undefined, undefined, [20, 20, 60], undefined, undefined]);
  const [first, second, third, ...late] = made as [DecodedImage, DecodedImage, DecodedImage];
  await pool.detect(first, 'whole');
  await pool.detect(second, 'changes');
  const calls = [
    pool.detect(third, 'changes'),
    ...late.map((image) => pool.detect(image, 'whole')),
  ];
  const settled = Promise.allSettled(calls);
  await pool.close();
  for (const { status } of await settled) expect(status).toBe('rejected');
  for (const { frame } of made) expect(frame.format).toBeNull();
});

test('elsewhere than in whole numbers, and where it shall be seen most, everything is detected every time', async () => {
  for (const options of [{ backend: 'wasm' }, { quality: 'accurate' }, { motionGate: false }]) {
    const pool = await openPool(1, options);
    expect(pool.report.motionGate).toBeUndefined();
    const [whole, changes] = (await pictures([undefined, [300, 100, 90]])) as [
      DecodedImage,
      DecodedImage,
    ];
    await pool.detect(whole, 'whole');
    const fresh = await pool.detect({ ...changes, frame: changes.frame.clone() }, 'whole');
    expect(await pool.detect(changes, 'changes')).toEqual(fresh);
    await pool.close();
  }
});

test.each([
  [8, 8],
  [64, 40],
  [43, 29],
] as const)(
  'two pictures of %i x %i pixels differ block by block as in plain arithmetic',
  async (width, height) => {
    const module = await WebAssembly.compile(int8Module('relaxed'));
    const random = seeded(7);
    const arena = new Arena();
    const { sumDifferences } = startKernels({ module, sums: 'dot' }, arena.memory);
    const make = () => {
      const address = arena.allocate(4 * width * height);
      arena.bytes(address, 4 * width * height).forEach((_, i, all) => {
        // Ends of the scale, and what lies between; the fourth byte is nobody's.
        all[i] = random() < 0.2 ? 0 : random() < 0.2 ? 255 : Math.floor(256 * random());
      });
      return address;
    };
    const [a, b, sums] = [make(), make(), arena.allocate(4 * width * height)];
    const pixels = (at: number) => ({
      ...{ width, height },
      data: new Uint8ClampedArray(arena.memory.buffer, at, 4 * width * height),
    });
    const [columns, rows] = [Math.floor(width / 8), Math.floor(height / 8)];
    sumDifferences(a, b, 4 * width, columns, rows, sums);
    expect(arena.words(sums, columns * rows)).toEqual(blockDifferences(pixels(a), pixels(b)));
  },
);
