import type { Edit, MendedBytes, VideoBytes } from './video-bytes.ts';

/** Bytes that stand in the place of those of the file. */
export interface Patch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A file with some bytes replaced, and perhaps without its end. Nothing is copied until it is read. */
export class PatchedBytes implements MendedBytes {
  readonly isCut: boolean;
  readonly unread: number;
  readonly isJoined: boolean;
  readonly edits: ReadonlyMap<number, readonly Edit[]>;
  readonly fragments?: VideoBytes;
  readonly #bytes: VideoBytes;
  readonly #patches: readonly Patch[];
  readonly #end: number;

  /** @param options `end`: where it ends now, default where the file does */
  constructor(
    bytes: VideoBytes,
    patches: readonly Patch[],
    options: {
      readonly isCut: boolean;
      readonly end?: number;
      readonly unread?: number;
      readonly isJoined?: boolean;
      readonly edits?: ReadonlyMap<number, readonly Edit[]>;
      readonly fragments?: VideoBytes;
    },
  ) {
    this.#bytes = bytes;
    this.#patches = patches;
    this.#end = options.end ?? Number.POSITIVE_INFINITY;
    this.isCut = options.isCut;
    this.unread = options.unread ?? 0;
    this.isJoined = options.isJoined ?? false;
    this.edits = options.edits ?? new Map();
    if (options.fragments) this.fragments = options.fragments;
  }

  async size(): Promise<number> {
    return Math.min(this.#end, await this.#bytes.size());
  }

  async read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const read = await this.#bytes.read(start, end);
    for (const { at, bytes } of this.#patches) {
      const from = Math.max(at, start);
      const to = Math.min(at + bytes.length, end);
      if (from < to) read.set(bytes.subarray(from - at, to - at), from - start);
    }
    return read;
  }
}
