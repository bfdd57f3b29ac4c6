import { visibleShare } from '../track/appearance/visible-share.ts';
import type { Detections } from '../track/detections.ts';
import type { Pixels } from './colour-histogram.ts';
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
    const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4) as unknown as Box;
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
  const [left, top, right, bottom] = boxes.subarray(4 * i, 4 * i + 4) as unknown as Box;
  const [across, down] = [NEAR_WIDTHS * (right - left), NEAR_HEIGHTS * (bottom - top)];
  for (let j = 0; j < count; j++) {
    if (j === i || !(scores[j]! >= LEAST_SCORE)) continue;
    const [x0, y0, x1, y1] = boxes.subarray(4 * j, 4 * j + 4) as unknown as Box;
    const isBeside = x0 - right < across && left - x1 < across;
    if (isBeside && y0 - bottom < down && top - y1 < down) return true;
  }
  return false;
}

type Box = [number, number, number, number];

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
  const { data } = picture;
  const [first, third] = input.channels === 'rgb' ? [0, 2] : [2, 0];
  const [mean0, mean1, mean2] = input.mean;
  const [scale0, scale1, scale2] = input.std.map((std) => 1 / std) as [number, number, number];
  const endX = Math.min(picture.width, Math.ceil(placement.left + placement.scaleX * frame.width));
  const endY = Math.min(picture.height, Math.ceil(placement.top + placement.scaleY * frame.height));
  let to = 0;
  for (const row of rows) {
    const [left, top, right, bottom] = boxes.subarray(4 * row, 4 * row + 4) as unknown as Box;
    const x = (value: number) => placement.left + placement.scaleX * value;
    const y = (value: number) => placement.top + placement.scaleY * value;
    columns.place(x(Math.max(0, left)), x(Math.min(frame.width, right)), endX);
    lines.place(y(Math.max(0, top)), y(Math.min(frame.height, bottom)), endY);
    for (let j = 0; j < height; j++) {
      const above = picture.width * lines.first[j]!;
      const below = picture.width * lines.second[j]!;
      const v = lines.share[j]!;
      for (let i = 0; i < width; i++) {
        const u = columns.share[i]!;
        const a = 4 * (above + columns.first[i]!);
        const b = 4 * (above + columns.second[i]!);
        const c = 4 * (below + columns.first[i]!);
        const d = 4 * (below + columns.second[i]!);
        // Written out: it is done a hundred thousand times a crop.
        crops[to++] = (between(data, a, b, c, d, first, u, v) - mean0) * scale0;
        crops[to++] = (between(data, a, b, c, d, 1, u, v) - mean1) * scale1;
        crops[to++] = (between(data, a, b, c, d, third, u, v) - mean2) * scale2;
      }
    }
  }
  return crops;
}

/** A channel's shade between four pixels. */
function between(
  data: Pixels['data'],
  a: number,
  b: number,
  c: number,
  d: number,
  channel: number,
  u: number,
  v: number,
): number {
  const upper = data[a + channel]! + u * (data[b + channel]! - data[a + channel]!);
  const lower = data[c + channel]! + u * (data[d + channel]! - data[c + channel]!);
  return upper + v * (lower - upper);
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
