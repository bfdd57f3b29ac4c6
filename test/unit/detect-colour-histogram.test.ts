import { expect, test } from 'vitest';
import { EMBEDDING_LENGTH, embedPeople, type Pixels } from '../../src/detect/colour-histogram.ts';

type Rgb = readonly [number, number, number];
const WIDTH = 60;
const HEIGHT = 120;
const AS_IT_IS = { left: 0, top: 0, scaleX: 1, scaleY: 1 };

/** Somebody in two colours who fills a picture, the background's colour around where `margin` says. */
function person(above: Rgb, below: Rgb, light = 0, margin = 0): Pixels {
  const data = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const isInside = x >= margin && x < WIDTH - margin;
      const colour = isInside ? (y < HEIGHT / 2 ? above : below) : ([0, 255, 0] as const);
      for (const [k, shade] of colour.entries()) data[4 * (y * WIDTH + x) + k] = shade + light;
    }
  }
  return { data, width: WIDTH, height: HEIGHT };
}

const whole = Float32Array.of(0, 0, WIDTH, HEIGHT);
const describe = (pixels: Pixels) => embedPeople(pixels, whole, 1, AS_IT_IS);
const product = (a: Int8Array, b: Int8Array) =>
  a.reduce((sum, value, k) => sum + value * b[k]!, 0) / 127 ** 2;

const red: Rgb = [200, 40, 40];
const blue: Rgb = [40, 50, 190];
const black: Rgb = [25, 25, 25];
const white: Rgb = [230, 230, 230];

test('an embedding has length 1, in steps of a 127th', () => {
  const row = describe(person(red, black));
  expect(row).toHaveLength(EMBEDDING_LENGTH);
  expect(product(row, row)).toBeCloseTo(1, 1);
});

test('clothes tell people apart, upper and lower each', () => {
  const wearer = describe(person(red, black));
  for (const other of [
    person(black, red),
    person(blue, black),
    person(red, white),
    person(white, blue),
  ]) {
    expect(product(wearer, describe(other))).toBeLessThan(0.75);
  }
  expect(product(wearer, describe(person(blue, white)))).toBeLessThan(0.1);
});

test('a little light or noise changes little, and the background at the sides nothing', () => {
  const wearer = describe(person(red, black));
  expect(product(wearer, describe(person(red, black, 12)))).toBeGreaterThan(0.9);
  expect(describe(person(red, black, 0, 14))).toEqual(wearer);
});

test('boxes are found where the frame lies in the picture', () => {
  const pixels = person(red, blue);
  const half = { left: 0, top: 0, scaleX: 0.5, scaleY: 0.5 };
  const double = Float32Array.from(whole, (value) => 2 * value);
  expect(embedPeople(pixels, double, 1, half)).toEqual(describe(pixels));
});

test('a box outside the picture or without area has no embedding', () => {
  const boxes = Float32Array.of(500, 0, 540, 100, 10, 10, 10, 10);
  expect(embedPeople(person(red, blue), boxes, 2, AS_IT_IS)).toEqual(
    new Int8Array(2 * EMBEDDING_LENGTH),
  );
});

/** What the embedding is by its definition, pixel by pixel. */
function plainly({ data, width }: Pixels, box: readonly number[]): number[] {
  const [left, top, right, bottom] = box as [number, number, number, number];
  const across = (share: number) => Math.round(left + share * (right - left));
  const down = (share: number) => Math.round(top + share * (bottom - top));
  const bins = [
    [0.15, 0.5],
    [0.5, 0.9],
  ].flatMap(([from, to]) => {
    const found = new Array<number>(20).fill(0);
    const add = (first: number, count: number, place: number, weight: number, wraps: boolean) => {
      const bin = Math.floor(place);
      const inRange = (k: number) =>
        wraps ? (k + count) % count : Math.min(count - 1, Math.max(0, k));
      found[first + inRange(bin)]! += weight * (1 - (place - bin));
      found[first + inRange(bin + 1)]! += weight * (place - bin);
    };
    let pixels = 0;
    for (let y = down(from!); y < down(to!); y++) {
      for (let x = across(0.25); x < across(0.75); x++) {
        const [red, green, blue] = data.subarray(4 * (y * width + x)) as unknown as Rgb;
        const most = Math.max(red, green, blue);
        const least = Math.min(red, green, blue);
        const chroma = most - least;
        const coloured =
          chroma && Math.min(1, (chroma / most) * Math.min(1, chroma / 40) * (1 / 0.3));
        if (chroma > 0) {
          const sixth =
            most === red
              ? ((green - blue) / chroma + 6) % 6
              : most === green
                ? (blue - red) / chroma + 2
                : (red - green) / chroma + 4;
          add(most < 110 ? 0 : 6, 6, sixth - 0.5, coloured, true);
        }
        add(12, 8, ((most + least) / 510) * 8 - 0.5, 1 - coloured, false);
        pixels++;
      }
    }
    return found.map((value) => value / pixels);
  });
  const sum = bins.reduce((all, value) => all + value, 0);
  return bins.map((value) => Math.round(127 * Math.sqrt(value / sum)));
}

test('colours of every kind are counted as they are defined', () => {
  let state = 1;
  const random = (limit: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
  const pixels = person(red, blue);
  for (let at = 0; at < pixels.data.length; at += 4) {
    // Greys, dark and light colours of every hue, and channels that are equal.
    const [grey, chroma] = [random(256), random(4) === 0 ? 0 : random(256)];
    for (let k = 0; k < 3; k++) pixels.data[at + k] = grey + (random(3) - 1) * random(chroma + 1);
  }
  const boxes = [
    [0, 0, WIDTH, HEIGHT],
    [7, 11, 23, 64],
    [20, 50, 41, 57],
  ];
  const found = embedPeople(pixels, Float32Array.from(boxes.flat()), boxes.length, AS_IT_IS);
  expect([...found]).toEqual(boxes.flatMap((box) => plainly(pixels, box)));
});
