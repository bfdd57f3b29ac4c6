/** Long because each form of output is a few lines, held to the same rules. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { voteBoxes } from '../../src/detect/box-voting.ts';
import { chooseQuality } from '../../src/detect/choose-quality.ts';
import { createDecoder } from '../../src/detect/create-decoder.ts';
import { fadeDoubles } from '../../src/detect/fade-doubles.ts';
import { createGflDecoder } from '../../src/detect/gfl.ts';
import {
  chooseInputSizes,
  placeFrame,
  type Size,
  toFramePixels,
} from '../../src/detect/input-size.ts';
import {
  type GflDecode,
  type ModelInput,
  parseManifest,
  type SsdDecode,
} from '../../src/detect/manifest.ts';
import { mergeScales } from '../../src/detect/merge-scales.ts';
import { createSsdDecoder, ssdAnchors } from '../../src/detect/ssd.ts';
import { suppress } from '../../src/detect/suppression.ts';
import { iou } from '../../src/track/box.ts';

const decode: SsdDecode = {
  kind: 'ssd',
  scale: [10, 10, 5, 5],
  levels: [
    { halvings: 1, sizes: [[2, 4]] },
    {
      halvings: 2,
      sizes: [
        [3, 3],
        [6, 2],
      ],
    },
  ],
};
const input: ModelInput = {
  node: 'image',
  channels: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
  fit: 'letterbox',
  multiple: 32,
  areas: { fast: [300 * 300], balanced: [640 * 384], accurate: [768 * 448, 300 * 200] },
};

describe('anchors', () => {
  test('stand in the middle of their cells, rows first', () => {
    const anchors = ssdAnchors(decode, { width: 4, height: 2 });
    expect([...anchors]).toEqual([1, 1, 2, 4, 3, 1, 2, 4, 2, 1, 3, 3, 2, 1, 6, 2]);
  });

  test('round feature maps up, as the network does', () => {
    // 5 -> 3 -> 2 columns and 3 -> 2 -> 1 rows.
    expect(ssdAnchors(decode, { width: 5, height: 3 }).length / 4).toBe(3 * 2 + 2 * 2 * 1);
  });
});

describe('decoding', () => {
  const decoder = createSsdDecoder(decode, { width: 4, height: 2 });

  test('moves and stretches the anchor', () => {
    const raw = new Float32Array(20).fill(-10);
    raw.set([5, -10, 5 * Math.log(2), 0, 0], 5);
    const found = decoder(raw, 0.5);
    expect(found.count).toBe(1);
    expect(found.scores[0]).toBe(0.5);
    // Anchor (3, 1, 2, 4): centre y 1 + 0.5 * 4 = 3, x 3 - 1 * 2 = 1, height 8, width 2.
    expect([...found.boxes]).toEqual([0, -1, 2, 7].map((v) => expect.closeTo(v, 5)));
  });

  test('keeps what reaches the score and nothing else, never what is no number', () => {
    const raw = new Float32Array(20);
    raw.set([0, 0, 0, 0, Math.log(0.3 / 0.7)], 0);
    raw[9] = Number.NaN;
    expect(decoder(raw, 0.31).count).toBe(2);
    expect(decoder(raw, 0.29).count).toBe(3);
  });

  test('refuses output of another size', () => {
    expect(() => decoder(new Float32Array(5), 0.5)).toThrow(/5 numbers, 20 expected/);
  });
});

describe('decoding of distributed distances', () => {
  const gfl: GflDecode = { kind: 'gfl', strides: [8, 16], bins: 3 };
  const decoder = createGflDecoder(gfl, { width: 32, height: 16 });
  const empty = () => new Float32Array((4 * 2 + 2) * 13).fill(-9);

  test('a side is the mean of its distribution, in cells', () => {
    const raw = empty();
    // Second row, third cell of stride 8: centre (20, 12).
    const sides = [Math.log(1), Math.log(1), Math.log(2)];
    raw.set([0, ...sides, ...sides, 9, 9, 9, -99, 99, -99], 6 * 13);
    const found = decoder(raw, 0.4);
    expect(found.count).toBe(1);
    const reach = 8 * (0.25 * 0 + 0.25 * 1 + 0.5 * 2);
    const expected = [20 - reach, 12 - reach, 28, 20];
    expect([...found.boxes]).toEqual(expected.map((v) => expect.closeTo(v, 4)));
  });

  test('coarser cells follow the finer ones', () => {
    const raw = empty();
    raw.set([3, 99, 0, 0, 99, 0, 0, 0, 99, 0, 0, 99, 0], 9 * 13);
    expect([...decoder(raw, 0.5).boxes]).toEqual([24, 8, 40, 24].map((v) => expect.closeTo(v, 4)));
  });

  test('how far a distribution is spread is how unsure the side is, in 512ths of the height', () => {
    const raw = empty();
    const [split, sure, sharper] = [
      [9, 9, -99],
      [-99, 99, -99],
      [-99, -99, 99],
    ];
    // Up by half a cell, give or take a half; down by two: of a height of 2.5 cells a deviation of a fifth.
    raw.set([0, ...sure!, ...split!, ...sure!, ...sharper!], 6 * 13);
    expect([...decoder(raw, 0.4).spreads!]).toEqual([1, 102, 1, 1]);
    // A height of one cell, and half of it a deviation: more than a byte holds.
    raw.set([0, ...sure!, ...split!, ...sure!, ...split!], 6 * 13);
    expect([...decoder(raw, 0.4).spreads!]).toEqual([1, 127, 1, 127]);
  });

  test('refuses output of another size', () => {
    expect(() => decoder(new Float32Array(13), 0.5)).toThrow(/13 numbers, 130 expected/);
  });
});

describe('box voting', () => {
  const found = {
    count: 4,
    boxes: Float32Array.of(0, 0, 10, 20, 1, 0, 11, 20, 0, 0, 10, 11, 50, 0, 60, 20),
    scores: Float32Array.of(0.8, 0.8, 0.7, 0.9),
  };

  test('a kept box moves to the mean of those that lie on it, which others do not', () => {
    const kept = suppress(found, 0.5);
    const voted = voteBoxes(kept, found);
    expect([...kept.boxes]).toEqual([50, 0, 60, 20, 0, 0, 10, 20]);
    expect([...voted.boxes.subarray(0, 4)]).toEqual([50, 0, 60, 20]);
    const overlap = 180 / 220;
    const shift = overlap ** 2 / (1 + overlap ** 2);
    const expected = [shift, 0, 10 + shift, 20].map((value) => expect.closeTo(value, 5));
    expect([...voted.boxes.subarray(4)]).toEqual(expected);
    expect(voted.scores).toEqual(kept.scores);
  });

  test('and is as unsure as they are in the mean', () => {
    const spreads = Int8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 1, 1, 1, 1, 7, 7, 7, 7);
    const unsure = { ...found, spreads };
    const kept = suppress(unsure, 0.5);
    expect([...kept.spreads!]).toEqual([7, 7, 7, 7, 10, 20, 30, 40]);
    const share = (180 / 220) ** 2 / (1 + (180 / 220) ** 2);
    const mean = [10, 20, 30, 40].map((spread) => Math.round(spread + 40 * share));
    expect([...voteBoxes(kept, unsure).spreads!]).toEqual([7, 7, 7, 7, ...mean]);
  });

  test('who scores less than half has no say', () => {
    const faint = { ...found, scores: Float32Array.of(0.8, 0.3, 0.1, 0.9) };
    const kept = suppress(faint, 0.5);
    expect(voteBoxes(kept, faint)).toEqual(kept);
  });

  test('a box without area stays', () => {
    const flat = { count: 1, boxes: Float32Array.of(5, 5, 5, 9), scores: Float32Array.of(0.9) };
    expect([...voteBoxes(flat, flat).boxes]).toEqual([5, 5, 5, 9]);
  });
});

describe('several input scales', () => {
  /** Decodes rows of five: a box in the input's pixels and its score. */
  const decode = (raw: Float32Array, minScore: number) => {
    const rows = Array.from({ length: raw.length / 5 }, (_, i) => [...raw.subarray(5 * i)]);
    const kept = rows.filter((row) => row[4]! >= minScore);
    return {
      count: kept.length,
      boxes: Float32Array.from(kept.flatMap((row) => row.slice(0, 4))),
      scores: Float32Array.from(kept, (row) => row[4]!),
    };
  };
  const large = {
    output: Float32Array.of(20, 40, 40, 80, 0.75, 0, 0, 8, 8, 0.0625),
    decode,
    placement: { left: 0, top: 0, scaleX: 2, scaleY: 2 },
  };
  const small = {
    output: Float32Array.of(5, 10, 10, 20.5, 0.875, 40, 10, 50, 30, 0.5),
    decode,
    placement: { left: 0, top: 0, scaleX: 0.5, scaleY: 0.5 },
  };
  const options = { minScore: 0.125, maxIou: 0.5, votes: false, fades: false };

  test('one person seen at two scales is one, in the frame’s pixels, the surest first', () => {
    const people = mergeScales([large, small], options);
    expect([...people.boxes]).toEqual([10, 20, 20, 41, 80, 20, 100, 60]);
    expect([...people.scores]).toEqual([0.875, 0.5]);
  });

  test('where suppressed boxes vote, both scales have a say', () => {
    const [, , , bottom] = mergeScales([large, small], { ...options, votes: true }).boxes;
    expect(bottom).toBeGreaterThan(40);
    expect(bottom).toBeLessThan(41);
  });

  test('where doubles fade, a box that is left beside a surer one scores less', () => {
    const loose = { ...options, maxIou: 0.99 };
    const scoresOf = (fades: boolean) => [
      ...mergeScales([large, small], { ...loose, fades }).scores,
    ];
    expect(scoresOf(false)).toEqual([0.875, 0.75, 0.5]);
    const overlap = 20 / 21;
    expect(scoresOf(true)).toEqual([
      0.875,
      0.5,
      expect.closeTo(0.75 * Math.exp(-2 * overlap ** 2), 6),
    ]);
  });
});

describe('doubles', () => {
  const boxes = Float32Array.of(0, 0, 10, 10, 0, 0, 10, 5, 20, 0, 30, 10, 5, 0, 15, 10);
  const found = { count: 4, boxes, scores: Float32Array.of(0.75, 0.875, 0.5, 0.625) };

  test('fall by what they share with each that is surer, and those who stand alone do not', () => {
    const faded = fadeDoubles(found);
    expect([...faded.boxes.subarray(0, 4)]).toEqual([0, 0, 10, 5]);
    expect([...faded.boxes.subarray(12)]).toEqual([0, 0, 10, 10]);
    // A fifth is shared with the surest; of the last a half, and a third with the second.
    const scores = [0.875, 0.625 * Math.exp(-2 / 25), 0.5, 0.75 * Math.exp(-2 / 4 - 2 / 9)];
    expect([...faded.scores]).toEqual(scores.map((score) => expect.closeTo(score, 6)));
  });

  test('move nothing but the order, and what is known of a box stays with it', () => {
    const spreads = Int8Array.from({ length: 16 }, (_, i) => i);
    const { spreads: kept, ...faded } = fadeDoubles({ ...found, spreads });
    expect([...kept!]).toEqual([4, 5, 6, 7, 12, 13, 14, 15, 8, 9, 10, 11, 0, 1, 2, 3]);
    expect(faded.count).toBe(4);
    expect([...found.scores]).toEqual([0.75, 0.875, 0.5, 0.625]);
  });
});

describe('suppression', () => {
  const boxes = Float32Array.of(0, 0, 10, 10, 0, 0, 10, 9, 20, 0, 30, 10);

  test('keeps the better of two that overlap, best first', () => {
    const kept = suppress({ count: 3, boxes, scores: Float32Array.of(0.5, 0.6, 0.9) }, 0.5);
    expect([...kept.boxes]).toEqual([20, 0, 30, 10, 0, 0, 10, 9]);
    expect([...kept.scores]).toEqual([...Float32Array.of(0.9, 0.6)]);
  });

  test('keeps the first of equals', () => {
    const kept = suppress({ count: 3, boxes, scores: new Float32Array(3).fill(0.5) }, 0.5);
    expect([...kept.boxes]).toEqual([0, 0, 10, 10, 20, 0, 30, 10]);
  });

  test('leaves no two that overlap by more, and drops none without cause', () => {
    const box = fc.tuple(
      fc.nat(50),
      fc.nat(50),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 40 }),
    );
    const scored = fc.array(fc.tuple(box, fc.integer({ min: 0, max: 8 })), { maxLength: 40 });
    fc.assert(
      fc.property(scored, fc.constantFrom(0.3, 0.5, 0.6), (list, maxIou) => {
        const all = Float32Array.from(list.flatMap(([[x, y, w, h]]) => [x, y, x + w, y + h]));
        const scores = Float32Array.from(list, ([, s]) => s / 8);
        const kept = suppress({ count: list.length, boxes: all, scores }, maxIou);
        for (let a = 0; a < kept.count; a++) {
          for (let b = 0; b < a; b++) {
            expect(iou(kept.boxes, a, kept.boxes, b)).toBeLessThanOrEqual(maxIou);
            expect(kept.scores[a]).toBeLessThanOrEqual(kept.scores[b]!);
          }
        }
        const joined = Float32Array.from([...kept.boxes, ...all]);
        for (let i = 0; i < list.length; i++) {
          const covered = Array.from({ length: kept.count }, (_, k) => k).some(
            (k) => iou(joined, k, joined, kept.count + i) > maxIou && kept.scores[k]! >= scores[i]!,
          );
          const itself = Array.from({ length: kept.count }, (_, k) => k).some(
            (k) => iou(joined, k, joined, kept.count + i) === 1,
          );
          expect(covered || itself).toBe(true);
        }
      }),
    );
  });
});

describe('the input', () => {
  test("has the video's shape and the quality's pixels, in steps the network takes", () => {
    expect(chooseInputSizes(input, 'balanced', { width: 1920, height: 1080 })).toEqual([
      {
        width: 672,
        height: 384,
      },
    ]);
    expect(chooseInputSizes(input, 'balanced', { width: 1080, height: 1920 })).toEqual([
      {
        width: 384,
        height: 672,
      },
    ]);
    expect(chooseInputSizes(input, 'fast', { width: 640, height: 480 })).toEqual([
      {
        width: 352,
        height: 256,
      },
    ]);
  });

  test('auto takes the best quality that fits the time, by pixels', () => {
    const video = { width: 1920, height: 1080 };
    const inputs = chooseInputSizes(input, 'fast', video);
    const pixels = (sizes: readonly Size[]) =>
      sizes.reduce((sum, { width, height }) => sum + width * height, 0);
    const share = (quality: 'balanced' | 'accurate') =>
      pixels(chooseInputSizes(input, quality, video)) / pixels(inputs);
    const choose = (budgetMs: number) =>
      chooseQuality(input, video, { frameMs: 10, inputs }, budgetMs);
    expect(choose(10.01 * share('accurate'))).toEqual({
      quality: 'accurate',
      expectedMs: expect.closeTo(10 * share('accurate'), 6),
    });
    expect(choose(9.99 * share('accurate')).quality).toBe('balanced');
    expect(choose(9.99 * share('balanced'))).toEqual({ quality: 'fast', expectedMs: 10 });
    expect(choose(0).quality).toBe('fast');
  });

  test('stays useful for absurd shapes', () => {
    const [{ width, height }] = chooseInputSizes(input, 'fast', { width: 10_000, height: 2 }) as [
      Size,
    ];
    expect(height).toBeGreaterThanOrEqual(128);
    expect(width * height).toBeLessThan(1.3 * input.areas.fast[0]!);
  });

  test('gives boxes back in pixels of the frame', () => {
    const frame = { width: 1920, height: 1080 };
    for (const fit of ['stretch', 'letterbox'] as const) {
      const placement = placeFrame(fit, { width: 640, height: 640 }, frame);
      const boxes = Float32Array.of(0, 0, 1920 * placement.scaleX, 1080 * placement.scaleY);
      toFramePixels(boxes, placement);
      expect([...boxes]).toEqual([0, 0, expect.closeTo(1920, 2), expect.closeTo(1080, 2)]);
    }
    expect(placeFrame('letterbox', { width: 640, height: 640 }, frame).scaleY).toBe(1 / 3);
  });
});

describe('the manifest', () => {
  const good = {
    format: 1,
    id: 'a',
    name: 'A',
    licence: 'MIT',
    output: 'raw',
    runtime: 'tfjs',
    scoreThreshold: 0.5,
    files: ['model.json', 'weights.bin'].map((path) => ({
      path,
      bytes: 1,
      sha256: 'a'.repeat(64),
    })),
    input,
    decode,
  };

  test('is taken as it is', () => {
    expect(parseManifest(structuredClone(good), 'u')).toEqual(good);
  });

  test.each([
    ['no object', null],
    ['format must be 1', { ...good, format: 2 }],
    ['licence must be a text', { ...good, licence: '' }],
    ['scoreThreshold must be', { ...good, scoreThreshold: 50 }],
    ['files must hold .*weights', { ...good, files: good.files.slice(0, 1) }],
    ['not a plain name', { ...good, files: [{ ...good.files[0], path: '../secret' }] }],
    ['no SHA-256', { ...good, files: [{ ...good.files[0], sha256: 'x' }] }],
    ['channels must be', { ...good, input: { ...input, channels: 'grey' } }],
    ['fit must be', { ...good, input: { ...input, fit: 'crop' } }],
    ['std must be 3 numbers', { ...good, input: { ...input, std: [1, 1] } }],
    ['multiple must be', { ...good, input: { ...input, multiple: 0 } }],
    ['areas.balanced', { ...good, input: { ...input, areas: { ...input.areas, balanced: [] } } }],
    ['int8.graph must be', { ...good, int8: { graph: 'none.json', weights: 'weights.bin' } }],
    ['int8.weights must be', { ...good, int8: { graph: 'model.json' } }],
    ['decode.kind "magic"', { ...good, decode: { kind: 'magic' } }],
  ])('%s: is refused with its address', (what, value) => {
    expect(() => parseManifest(value, 'https://here/manifest.json')).toThrow(
      expect.objectContaining({
        kind: 'model-damaged',
        message: expect.stringMatching(new RegExp(`https://here/manifest.json.*${what}`)),
      }),
    );
  });

  describe.each([
    ['ssd', { kind: 'ssd', scale: [1, 1, 2, 2], levels: [{ halvings: 4, sizes: [[20, 40]] }] }],
    ['gfl', { kind: 'gfl', strides: [8, 16], bins: 8 }],
    ['yolox', { kind: 'yolox', strides: [8, 16, 32] }],
    ['rows', { kind: 'rows', labels: 'labels' }],
  ])('of a network whose output is %s', (_, output) => {
    const whole = {
      ...structuredClone(good),
      decode: output,
      input: { ...input, margin: 114, mapSizes: [{ node: 'size8', stride: 8 }] },
    };

    /** Every place in it, as the keys that lead there. */
    const places = (value: unknown, way: string[] = []): string[][] =>
      typeof value === 'object' && value !== null
        ? [
            ...(way.length > 0 ? [way] : []),
            ...Object.entries(value).flatMap(([key, part]) => places(part, [...way, key])),
          ]
        : [way];

    test('a wrong member, whichever it is, is refused or does no harm', () => {
      expect(parseManifest(structuredClone(whole), 'u')).toEqual(whole);
      for (const way of places(whole)) {
        for (const wrong of [
          null,
          '',
          'x',
          -1,
          0,
          0.5,
          1e300,
          true,
          [],
          {},
          [[]],
          ['x'],
          undefined,
        ]) {
          const manifest = structuredClone(whole);
          let parent = manifest as Record<string, unknown>;
          for (const key of way.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
          parent[way.at(-1)!] = wrong;
          let taken: ReturnType<typeof parseManifest>;
          try {
            taken = parseManifest(manifest, 'u');
          } catch (error) {
            expect(error).toMatchObject({ name: 'Failure', kind: 'model-damaged' });
            continue;
          }
          for (const quality of ['fast', 'accurate'] as const) {
            for (const size of chooseInputSizes(taken.input, quality, {
              width: 320,
              height: 240,
            })) {
              expect(Number.isInteger(size.width) && Number.isInteger(size.height)).toBe(true);
              createDecoder(taken.decode, size);
            }
          }
        }
      }
    });
  });
});
