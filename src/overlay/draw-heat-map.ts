import type { HeatMap } from '../analytics/heat-map.ts';

/**
 * Colours from few to many, dark to light, so that they are in order for every eye and on paper: five of "inferno"
 * (van der Walt and Smith, matplotlib, CC0).
 */
const STOPS: readonly (readonly [number, number, number])[] = [
  [20, 11, 52],
  [101, 21, 110],
  [188, 55, 84],
  [249, 142, 9],
  [252, 255, 164],
];
/** Cells above this share of those that anybody was in have the last colour: one spot must not make all others dark. */
const FULL_SHARE = 0.98;
/** From this share of the scale on a cell covers as much of the picture as any does. */
const OPAQUE_FROM = 0.25;
const MOST_OPAQUE = 0.78;

/** Seconds from which a cell has the last colour; 0 where nobody was anywhere. */
export function fullScale({ personSeconds }: HeatMap): number {
  const used = Array.from(personSeconds)
    .filter((seconds) => seconds > 0)
    .sort((a, b) => a - b);
  return used[Math.floor(FULL_SHARE * (used.length - 1))] ?? 0;
}

/** A colour of the scale as CSS has it. @param share 0 to 1 */
export function heatColour(share: number): string {
  return `rgb(${colourAt(share).map(Math.round).join(' ')})`;
}

/**
 * The cells of a heat map as pixels, a pixel each, clear where nobody was: to be drawn as large as the picture, smoothly.
 * @returns columns x rows x 4 bytes, RGBA
 */
export function heatPixels(map: HeatMap): Uint8ClampedArray<ArrayBuffer> {
  const full = fullScale(map);
  const pixels = new Uint8ClampedArray(4 * map.columns * map.rows);
  map.personSeconds.forEach((seconds, cell) => {
    if (seconds <= 0 || full === 0) return;
    const share = Math.min(1, seconds / full);
    pixels.set(colourAt(share), 4 * cell);
    pixels[4 * cell + 3] = 255 * MOST_OPAQUE * Math.min(1, 0.35 + share / OPAQUE_FROM);
  });
  return pixels;
}

function colourAt(share: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const from = Math.min(STOPS.length - 2, Math.floor(at));
  const a = STOPS[from]!;
  const b = STOPS[from + 1]!;
  const mixed = (k: 0 | 1 | 2) => a[k] + (b[k] - a[k]) * (at - from);
  return [mixed(0), mixed(1), mixed(2)];
}
