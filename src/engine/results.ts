import type { PathElement } from '../contract/answer.ts';
import type { Track } from '../track/track.ts';
import type { FrameSize } from './common-frame.ts';
import { frameRatios } from './frame-ratios.ts';
import type { Milliseconds } from './sample-chunk.ts';

/** Elements (person x sampled frame) of a finished job as a structure of arrays, `n` long; the unit of storage. */
export interface ResultChunk {
  /** n: integer milliseconds. */
  readonly timestampsMs: Milliseconds;
  /** n: ordinals of the displayed frames in the video, from 0. */
  readonly frames: Int32Array;
  /** n: Person.Index. */
  readonly indices: Int32Array;
  /** 4n: Left, Top, Width, Height as ratios of the displayed frame. */
  readonly boxes: Float32Array;
  /** n: the detector's score, 0 to 1. */
  readonly scores: Float32Array;
  /** n: OBSERVED, FILLED or RECOVERED. */
  readonly flags: Uint8Array;
}

/** Elements a stored chunk holds: a page of 1000 reads two of them at most. */
export const CHUNK_ELEMENTS = 2048;

/** Elements `from` to `to` (without `to`) of a chunk, as the contract has them. */
export function* elementsOf(
  { timestampsMs, indices, boxes }: ResultChunk,
  from = 0,
  to = indices.length,
): Generator<PathElement, void, void> {
  for (let k = from; k < to; k++) {
    yield {
      timestampMs: timestampsMs[k]!,
      index: indices[k]!,
      left: boxes[4 * k]!,
      top: boxes[4 * k + 1]!,
      width: boxes[4 * k + 2]!,
      height: boxes[4 * k + 3]!,
    };
  }
}

/** A whole result, chunk by chunk, in each of GetPersonTracking's orders. */
export interface ResultChunks {
  byIndex(): Iterable<ResultChunk>;
  byTimestamp(): Iterable<ResultChunk>;
}

/** Which frame each sample showed, and when. */
export interface SampleTimes {
  readonly frames: Int32Array;
  readonly timestampsMs: Float64Array;
}

/**
 * Finished tracks as the contract's elements in both of its orders, chunk by chunk. Boxes are cut to the frame, as
 * Rekognition's were; a box left without any area is dropped, as is one of a person who has another in the same
 * millisecond, where frames are closer than that: nobody is in two places at once. Person.Index counts from 0 in the order in which
 * people are first seen inside the frame.
 *
 * @param tracks each ascending in samples
 * @param frame displayed size in pixels
 */
export class Results implements ResultChunks {
  readonly #tracks: readonly Track[];
  readonly #times: SampleTimes;
  readonly #frame: FrameSize;
  /** Track ordinal and position of every element kept, by (Index, Timestamp). */
  readonly #owner: Int32Array;
  readonly #position: Int32Array;

  constructor(tracks: readonly Track[], times: SampleTimes, frame: FrameSize) {
    this.#times = times;
    this.#frame = frame;
    this.#tracks = this.#inOrderOfAppearance(tracks);
    const most = this.#tracks.reduce((sum, track) => sum + track.samples.length, 0);
    const owner = new Int32Array(most);
    const position = new Int32Array(most);
    let kept = 0;
    for (let t = 0; t < this.#tracks.length; t++) {
      const { samples, boxes } = this.#tracks[t]!;
      let lastMs = Number.NaN;
      for (let k = 0; k < samples.length; k++) {
        const nowMs = times.timestampsMs[samples[k]!]!;
        if (nowMs === lastMs || !frameRatios(boxes, k, frame)) continue;
        lastMs = nowMs;
        owner[kept] = t;
        position[kept++] = k;
      }
    }
    this.#owner = owner.subarray(0, kept);
    this.#position = position.subarray(0, kept);
  }

  /** Elements in all. */
  get elements(): number {
    return this.#owner.length;
  }

  /** People in all. */
  get people(): number {
    return this.#tracks.length;
  }

  /** Chunks by (Index, Timestamp). */
  *byIndex(): Generator<ResultChunk> {
    for (let from = 0; from < this.elements; from += CHUNK_ELEMENTS) {
      const length = Math.min(CHUNK_ELEMENTS, this.elements - from);
      yield this.#chunk(length, (i) => from + i);
    }
  }

  /** Chunks by (Timestamp, Index). */
  *byTimestamp(): Generator<ResultChunk> {
    const order = this.#timeOrder();
    for (let from = 0; from < order.length; from += CHUNK_ELEMENTS) {
      const length = Math.min(CHUNK_ELEMENTS, order.length - from);
      yield this.#chunk(length, (i) => order[from + i]!);
    }
  }

  /** Counting sort by sample: elements already ascend in Index, and the sort is stable. */
  #timeOrder(): Int32Array {
    const starts = new Int32Array(this.#times.frames.length + 1);
    const sampleOf = (element: number) =>
      this.#tracks[this.#owner[element]!]!.samples[this.#position[element]!]!;
    for (let e = 0; e < this.elements; e++) starts[sampleOf(e) + 1]! += 1;
    for (let s = 1; s < starts.length; s++) starts[s]! += starts[s - 1]!;
    const order = new Int32Array(this.elements);
    for (let e = 0; e < this.elements; e++) order[starts[sampleOf(e)]!++] = e;
    return order;
  }

  #inOrderOfAppearance(tracks: readonly Track[]): Track[] {
    return tracks
      .map((track) => {
        let first = 0;
        while (first < track.samples.length && !frameRatios(track.boxes, first, this.#frame))
          first++;
        return { track, firstSample: track.samples[first] };
      })
      .filter(({ firstSample }) => firstSample !== undefined)
      .sort((a, b) => a.firstSample! - b.firstSample! || a.track.index - b.track.index)
      .map(({ track }) => track);
  }

  #chunk(length: number, elementAt: (i: number) => number): ResultChunk {
    const chunk: ResultChunk = {
      timestampsMs: new Float64Array(length),
      frames: new Int32Array(length),
      indices: new Int32Array(length),
      boxes: new Float32Array(4 * length),
      scores: new Float32Array(length),
      flags: new Uint8Array(length),
    };
    for (let i = 0; i < length; i++) {
      const element = elementAt(i);
      const index = this.#owner[element]!;
      const track = this.#tracks[index]!;
      const k = this.#position[element]!;
      const sample = track.samples[k]!;
      chunk.timestampsMs[i] = this.#times.timestampsMs[sample]!;
      chunk.frames[i] = this.#times.frames[sample]!;
      chunk.indices[i] = index;
      chunk.scores[i] = track.scores[k]!;
      chunk.flags[i] = track.flags[k]!;
      chunk.boxes.set(frameRatios(track.boxes, k, this.#frame)!, 4 * i);
    }
    return chunk;
  }
}
