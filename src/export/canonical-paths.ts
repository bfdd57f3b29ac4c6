/** A path, as far as its boxes tell of it; arrays of equal length, ascending in time. */
export interface BoxPath {
  readonly index: number;
  readonly timestampsMs: Float64Array;
  /** Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: Float32Array;
  /** 0 to 1. */
  readonly scores: Float32Array;
  /** Bits of a sample: estimated, and the like. */
  readonly flags: Uint8Array;
}

/** Bytes that may be hashed or kept in a Blob: in compilers from 5.7 on Uint8Array<ArrayBuffer>, a name that older ones do not take. */
export type CanonicalBytes = ReturnType<typeof Uint8Array.of>;

const BYTES_PER_PATH = 8;
const BYTES_PER_SAMPLE = 8 + 4 * 4 + 4 + 1;

/**
 * Paths as bytes that are the same exactly where every box is, to be hashed: a piece a path, in order of Index. Of a path its
 * Index and number of samples (32 bits each), then of each sample its time in milliseconds (a double), its box and score
 * (floats) and its flags (a byte). All little-endian, whatever the machine.
 */
export function* canonicalPaths(paths: readonly BoxPath[]): Generator<CanonicalBytes, void, void> {
  for (const path of [...paths].sort((a, b) => a.index - b.index)) {
    const samples = path.timestampsMs.length;
    const view = new DataView(new ArrayBuffer(BYTES_PER_PATH + samples * BYTES_PER_SAMPLE));
    view.setUint32(0, path.index, true);
    view.setUint32(4, samples, true);
    for (let k = 0, at = BYTES_PER_PATH; k < samples; k++, at += BYTES_PER_SAMPLE) {
      view.setFloat64(at, path.timestampsMs[k]!, true);
      for (let side = 0; side < 4; side++)
        view.setFloat32(at + 8 + 4 * side, path.boxes[4 * k + side]!, true);
      view.setFloat32(at + 24, path.scores[k]!, true);
      view.setUint8(at + 28, path.flags[k]!);
    }
    yield new Uint8Array(view.buffer);
  }
}
