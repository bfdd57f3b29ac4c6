import type { FrameSize } from '../engine/common-frame.ts';
import type { DescribedRun, Edit, MendedBytes, VideoBytes } from './video-bytes.ts';

/** Bytes that stand in the place of those of the file. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A file with some bytes replaced, and perhaps without its end or with more behind it. Nothing is copied until it is read. */
export class PatchedBytes implements MendedBytes {
  readonly isCut: boolean;
  readonly unread: number;
  readonly isJoined: boolean;
  readonly isEncrypted: boolean;
  readonly edits: ReadonlyMap<number, readonly Edit[]>;
  readonly soundEdits: ReadonlyMap<number, readonly Edit[]>;
  readonly described: ReadonlyMap<number, readonly DescribedRun[]>;
  readonly shownSizes: ReadonlyMap<number, FrameSize>;
  readonly fragments?: VideoBytes;
  readonly #bytes: VideoBytes;
  /** In their order in the file. */
  readonly #patches: readonly Patch[];
  readonly #longest: number;
  readonly #end: number;
  readonly #behind: Uint8Array;

  /** @param options `end`: where it ends now, default where the file does; `behind`: what stands there */
  constructor(
    bytes: VideoBytes,
    patches: readonly Patch[],
    options: {
      readonly isCut: boolean;
      readonly end?: number;
      readonly behind?: Uint8Array | undefined;
      readonly unread?: number;
      readonly isJoined?: boolean;
      readonly isEncrypted?: boolean;
      readonly edits?: ReadonlyMap<number, readonly Edit[]>;
      readonly soundEdits?: ReadonlyMap<number, readonly Edit[]>;
      readonly described?: ReadonlyMap<number, readonly DescribedRun[]>;
      readonly shownSizes?: ReadonlyMap<number, FrameSize>;
      readonly fragments?: VideoBytes;
    },
  ) {
    this.#bytes = bytes;
    this.#patches = patches.toSorted((a, b) => a.at - b.at);
    this.#longest = patches.reduce((most, { bytes: { length } }) => Math.max(most, length), 0);
    this.#end = options.end ?? Number.POSITIVE_INFINITY;
    this.#behind = options.behind ?? new Uint8Array(0);
    this.isCut = options.isCut;
    this.unread = options.unread ?? 0;
    this.isJoined = options.isJoined ?? false;
    this.isEncrypted = options.isEncrypted ?? false;
    this.edits = options.edits ?? new Map();
    this.shownSizes = options.shownSizes ?? new Map();
    this.soundEdits = options.soundEdits ?? new Map();
    this.described = options.described ?? new Map();
    if (options.fragments) this.fragments = options.fragments;
  }

  async size(): Promise<number> {
    return (await this.#ownSize()) + this.#behind.length;
  }

  async #ownSize(): Promise<number> {
    return Math.min(this.#end, await this.#bytes.size());
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#behind.length === 0) return this.#readOwn(start, end);
    const size = await this.#ownSize();
    const all = new Uint8Array(end - start);
    if (start < size) all.set(await this.#readOwn(start, Math.min(end, size)));
    if (end > size) {
      const from = Math.max(start, size);
      all.set(this.#behind.subarray(from - size, end - size), from - start);
    }
    return all;
  }

  async #readOwn(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const read = await this.#bytes.read(start, end);
    for (let i = this.#firstBehind(start - this.#longest); i < this.#patches.length; i++) {
      const { at, bytes } = this.#patches[i]!;
      if (at >= end) break;
      const from = Math.max(at, start);
      const to = Math.min(at + bytes.length, end);
      if (from < to) read.set(bytes.subarray(from - at, to - at), from - start);
    }
    return read;
  }

  /** The first patch that begins behind a place: a file of many fragments may have one for each. */
  #firstBehind(place: number): number {
    let low = 0;
    let high = this.#patches.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#patches[middle]!.at > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
