/**
 * Matroska and WebM files that were damaged or cut off, as their reader needs them. It takes a cluster whole or not at
 * all, and where it meets what is no element it looks for one without an end (mediabunny 1.61). So a cut cluster is made
 * to end with its last whole block, and what is no element is made one that says nothing. RFC 9559.
 */
import { type Element, endPatch, readElement, VOID, voidPatch } from './ebml.ts';
import { readTracks } from './matroska-tracks.ts';
import { type Patch, PatchedBytes } from './patched-bytes.ts';
import type { MendedBytes, VideoBytes } from './video-bytes.ts';

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const CUES = 0x1c53bb6b;
const CHECKSUM = 0xbf;
const TRACKS = 0x1654ae6b;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
/** The parts of a segment that have names of four bytes: section 5.1. */
const PARTS = [0x114d9b74, 0x1549a966, TRACKS, CUES, 0x1941a469, 0x1043a770, 0x1254c367, CLUSTER];
const IN_SEGMENT = new Set([...PARTS, VOID, CHECKSUM]);
/** What ends a cluster that does not say where it ends. */
const BEHIND_CLUSTER = new Set([...PARTS, EBML, SEGMENT]);
/** The parts of a cluster: blocks, its time and what else may stand there. */
const IN_CLUSTER = new Set([
  0xe7,
  SIMPLE_BLOCK,
  BLOCK_GROUP,
  0xab,
  0xa7,
  0xaf,
  0x5854,
  VOID,
  CHECKSUM,
]);
/** Cue points, the tracks of each, and where each track's cluster is. */
const IN_CUES = new Set([0xbb, 0xb7]);
const CLUSTER_POSITION = 0xf1;
/** Bytes read at once: blocks follow each other, so most files are read through. */
const BLOCK = 2 ** 20;
/** Blocks that must follow each other to be taken for some. */
const BLOCKS_IN_A_ROW = 3;
/** More than any header has. */
const HEADER = 16;

/** @param head the first bytes of the file */
export async function mendMatroska(bytes: VideoBytes, head: Uint8Array): Promise<MendedBytes> {
  const header = readElement(head, 0);
  const segment = header && readElement(head, header.end);
  if (segment?.id !== SEGMENT) return new PatchedBytes(bytes, [], { isCut: segment === undefined });
  const { end, isJoined } = await endOfSegment(bytes, segment);
  const walk = new SegmentWalk(bytes, segment, end);
  await walk.run();
  return new PatchedBytes(bytes, await walk.patches(), {
    isCut: walk.isCut,
    end: walk.end,
    unread: walk.unread,
    isJoined: isJoined || walk.isJoined,
    isEncrypted: walk.isEncrypted,
  });
}

/**
 * Where a segment ends: at its end or the file's, whichever comes first, but behind clusters that it does not count. And
 * whether another file begins there.
 */
async function endOfSegment(bytes: VideoBytes, { end }: Element) {
  const size = await bytes.size();
  if (end + HEADER > size) return { end: Math.min(end, size), isJoined: false };
  const next = readElement(await bytes.read(end, end + HEADER), 0);
  if (next?.id === CLUSTER) return { end: size, isJoined: false };
  return { end, isJoined: next?.id === EBML || next?.id === SEGMENT };
}

/** One look at everything that a segment begins with a header. */
class SegmentWalk {
  /** Where what can be read ends. */
  end: number;
  isCut = false;
  /** Places that nothing can be read from. */
  unread = 0;
  /** Whether another file begins behind the end. */
  isJoined = false;
  isEncrypted = false;
  readonly #tracks = new Set<number>();
  #hasTracks = false;
  readonly #bytes: VideoBytes;
  readonly #segment: Element;
  readonly #limit: number;
  readonly #clusters = new Set<number>();
  readonly #patches: (Patch | undefined)[] = [];
  #cues: Element | undefined;
  #block: Uint8Array = new Uint8Array(0);
  #blockAt = 0;

  constructor(bytes: VideoBytes, segment: Element, limit: number) {
    this.#bytes = bytes;
    this.#segment = segment;
    this.#limit = limit;
    this.end = limit;
  }

  async run(): Promise<void> {
    const limit = this.#limit;
    // A segment of unknown size was written live: it may have been ended anywhere.
    const isKnown = Number.isFinite(this.#segment.end);
    let isInCluster = true;
    for (let at = this.#segment.dataStart; at < limit; ) {
      const element = await this.#elementAt(at);
      if (element?.id === EBML || element?.id === SEGMENT) {
        this.end = at;
        this.isJoined = true;
        return;
      }
      if (!element || !IN_SEGMENT.has(element.id)) {
        const next = await this.#find(at + 1);
        if (next === undefined) {
          this.end = at;
          // Zeros are no part of anything: some recorders end their files so.
          this.isCut = isInCluster && (isKnown || (await this.#look(at, 1))[0] !== 0);
          break;
        }
        this.#skip(at, next);
        at = next;
        continue;
      }
      if (element.id === TRACKS && element.end <= limit) {
        const tracks = readTracks(await this.#bytes.read(element.dataStart, element.end));
        this.#hasTracks = true;
        for (const number of tracks.numbers) this.#tracks.add(number);
        for (const place of tracks.off)
          this.#patches.push({ at: element.dataStart + place, bytes: Uint8Array.of(1) });
        this.isEncrypted ||= tracks.isEncrypted;
      }
      isInCluster = element.id === CLUSTER;
      if (isInCluster) at = await this.#passCluster(element);
      else if (element.end > limit) break;
      else at = element.end;
      if (element.id === CUES) this.#cues = element;
    }
    // Behind the last cluster come an index, tags and the like: then the video itself is whole.
    if (isInCluster && this.#segment.end > limit && isKnown) this.isCut = true;
    if (!this.#hasTracks && this.#clusters.size === 0) this.isCut = true;
    if (isKnown && this.end < this.#segment.end) {
      this.#patches.push(endPatch(this.#segment, this.end));
    }
  }

  /** What is to stand in the place of what cannot be read. */
  async patches(): Promise<Patch[]> {
    const cues = this.#cues;
    if (cues && !(await this.#pointsToClusters(cues))) {
      this.#patches.push(voidPatch(cues.start, cues.end));
    }
    return this.#patches.filter((patch) => patch !== undefined);
  }

  /** @returns where the next element is to be */
  async #passCluster(cluster: Element): Promise<number> {
    this.#clusters.add(cluster.start);
    const stated = cluster.end;
    const next = stated < this.#limit ? await this.#elementAt(stated) : undefined;
    const isRight = stated === this.#limit || (next !== undefined && IN_SEGMENT.has(next.id));
    const at = await this.#passBlocks(cluster.dataStart, isRight ? stated : this.#limit, isRight);
    if (!isRight && Number.isFinite(stated)) this.#patches.push(endPatch(cluster, at));
    return at;
  }

  /**
   * Walks through a cluster. What is no block is passed over, up to the next one.
   * @param isEnd whether the cluster ends at `end`; else it ends where something else begins
   * @returns where it ends
   */
  async #passBlocks(from: number, end: number, isEnd: boolean): Promise<number> {
    let at = from;
    while (at < end) {
      const part = await this.#elementAt(at);
      if (part && IN_CLUSTER.has(part.id) && part.end <= end) {
        if (!(await this.#isOfTrack(part))) this.unread++;
        at = part.end;
        continue;
      }
      if (!isEnd && part && BEHIND_CLUSTER.has(part.id) && (await this.#isBehind(part))) return at;
      const next = await this.#findBlock(at + 1, end, isEnd);
      if (next === undefined && !isEnd) return at;
      this.#skip(at, next ?? end);
      at = next ?? end;
    }
    return at;
  }

  /** Passes over bytes that are nothing that can be read. */
  #skip(from: number, to: number): void {
    this.unread++;
    this.#patches.push(voidPatch(from, to));
  }

  /** The next block of a cluster, from a place on; none where something else comes first. */
  async #findBlock(from: number, end: number, isEnd: boolean): Promise<number | undefined> {
    for (let at = from; at + 4 < end; ) {
      const block = await this.#look(at, HEADER);
      const searched = Math.min(Math.max(1, block.length - HEADER), end - at);
      for (let i = 0; i < searched; i++) {
        const first = block[i]!;
        if (first === SIMPLE_BLOCK || first === BLOCK_GROUP) {
          if (await this.#isBlock(at + i, end)) return at + i;
        } else if (!isEnd && first >> 4 === 1) {
          const element = readElement(block, i, at);
          if (element && (await this.#isPart(element))) return undefined;
        }
      }
      at += searched;
    }
    return undefined;
  }

  /** Whether blocks follow each other from a place on: two bytes alone may be anything. */
  async #isBlock(from: number, end: number): Promise<boolean> {
    let at = from;
    for (let i = 0; i < BLOCKS_IN_A_ROW && at < end; i++) {
      const part = await this.#elementAt(at);
      if (!part || part.end > end) return false;
      if (i > 0 && BEHIND_CLUSTER.has(part.id)) return true;
      if (!IN_CLUSTER.has(part.id) || !(await this.#isOfTrack(part))) return false;
      at = part.end;
    }
    return true;
  }

  /** Whether a block is of a track that the file has. What is no block is of all. */
  async #isOfTrack({ id, dataStart }: Element): Promise<boolean> {
    if (id !== SIMPLE_BLOCK || this.#tracks.size === 0) return true;
    const [number = 0] = await this.#look(dataStart, 1);
    return (number & 0x80) === 0 || this.#tracks.has(number & 0x7f);
  }

  /** Whether an element that may stand behind a cluster is one, and nothing of a block that looks like it. */
  async #isBehind(element: Element): Promise<boolean> {
    return element.id === EBML || element.id === SEGMENT || (await this.#isPart(element));
  }

  /** The next part of the segment from a place on. */
  async #find(from: number): Promise<number | undefined> {
    for (let at = from; at + 4 < this.#limit; ) {
      const block = await this.#look(at, HEADER);
      const searched = Math.max(1, block.length - HEADER);
      for (let i = 0; i < searched; i++) {
        const element = block[i]! >> 4 === 1 ? readElement(block, i, at) : undefined;
        if (element && (await this.#isPart(element))) return at + i;
      }
      at += searched;
    }
    return undefined;
  }

  async #isPart(element: Element): Promise<boolean> {
    if (!PARTS.includes(element.id)) return false;
    if (element.id !== CLUSTER) return element.end <= this.#limit;
    const first = await this.#elementAt(element.dataStart);
    return first !== undefined && IN_CLUSTER.has(first.id);
  }

  /** Whether an index names clusters alone: a search from anywhere else goes astray. */
  async #pointsToClusters({ dataStart, end }: Element): Promise<boolean> {
    const content = await this.#bytes.read(dataStart, end);
    for (let at = 0; at < content.length; ) {
      const element = readElement(content, at);
      if (!element || element.end > content.length) return false;
      if (element.id === CLUSTER_POSITION) {
        const number = content.subarray(element.dataStart, element.end);
        const position = number.reduce((sum, byte) => sum * 256 + byte, 0);
        if (!this.#clusters.has(this.#segment.dataStart + position)) return false;
      }
      at = IN_CUES.has(element.id) ? element.dataStart : element.end;
    }
    return true;
  }

  async #elementAt(at: number): Promise<Element | undefined> {
    if (at >= this.#limit) return undefined;
    return readElement(await this.#look(at, HEADER), 0, at);
  }

  /** Bytes from a place on: so many at least, where the segment has them. */
  async #look(at: number, wanted: number): Promise<Uint8Array> {
    const end = Math.min(at + wanted, this.#limit);
    if (at < this.#blockAt || end > this.#blockAt + this.#block.length) {
      this.#block = await this.#bytes.read(at, Math.min(at + BLOCK, this.#limit));
      this.#blockAt = at;
    }
    return this.#block.subarray(at - this.#blockAt);
  }
}
