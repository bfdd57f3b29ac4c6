/**
 * The programs that a transport stream announces. A recording of a whole channel of television names several, or names those that
 * were left out of it, which its reader refuses (mediabunny 1.61). ISO/IEC 13818-1, sections 2.4.4.3 and 2.4.4.8.
 */

/** Stream types of video that is read: H.264 and HEVC, table 2-34. */
const VIDEO_TYPES = new Set([0x1b, 0x24]);
const PROGRAM_ASSOCIATION = 0;
const PROGRAM_MAP = 2;
/** Bytes of a section that are its checksum. */
const CHECKSUM = 4;

/** The tables of a transport stream, each as it is told first. */
export class TransportPrograms {
  /** Where the map of each program is found: PIDs. */
  #maps: readonly number[] = [];
  /** Streams of video by the map that names them. */
  readonly #videos = new Map<number, readonly number[]>();

  /** @param payload of a packet in which something begins */
  read(pid: number, payload: Uint8Array): void {
    if (pid === 0 && this.#maps.length === 0) this.#maps = mapsOf(sectionOf(payload));
    else if (this.#maps.includes(pid) && !this.#videos.has(pid)) {
      const section = sectionOf(payload);
      if (section[0] === PROGRAM_MAP) this.#videos.set(pid, videosOf(section));
    }
  }

  /**
   * Streams of tables to be kept from a reader that wants a single program: it then finds the map of the first one that has
   * pictures.
   * @param hasPictures whether there are any in a stream
   */
  hidden(hasPictures: (pid: number) => boolean): Set<number> {
    const shown = this.#maps.find((map) => this.#videos.get(map)?.some(hasPictures));
    if (this.#maps.length < 2 || shown === undefined) return new Set();
    return new Set([0, ...this.#maps.filter((map) => map !== shown)]);
  }
}

/** The section that begins in a payload, as far as it lies there, without its checksum: section 2.4.4.2. */
function sectionOf(payload: Uint8Array): Uint8Array {
  const start = 1 + (payload[0] ?? 0);
  const length = (((payload[start + 1] ?? 0) & 0x0f) << 8) | (payload[start + 2] ?? 0);
  return payload.subarray(start, start + 3 + Math.max(0, length - CHECKSUM));
}

function mapsOf(section: Uint8Array): number[] {
  const maps = new Set<number>();
  if (section[0] !== PROGRAM_ASSOCIATION) return [];
  for (let at = 8; at + 4 <= section.length; at += 4) {
    const program = section[at]! * 256 + section[at + 1]!;
    // Program 0 is the network's own table.
    if (program !== 0) maps.add(pidAt(section, at + 2));
  }
  return [...maps];
}

function videosOf(section: Uint8Array): number[] {
  const videos: number[] = [];
  const lengthAt = (at: number) => ((section[at]! & 0x0f) << 8) | section[at + 1]!;
  for (let at = 12 + lengthAt(10); at + 5 <= section.length; at += 5 + lengthAt(at + 3)) {
    if (VIDEO_TYPES.has(section[at]!)) videos.push(pidAt(section, at + 1));
  }
  return videos;
}

function pidAt(section: Uint8Array, at: number): number {
  return ((section[at]! & 0x1f) << 8) | section[at + 1]!;
}
