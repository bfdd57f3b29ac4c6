import type { Placement } from './input-size.ts';

/** A picture in memory: four bytes a pixel, red, green, blue, and one that is not looked at. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Bands of a person, from and to in shares of the height: clothes above, clothes below. Head and feet tell little. */
const BANDS = [
  [0.15, 0.5],
  [0.5, 0.9],
] as const;
/** Left out at either side, in shares of the width: background more than person. */
const INSET = 0.25;
const HUES = 6;
const GREYS = 8;
/** Numbers a band takes: hues of dark colours, hues of bright ones, greys. */
const BINS = 2 * HUES + GREYS;
/** From which shade of its strongest channel a colour is bright. */
const BRIGHT = 110;
/** Saturation, and chroma in shades, from which a pixel counts as coloured and not at all as grey. */
const COLOURED = 0.3;
const CHROMATIC = 40;

/** Numbers an appearance embedding has. */
export const EMBEDDING_LENGTH = BINS * BANDS.length;

/**
 * Appearance embeddings from colours: for each person those of the upper and of the lower part, as roots of histograms, so
 * that the scalar product of two is Bhattacharyya's coefficient (A. Bhattacharyya, 1943; as in Comaniciu, Ramesh,
 * Meer, "Kernel-based object tracking", 2003, eq. 5). Greys are told by lightness, colours by hue and whether dark;
 * a pixel counts as both in proportion to its saturation, and for two neighbouring bins, so that a little noise or
 * light changes little.
 * @param pixels the picture
 * @param boxes XyxyPx of the displayed frame
 * @param count how many
 * @param placement where the frame lies in the picture
 * @returns a row of {@link EMBEDDING_LENGTH} numbers for each box: 127 times a vector of length 1; zeros where a box
 *   has no pixel
 */
export function embedPeople(
  pixels: Pixels,
  boxes: Float32Array,
  count: number,
  placement: Placement,
): Int8Array {
  const { left, top, scaleX, scaleY } = placement;
  const rows = new Int8Array(EMBEDDING_LENGTH * count);
  const bins = new Float64Array(EMBEDDING_LENGTH);
  for (let i = 0; i < count; i++) {
    const x = left + scaleX * boxes[4 * i]!;
    const y = top + scaleY * boxes[4 * i + 1]!;
    const width = left + scaleX * boxes[4 * i + 2]! - x;
    const height = top + scaleY * boxes[4 * i + 3]! - y;
    const fromX = Math.max(0, Math.round(x + INSET * width));
    const toX = Math.min(pixels.width, Math.round(x + (1 - INSET) * width));
    bins.fill(0);
    for (const [band, [from, to]] of BANDS.entries()) {
      const fromY = Math.max(0, Math.round(y + from * height));
      const toY = Math.min(pixels.height, Math.round(y + to * height));
      const pixelCount = Math.max(0, toX - fromX) * Math.max(0, toY - fromY);
      if (pixelCount === 0) continue;
      addPixels(pixels, fromX, toX, fromY, toY);
      takeSums(bins.subarray(BINS * band, BINS * (band + 1)), pixelCount);
    }
    writeRow(bins, rows, EMBEDDING_LENGTH * i);
  }
  return rows;
}

/**
 * What the pixels of a band add up to. A pixel lies between two hues, and between two greys: the first sum is of how far pixels count
 * there, the second of the part of that which is the latter's. Greys are left by lightness, one sum a pixel, until the band is done.
 */
const HUE_SUMS = new Float64Array(2 * (HUES + 1));
const LATTER_HUE_SUMS = new Float64Array(2 * (HUES + 1));
const LIGHTNESS_SUMS = new Float64Array(511);

/** Adds the pixels of a band. Few branches: colours of neighbours differ too much to be guessed. */
function addPixels(
  { data, width }: Pixels,
  fromX: number,
  toX: number,
  fromY: number,
  toY: number,
): void {
  for (let y = fromY; y < toY; y++) {
    const end = 4 * (y * width + toX);
    for (let at = 4 * (y * width + fromX); at < end; at += 4) {
      const red = data[at]!;
      const green = data[at + 1]!;
      const blue = data[at + 2]!;
      const most = Math.max(red, green, blue);
      const least = Math.min(red, green, blue);
      const chroma = most - least;
      const coloured = COLOURED_SHARE[256 * most + chroma]!;
      // All bits set for the strongest channel, the first of equals.
      const isRed = (most - red - 1) >> 31;
      const isGreen = ~isRed & ((most - green - 1) >> 31);
      const isBlue = ~(isRed | isGreen);
      // The hexagon of hues: a sixth a corner, of which every one is a bin; the first lies on either side of red.
      const lead = ((green - blue) & isRed) | ((blue - red) & isGreen) | ((red - green) & isBlue);
      const corner = (6 & isRed & (lead >> 31)) | (2 & isGreen) | (4 & isBlue);
      // A grey has no chroma, and counts for no hue.
      const place = lead / (chroma - ((chroma - 1) >> 31)) + (corner + 0.5);
      const hue = place | 0;
      const pair = hue + (~((most - BRIGHT) >> 31) & (HUES + 1));
      HUE_SUMS[pair]! += coloured;
      LATTER_HUE_SUMS[pair]! += coloured * (place - hue);
      LIGHTNESS_SUMS[most + least]! += 1 - coloured;
    }
  }
}

/** Takes the sums as the bins of a band, and leaves none. */
function takeSums(bins: Float64Array, pixelCount: number): void {
  for (let pair = 0; pair < HUE_SUMS.length; pair++) {
    const bright = pair > HUES ? 1 : 0;
    const hue = pair - bright * (HUES + 1);
    const latter = LATTER_HUE_SUMS[pair]!;
    bins[bright * HUES + ((hue + HUES - 1) % HUES)]! += HUE_SUMS[pair]! - latter;
    bins[bright * HUES + (hue % HUES)]! += latter;
  }
  for (let lightness = 0; lightness < LIGHTNESS_SUMS.length; lightness++) {
    const sum = LIGHTNESS_SUMS[lightness]!;
    if (sum === 0) continue;
    const latter = sum * GREY_SHARE[lightness]!;
    bins[DARKER_GREY[lightness]!]! += sum - latter;
    bins[LIGHTER_GREY[lightness]!]! += latter;
  }
  for (let k = 0; k < BINS; k++) bins[k]! /= pixelCount;
  for (const sums of [HUE_SUMS, LATTER_HUE_SUMS, LIGHTNESS_SUMS]) sums.fill(0);
}

/** For each shade of the strongest channel, and each chroma: how far a pixel counts as coloured, 0 to 1. */
const COLOURED_SHARE = Float64Array.from({ length: 256 * 256 }, (_, i) => {
  const [most, chroma] = [i >> 8, i & 255];
  if (most === 0) return 0;
  return Math.min(1, ((chroma / most) * Math.min(1, chroma / CHROMATIC)) / COLOURED);
});

/** For each sum of the strongest and the weakest channel: between which grey, and the next, it lies, and how far towards the next. */
const GREY_PLACES = Array.from({ length: 511 }, (_, sum) => (sum / 510) * GREYS - 0.5);
const DARKER_GREY = Int32Array.from(
  GREY_PLACES,
  (place) => 2 * HUES + Math.max(0, Math.floor(place)),
);
const LIGHTER_GREY = Int32Array.from(GREY_PLACES, (place) =>
  Math.min(BINS - 1, 2 * HUES + Math.floor(place) + 1),
);
const GREY_SHARE = Float64Array.from(GREY_PLACES, (place) => place - Math.floor(place));

/** Roots of the bins, scaled to 127. */
function writeRow(bins: Float64Array, rows: Int8Array, at: number): void {
  let sum = 0;
  for (const value of bins) sum += value;
  if (sum === 0) return;
  for (let k = 0; k < bins.length; k++) rows[at + k] = Math.round(127 * Math.sqrt(bins[k]! / sum));
}
