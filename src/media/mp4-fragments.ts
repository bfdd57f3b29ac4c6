/**
 * Fragments of MP4 files, each with a table of its own: their reader takes what a table says, be it samples by the billion,
 * and passes over those that it cannot read. ISO/IEC 14496-12, sections 8.8.3 (trex), 8.8.7 (tfhd), 8.8.8 (trun) and 8.8.12 (tfdt).
 */
import { allBoxesIn, type Box, bigEndian, boxesIn } from './mp4-boxes.ts';
import { FragmentTimes, type TrackFragment } from './mp4-fragment-times.ts';
import { FREE } from './mp4-tables.ts';
import type { Patch } from './patched-bytes.ts';
import { inBlocks, inMemory, type VideoBytes, viewOf } from './video-bytes.ts';

/** Boxes looked at outside of the index at most: two a fragment, which may last a second, or one a sample of a long one. */
const MAX_BOXES = 50_000;
/** A larger table of a fragment is a damaged one, in bytes. */
const MAX_TABLE = 2 ** 24;
/** Bytes read at once: a fragment may hold a single picture, and its table is small. */
const BLOCK = 2 ** 15;
/** Bytes of media that tables need not speak of: some writers fill up. */
const PADDING = 64;
/** What a run of samples may say of each: flags of its duration, size, flags and composition time offset. */
const COLUMNS = [0x100, 0x200, 0x400, 0x800];
/** The version of a run whose composition time offsets may be negative. */
const SIGNED = Uint8Array.of(1);

/** What was found behind a movie's index. */
export interface Fragments {
  /** Whether they end in the middle of one, or in something else. */
  readonly isCut: boolean;
  /** Fragments whose tables do not speak of their media, so that frames of theirs are not read. */
  readonly unread: number;
  /** Whether there are any. */
  readonly isAny: boolean;
  /** Versions and counts to stand in the place of wrong ones, and what hides tables that are too large. */
  readonly patches: readonly Patch[];
  /** An index of them to stand behind the file; absent where they tell their times, or it has one. */
  readonly index?: Uint8Array;
}

/** What a movie says of all samples of a track. */
interface Defaults {
  readonly size: number;
  readonly ticks: number;
}

/** What a table says. */
interface Told {
  /** Bytes of its samples, of all tracks. */
  bytes: number;
  /**
   * Of runs of samples, by their places in it: another version where that says that none is shown before it is decoded, and
   * some are; and counts in the place of absurd ones.
   */
  readonly patches: Patch[];
  readonly tracks: TrackFragment[];
}

/** Bytes of the file that no run has spoken for yet, of those that say one size for all their samples. */
interface Unclaimed {
  bytes: number;
}

/**
 * Looks through a movie's fragments.
 * @param movie the index
 * @param start where fragments may begin in the file, and whether the index itself speaks of samples
 */
export async function lookAtFragments(
  file: VideoBytes,
  movie: VideoBytes,
  { from, hasSamples }: { readonly from: number; readonly hasSamples: boolean },
): Promise<Fragments> {
  const bytes = inBlocks(file, BLOCK);
  const size = await bytes.size();
  const defaults = await defaultsOf(movie);
  const times = new FragmentTimes();
  let hasIndex = false;
  let at = from;
  let boxes = 0;
  let isAny = false;
  let unread = 0;
  const patches: Patch[] = [];
  const unclaimed: Unclaimed = { bytes: size };
  // Of the last table: the bytes that it speaks of, and those that are there.
  let told: number | undefined;
  let there = 0;
  const settle = () => {
    // Media before the first fragment may be the index's own.
    if (told === undefined && hasSamples) return;
    if (Math.abs((told ?? 0) - there) > PADDING) unread++;
  };
  for await (const { name, start, contentStart, end } of boxesIn(bytes, from, size, MAX_BOXES)) {
    at = end;
    boxes++;
    if (name === 'moof') {
      settle();
      isAny = true;
      there = 0;
      const isReadable = end <= size && end - contentStart <= MAX_TABLE;
      const table = isReadable
        ? await readTable(inMemory(await bytes.read(contentStart, end)), { defaults, unclaimed })
        : undefined;
      told = table?.bytes ?? 0;
      if (!table && end <= size) patches.push({ at: start + 4, bytes: FREE });
      for (const patch of table?.patches ?? [])
        patches.push({ ...patch, at: contentStart + patch.at });
      for (const track of table?.tracks ?? []) times.add(start, track);
    } else if (name === 'mdat' && end <= size) there += end - contentStart;
    // What is cut off is told as that.
    else if (name === 'mdat') told = there;
    hasIndex ||= name === 'mfra';
  }
  settle();
  const isCut = boxes < MAX_BOXES && (at > size || at + 8 <= size);
  // Of samples that the index of the movie has, fragments go on with the times.
  const index = hasIndex || hasSamples ? undefined : times.index();
  return { isCut, unread, isAny, patches, ...(index && { index }) };
}

/** The boxes of a table. Only the last box of a file may have a length of 0, so nothing is in one here. */
async function* boxesOf(table: VideoBytes, from: number, to: number): AsyncGenerator<Box> {
  const end = Math.min(to, await table.size());
  for await (const box of allBoxesIn(table, from, end, MAX_BOXES)) {
    if ((await viewOf(table, box.start, box.start + 4)).getUint32(0) !== 0) yield box;
  }
}

async function readTable(
  table: VideoBytes,
  { defaults, unclaimed }: { defaults: ReadonlyMap<number, Defaults>; unclaimed: Unclaimed },
): Promise<Told> {
  const told: Told = { bytes: 0, patches: [], tracks: [] };
  for await (const traf of boxesOf(table, 0, await table.size())) {
    if (traf.name !== 'traf') continue;
    let head: TrackHead | undefined;
    let start: number | undefined;
    let ticks = 0;
    for await (const { name, contentStart, end } of boxesOf(table, traf.contentStart, traf.end)) {
      const content = await viewOf(table, contentStart, end);
      if (name === 'tfhd') head = headOf(content, defaults);
      if (name === 'tfdt') start = decodedFrom(content);
      if (name !== 'trun' || head === undefined) continue;
      told.bytes += sumOf(content, 0x200, head.size);
      if (isMisnamed(content)) told.patches.push({ at: contentStart, bytes: SIGNED });
      const most = mostSamples(content, head.size, unclaimed);
      ticks += sumOf(content, 0x100, head.ticks, most);
      if (content.byteLength >= 8 && content.getUint32(4) > most)
        told.patches.push({ at: contentStart + 4, bytes: bigEndian(most) });
    }
    if (head) told.tracks.push({ track: head.track, start, ticks });
  }
  return told;
}

/** Of which track a fragment is, and what is said of its samples where their run does not; 0 where nothing is. */
interface TrackHead extends Defaults {
  readonly track: number;
}

function headOf(tfhd: DataView, defaults: ReadonlyMap<number, Defaults>): TrackHead {
  if (tfhd.byteLength < 8) return { track: 0, size: 0, ticks: 0 };
  const flags = tfhd.getUint32(0);
  const track = tfhd.getUint32(4);
  const { size, ticks } = defaults.get(track) ?? { size: 0, ticks: 0 };
  const ticksAt = 8 + ((flags & 1) !== 0 ? 8 : 0) + ((flags & 2) !== 0 ? 4 : 0);
  const sizeAt = ticksAt + ((flags & 8) !== 0 ? 4 : 0);
  const stated = (at: number) => (at + 4 <= tfhd.byteLength ? tfhd.getUint32(at) : 0);
  return {
    track,
    ticks: (flags & 8) !== 0 ? stated(ticksAt) : ticks,
    size: (flags & 0x10) !== 0 ? stated(sizeAt) : size,
  };
}

function decodedFrom(tfdt: DataView): number | undefined {
  const isLong = tfdt.byteLength >= 12 && tfdt.getUint8(0) === 1;
  if (isLong) return Number(tfdt.getBigUint64(4));
  return tfdt.byteLength >= 8 ? tfdt.getUint32(4) : undefined;
}

/** What the samples of a run have together. @param each of one, where the run does not say it */
function sumOf(
  trun: DataView,
  column: number,
  each: number,
  most = Number.POSITIVE_INFINITY,
): number {
  if (trun.byteLength < 8) return 0;
  if ((trun.getUint32(0) & column) === 0) return Math.min(most, trun.getUint32(4)) * each;
  let sum = 0;
  for (const stated of columnOf(trun, column)) sum += stated;
  return sum;
}

/** As many samples as a run can have: each has its place in the table where that tells anything of it, and in the file. */
function mostSamples(trun: DataView, size: number, unclaimed: Unclaimed): number {
  if (trun.byteLength < 8) return 0;
  const { first, present } = layoutOf(trun);
  const stated = trun.getUint32(4);
  const rows =
    present.length === 0
      ? stated
      : Math.min(stated, Math.max(0, Math.floor((trun.byteLength - first) / (4 * present.length))));
  if (present.includes(0x200) || (size === 0 && present.length > 0)) return rows;
  const most = size === 0 ? 0 : Math.min(rows, Math.floor(unclaimed.bytes / size));
  unclaimed.bytes -= most * size;
  return most;
}

/** Where a run's samples begin, and what is said of each. */
function layoutOf(trun: DataView): { first: number; present: readonly number[] } {
  const flags = trun.getUint32(0);
  const present = COLUMNS.filter((column) => (flags & column) !== 0);
  return { first: 8 + ((flags & 1) !== 0 ? 4 : 0) + ((flags & 4) !== 0 ? 4 : 0), present };
}

/** Whether samples are shown before they are decoded in a run of version 0, which has no negative numbers. */
function isMisnamed(trun: DataView): boolean {
  if (trun.byteLength < 8 || trun.getUint8(0) !== 0 || (trun.getUint32(0) & 0x800) === 0) {
    return false;
  }
  for (const offset of columnOf(trun, 0x800)) if (offset >= 2 ** 31) return true;
  return false;
}

/** What a run says of each sample, of one kind. @param flag the kind's, which the run has */
function* columnOf(trun: DataView, flag: number): Generator<number> {
  const { first, present } = layoutOf(trun);
  let at = first + 4 * present.indexOf(flag);
  for (let i = trun.getUint32(4); i > 0 && at + 4 <= trun.byteLength; i--) {
    yield trun.getUint32(at);
    at += 4 * present.length;
  }
}

/** What the movie says of all samples, by track. */
async function defaultsOf(movie: VideoBytes): Promise<Map<number, Defaults>> {
  const defaults = new Map<number, Defaults>();
  for await (const mvex of boxesIn(movie, 0, await movie.size())) {
    if (mvex.name !== 'mvex') continue;
    for await (const { name, contentStart, end } of boxesIn(movie, mvex.contentStart, mvex.end)) {
      const content = name === 'trex' ? await viewOf(movie, contentStart, end) : undefined;
      if (!content || content.byteLength < 20) continue;
      const [track, ticks, size] = [4, 12, 16].map((at) => content.getUint32(at));
      defaults.set(track!, { ticks: ticks!, size: size! });
    }
  }
  return defaults;
}
