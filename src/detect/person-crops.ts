import { visibleShare } from '../track/appearance/visible-share.ts';
import type { Detections } from '../track/detections.ts';
import type { Pixels } from './colour-histogram.ts';
import { edgesOf } from './edges.ts';
import type { EmbeddingManifest } from './embedding-manifest.ts';
import type { Placement, Size } from './input-size.ts';

/** Score from which a detection is worth a look. */
const LEAST_SCORE = 0.4;
/** Share of a person that must be in the frame and hidden by nobody: of less, others are seen rather than they. */
const LEAST_VISIBLE = 0.5;

/**
 * Which people of a sample are seen well enough to be known again.
 * @param frame whose pixels the boxes count
 * @returns indices of detections, ascending
 */
export function wellSeen({ count, boxes, scores }: Detections, frame: Size): Int32Array {
  const rows: number[] = [];
  for (let i = 0; i < count; i++) {
    if (!(scores[i]! >= LEAST_SCORE)) continue;
    const { left, top, right, bottom } = edgesOf(boxes, i);
    const width = Math.min(right, frame.width) - Math.max(left, 0);
    const height = Math.min(bottom, frame.height) - Math.max(top, 0);
    if (!(width > 0 && height > 0)) continue;
    const inside = (width * height) / ((right - left) * (bottom - top));
    if (inside * visibleShare(boxes, scores, 0, count, i) >= LEAST_VISIBLE) rows.push(i);
  }
  return Int32Array.from(rows);
}

/** Gap between two who may be mixed up, in widths of the one and heights. */
const NEAR_WIDTHS = 0.5;
const NEAR_HEIGHTS = 0.5;

/** Whether a person has somebody else, whom the detector is sure of, beside them. @param i ordinal of the person */
export function isNear({ count, boxes, scores }: Detections, i: number): boolean {
  const { left, top, right, bottom } = edgesOf(boxes, i);
  const [across, down] = [NEAR_WIDTHS * (right - left), NEAR_HEIGHTS * (bottom - top)];
  for (let j = 0; j < count; j++) {
    if (j === i || !(scores[j]! >= LEAST_SCORE)) continue;
    const other = edgesOf(boxes, j);
    const isBeside = other.left - right < across && left - other.right < across;
    if (isBeside && other.top - bottom < down && top - other.bottom < down) return true;
  }
  return false;
}

/**
 * Cuts people out of a picture and scales them, bilinearly, to what a network takes; what lies outside of the picture is
 * left out.
 * @param picture of the frame
 * @param boxes XyxyPx of the frame
 * @param rows which of them
 * @param placement where the frame lies in the picture
 * @param frame its size in pixels
 * @param input of the network
 * @returns one crop after the other: height x width x 3 values `(pixel - mean) / std`
 */
export function cropPeople(
  picture: Pixels,
  boxes: Float32Array,
  rows: Int32Array,
  placement: Placement,
  frame: Size,
  input: EmbeddingManifest['input'],
): Float32Array {
  const { width, height } = input;
  const crops = new Float32Array(3 * width * height * rows.length);
  const columns = new Taps(width);
  const lines = new Taps(height);
  const stretched = new StretchedLines(
    picture,
    width,
    input.channels === 'rgb' ? [0, 1, 2] : [2, 1, 0],
  );
  const [mean0, mean1, mean2] = input.mean;
  const [scale0, scale1, scale2] = input.std.map((std) => 1 / std) as [number, number, number];
  const endX = Math.min(picture.width, Math.ceil(placement.left + placement.scaleX * frame.width));
  const endY = Math.min(picture.height, Math.ceil(placement.top + placement.scaleY * frame.height));
  let to = 0;
  for (const row of rows) {
    const { left, top, right, bottom } = edgesOf(boxes, row);
    const x = (value: number) => placement.left + placement.scaleX * value;
    const y = (value: number) => placement.top + placement.scaleY * value;
    columns.place(x(Math.max(0, left)), x(Math.min(frame.width, right)), endX);
    lines.place(y(Math.max(0, top)), y(Math.min(frame.height, bottom)), endY);
    stretched.begin(columns);
    for (let j = 0; j < height; j++) {
      const upper = stretched.line(lines.first[j]!);
      const lower = stretched.line(lines.second[j]!);
      const v = lines.share[j]!;
      for (let i = 0; i < 3 * width; i += 3) {
        // Written out: it is done a hundred thousand times a crop.
        crops[to++] = (between(upper[i]!, lower[i]!, v) - mean0) * scale0;
        crops[to++] = (between(upper[i + 1]!, lower[i + 1]!, v) - mean1) * scale1;
        crops[to++] = (between(upper[i + 2]!, lower[i + 2]!, v) - mean2) * scale2;
      }
    }
  }
  return crops;
}

/** A shade so far from one towards another. */
function between(one: number, other: number, share: number): number {
  return one + share * (other - one);
}

/** Lines of a picture, scaled in width. People are mostly made larger, so that a line serves several of the result. */
class StretchedLines {
  readonly #picture: Pixels;
  readonly #channels: readonly [number, number, number];
  #columns: Taps | undefined;
  /** The last two, and which line of the picture each is. */
  readonly #kept: [{ of: number; values: Float64Array }, { of: number; values: Float64Array }];

  constructor(picture: Pixels, width: number, channels: readonly [number, number, number]) {
    this.#picture = picture;
    this.#channels = channels;
    const empty = () => ({ of: -1, values: new Float64Array(3 * width) });
    this.#kept = [empty(), empty()];
  }

  /** Others from now on. */
  begin(columns: Taps): void {
    this.#columns = columns;
    for (const kept of this.#kept) kept.of = -1;
  }

  /** @returns shades of three channels, pixel by pixel, until the line after the next is asked for */
  line(y: number): Float64Array {
    const known = this.#kept.find((kept) => kept.of === y);
    if (known) return known.values;
    // Lines are asked for from top to bottom: the upper one is done with.
    const kept = this.#kept[0].of < this.#kept[1].of ? this.#kept[0] : this.#kept[1];
    kept.of = y;
    const { data, width } = this.#picture;
    const { first, second, share } = this.#columns!;
    const [red, green, blue] = this.#channels;
    for (let i = 0, to = 0; i < first.length; i++) {
      const a = 4 * (width * y + first[i]!);
      const b = 4 * (width * y + second[i]!);
      const u = share[i]!;
      kept.values[to++] = between(data[a + red]!, data[b + red]!, u);
      kept.values[to++] = between(data[a + green]!, data[b + green]!, u);
      kept.values[to++] = between(data[a + blue]!, data[b + blue]!, u);
    }
    return kept.values;
  }
}

/** For each pixel of a scaled line: the two pixels it lies between, and how far towards the second. */
class Taps {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly share: Float32Array;

  constructor(length: number) {
    this.first = new Int32Array(length);
    this.second = new Int32Array(length);
    this.share = new Float32Array(length);
  }

  /** From one place to another, of a line of so many pixels. */
  place(from: number, to: number, pixels: number): void {
    const { length } = this.first;
    const step = (to - from) / length;
    for (let i = 0; i < length; i++) {
      const at = Math.min(pixels - 1, Math.max(0, from + (i + 0.5) * step - 0.5));
      const first = Math.floor(at);
      this.first[i] = first;
      this.second[i] = Math.min(pixels - 1, first + 1);
      this.share[i] = at - first;
    }
  }
}

/** Numbers of an embedding become bytes: 127 times a vector of length 1. */
export function toEmbeddingRows(values: Float32Array, count: number): Int8Array {
  const length = count === 0 ? 0 : values.length / count;
  const rows = new Int8Array(values.length);
  for (let row = 0; row < count; row++) {
    let squares = 0;
    for (let k = 0; k < length; k++) squares += values[length * row + k]! ** 2;
    const scale = squares > 0 ? 127 / Math.sqrt(squares) : 0;
    for (let k = 0; k < length; k++) {
      rows[length * row + k] = Math.round(scale * values[length * row + k]!);
    }
  }
  return rows;
}
