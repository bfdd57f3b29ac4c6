import type { SampleDetections } from '../track/detections.ts';
import type { CanonicalBytes } from './canonical-paths.ts';

/** The time (8), the number of boxes and of rows of the network that knows people again (4 each). */
const BYTES_PER_SAMPLE = 16;
/** Four sides and a score (4 each). */
const BYTES_PER_BOX = 20;

/**
 * What was found in a sample as bytes that are the same exactly where all that people are followed by is, to be hashed. Its
 * time in seconds (a double), the number of boxes and of those that a network looked at (32 bits each); of each box its
 * four sides in pixels and its score (floats); how unsure the detector is of each side and the embeddings of clothes (bytes); which boxes the network looked at (32 bits
 * each) and its embeddings (bytes). All little-endian, whatever the machine.
 */
export function canonicalDetections(sample: SampleDetections): CanonicalBytes {
  const { count, boxes, scores, features, reid } = sample;
  const spreads = sample.spreads ?? new Int8Array(0);
  const rows = reid?.rows ?? [];
  const values = reid?.values ?? new Int8Array(0);
  const clothes = features ?? new Int8Array(0);
  const head = BYTES_PER_SAMPLE + count * BYTES_PER_BOX;
  const bytes = new Uint8Array(
    head + spreads.length + clothes.length + 4 * rows.length + values.length,
  );
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, sample.timeSeconds, true);
  view.setUint32(8, count, true);
  view.setUint32(12, rows.length, true);
  for (let i = 0, at = BYTES_PER_SAMPLE; i < count; i++, at += BYTES_PER_BOX) {
    for (let side = 0; side < 4; side++) view.setFloat32(at + 4 * side, boxes[4 * i + side]!, true);
    view.setFloat32(at + 16, scores[i]!, true);
  }
  bytes.set(spreads, head);
  bytes.set(clothes, head + spreads.length);
  const known = head + spreads.length + clothes.length;
  for (const [k, row] of rows.entries()) view.setUint32(known + 4 * k, row, true);
  bytes.set(values, known + 4 * rows.length);
  return bytes;
}
