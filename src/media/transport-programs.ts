/**
 * The programs that a transport stream announces. Its reader takes the first table that it meets, passes over the pictures before that
 * one, and refuses recordings of a whole channel, which name several programs or those that were left out of it (mediabunny 1.61). So
 * it is given one table, before all else: that of the first program with pictures. ISO/IEC 13818-1, sections 2.4.4.3 and 2.4.4.8.
 */
import { hasStartCode, PACKET, SYNC } from './transport-packet.ts';

/** Stream types of video that is read: table 2-34. */
export const AVC_TYPE = 0x1b;
/** HEVC's. */
export const HEVC_TYPE = 0x24;
const VIDEO_TYPES = new Set([AVC_TYPE, HEVC_TYPE]);
const PROGRAM_ASSOCIATION = 0;
const PROGRAM_MAP = 2;
/** Bytes of a map before what it says of its program, and of an entry before what it says of its stream. */
const MAP_HEAD = 12;
const ENTRY_HEAD = 5;
/** Bytes of a section that are its checksum, and of a packet before a section. */
const CHECKSUM = 4;
const BEFORE_SECTION = 5;
/** Where the table is put of a stream that has none: a packet identifier that is nobody else's. */
const MADE_MAP = 0x1ffe;

/** A stream of a program's map. */
interface MapEntry {
  readonly pid: number;
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** What a map says of its program, and its streams. */
interface ProgramMap {
  readonly head: Uint8Array;
  readonly entries: readonly MapEntry[];
}

/** The tables of a transport stream. */
export class TransportPrograms {
  /** Where the map of each program is found, as it is told first: PIDs. */
  #order: readonly number[] = [];
  /** Those of each place that differ, by what they name: several programs may have theirs in one place, in turns. */
  readonly #maps = new Map<number, Map<string, ProgramMap>>();
  /** Stream types of video. */
  readonly #types = new Map<number, number>();

  /** @param payload of a packet in which something begins */
  read(pid: number, payload: Uint8Array): void {
    if (pid === 0) {
      if (this.#order.length === 0) this.#order = placesOf(sectionOf(payload));
      return;
    }
    const section = hasStartCode(payload) ? new Uint8Array(0) : sectionOf(payload);
    // Its third bit is 0 in every section of MPEG's own.
    if (section[0] !== PROGRAM_MAP || section[1]! >> 6 !== 2 || section.length < MAP_HEAD) return;
    const map = mapOf(section);
    for (const { pid: stream, type } of map.entries) {
      if (VIDEO_TYPES.has(type)) this.#types.set(stream, type);
    }
    const known = this.#maps.get(pid) ?? new Map<string, ProgramMap>();
    this.#maps.set(pid, known);
    const named = map.entries.map(idOf).join();
    if (!known.has(named)) known.set(named, map);
  }

  /** The stream type of a stream of video, where a map tells it. */
  typeOf(pid: number): number | undefined {
    return this.#types.get(pid);
  }

  /**
   * A packet with the map of the first program that has pictures, or of the pictures alone where no map tells of any.
   * @param videos stream types by the streams of pictures, as their pictures are; the one with most pictures first
   * @returns undefined without pictures that can be read
   */
  table(videos: ReadonlyMap<number, number>): Uint8Array | undefined {
    const places = new Set([...this.#order, ...this.#maps.keys()]);
    for (const place of places) {
      const maps = [...(this.#maps.get(place)?.values() ?? [])];
      const map = maps.find(({ entries }) => entries.some(({ pid }) => videos.has(pid)));
      if (map) return packetOf(place, map, videos);
    }
    const [first] = videos;
    return (
      first && packetOf(MADE_MAP, { head: madeHead(first[0]), entries: [madeEntry(first)] }, videos)
    );
  }
}

function idOf({ pid, type }: MapEntry): string {
  return `${pid}:${type}`;
}

/** The section that begins in a payload, as far as it lies there, without its checksum: section 2.4.4.2. */
function sectionOf(payload: Uint8Array): Uint8Array {
  const start = 1 + (payload[0] ?? 0);
  const length = lengthAt(payload, start + 1);
  return payload.subarray(start, start + 3 + Math.max(0, length - CHECKSUM));
}

/** The lower 12 bits of two bytes. */
function lengthAt(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) & 0x0f) << 8) | (bytes[at + 1] ?? 0);
}

/** The lower 13 bits of two bytes. */
function pidAt(section: Uint8Array, at: number): number {
  return ((section[at]! & 0x1f) << 8) | section[at + 1]!;
}

function placesOf(section: Uint8Array): number[] {
  const places = new Set<number>();
  if (section[0] !== PROGRAM_ASSOCIATION) return [];
  for (let at = 8; at + 4 <= section.length; at += 4) {
    const program = section[at]! * 256 + section[at + 1]!;
    // Program 0 is the network's own table.
    if (program !== 0) places.add(pidAt(section, at + 2));
  }
  return [...places];
}

function mapOf(section: Uint8Array): ProgramMap {
  const first = MAP_HEAD + lengthAt(section, MAP_HEAD - 2);
  const entries: MapEntry[] = [];
  for (let at = first; at + ENTRY_HEAD <= section.length; ) {
    const end = at + ENTRY_HEAD + lengthAt(section, at + 3);
    // What goes on in another packet is not read.
    if (end > section.length) break;
    const bytes = section.slice(at, end);
    entries.push({ pid: pidAt(section, at + 1), type: section[at]!, bytes });
    at = end;
  }
  return { head: section.slice(0, first), entries };
}

function madeHead(clock: number): Uint8Array {
  return Uint8Array.of(
    PROGRAM_MAP,
    0xb0,
    0,
    0,
    1,
    0xc1,
    0,
    0,
    0xe0 | (clock >> 8),
    clock & 255,
    0xf0,
    0,
  );
}

function madeEntry([pid, type]: readonly [number, number]): MapEntry {
  return { pid, type, bytes: Uint8Array.of(type, 0xe0 | (pid >> 8), pid & 255, 0xf0, 0) };
}

/** A map in a packet of its own: its pictures first, then as many streams as find room. Its reader looks at no checksum. */
function packetOf(
  place: number,
  { head, entries }: ProgramMap,
  videos: ReadonlyMap<number, number>,
) {
  const packet = new Uint8Array(PACKET).fill(0xff);
  const section: number[] = [];
  const rank = ({ pid }: MapEntry) => (videos.has(pid) ? 0 : 1);
  for (const bytes of [head, ...entries.toSorted((a, b) => rank(a) - rank(b)).map(typed)]) {
    if (BEFORE_SECTION + section.length + bytes.length + CHECKSUM <= PACKET) section.push(...bytes);
  }
  const length = section.length - 3 + CHECKSUM;
  section[1] = 0xb0;
  section[2] = length;
  packet.set([SYNC, 0x40 | (place >> 8), place & 255, 0x10, 0, ...section]);
  return packet;

  function typed({ pid, bytes }: MapEntry): Uint8Array {
    const type = videos.get(pid);
    return type === undefined ? bytes : Uint8Array.of(type, ...bytes.subarray(1));
  }
}
