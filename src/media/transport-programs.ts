/**
 * The programs that a transport stream announces. A recording of a whole channel of television names several, or names those that
 * were left out of it, which its reader refuses (mediabunny 1.61). ISO/IEC 13818-1, sections 2.4.4.3 and 2.4.4.8.
 */

/** HEVC's stream type. */
export const HEVC_TYPE = 0x24;
/** Stream types of video that is read: H.264 and HEVC, table 2-34. */
const VIDEO_TYPES = new Set([0x1b, HEVC_TYPE]);
const PROGRAM_ASSOCIATION = 0;
const PROGRAM_MAP = 2;
/** Bytes of a section that are its checksum. */
const CHECKSUM = 4;

/** A map of a program, as it is told from a packet on. */
interface ProgramMap {
  readonly packet: number;
  /** Streams of video: PIDs. */
  readonly videos: readonly number[];
}

/** The tables of a transport stream. */
export class TransportPrograms {
  /** Where the map of each program is found, as it is told first: PIDs. */
  #maps: readonly number[] = [];
  /** Everywhere that maps are found. */
  readonly #allMaps = new Set<number>();
  /** Those of each place, each with what the one before did not say. */
  readonly #versions = new Map<number, ProgramMap[]>();
  /** Stream types of video. */
  readonly #types = new Map<number, number>();

  /** @param payload of a packet in which something begins @param packet its ordinal */
  read(pid: number, payload: Uint8Array, packet: number): void {
    if (pid === 0) {
      const maps = mapsOf(sectionOf(payload));
      if (this.#maps.length === 0) this.#maps = maps;
      for (const map of maps) this.#allMaps.add(map);
    } else if (this.#allMaps.has(pid)) {
      const section = sectionOf(payload);
      if (section[0] !== PROGRAM_MAP) return;
      const videos = videosOf(section);
      for (const { pid: video, type } of videos) this.#types.set(video, type);
      const versions = this.#versions.get(pid) ?? [];
      this.#versions.set(pid, versions);
      const pids = videos.map((video) => video.pid);
      if (versions.at(-1)?.videos.join() !== pids.join()) versions.push({ packet, videos: pids });
    }
  }

  /** The stream type of a stream of video, where a map tells it. */
  typeOf(pid: number): number | undefined {
    return this.#types.get(pid);
  }

  /**
   * Where a map is kept from a reader that takes the first one of its place, as that names no stream of pictures yet: the
   * packet from which on it does, by the place.
   */
  lateMaps(hasPictures: (pid: number) => boolean): Map<number, number> {
    const late = new Map<number, number>();
    for (const [pid, versions] of this.#versions) {
      const telling = versions.findIndex(({ videos }) => videos.some(hasPictures));
      if (telling > 0) late.set(pid, versions[telling]!.packet);
    }
    return late;
  }

  /**
   * Streams of tables to be kept from a reader that wants a single program: it then finds the map of the first one that has
   * pictures.
   * @param hasPictures whether there are any in a stream
   */
  hidden(hasPictures: (pid: number) => boolean): Set<number> {
    const shown = this.#maps.find((map) =>
      this.#versions.get(map)?.some(({ videos }) => videos.some(hasPictures)),
    );
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

function videosOf(section: Uint8Array): { pid: number; type: number }[] {
  const videos: { pid: number; type: number }[] = [];
  const lengthAt = (at: number) => ((section[at]! & 0x0f) << 8) | section[at + 1]!;
  for (let at = 12 + lengthAt(10); at + 5 <= section.length; at += 5 + lengthAt(at + 3)) {
    const type = section[at]!;
    if (VIDEO_TYPES.has(type)) videos.push({ pid: pidAt(section, at + 1), type });
  }
  return videos;
}

function pidAt(section: Uint8Array, at: number): number {
  return ((section[at]! & 0x1f) << 8) | section[at + 1]!;
}
