/**
 * Edit lists of MP4 and MOV: which parts of a track are shown, and when. Their reader knows the first part's beginning
 * alone, so the lists of video are hidden from it and applied here; of sound only the end is wanted. ISO/IEC 14496-12, section 8.6.6.
 */
import type { FrameSize } from '../engine/common-frame.ts';
import { allBoxesIn, boxesIn, isVideoHandler } from './mp4-boxes.ts';
import { readDescriptions, shownSize } from './mp4-descriptions.ts';
import { type Fragments, lookAtFragments } from './mp4-fragments.ts';
import { checkTables, FREE } from './mp4-tables.ts';
import { type Patch, PatchedBytes } from './patched-bytes.ts';
import {
  type DescribedRun,
  type Edit,
  inBlocks,
  inMemory,
  type MendedBytes,
  type VideoBytes,
} from './video-bytes.ts';

/** Ends and beginnings this close are the same, in seconds: movies count milliseconds, tracks more finely. */
const SAME_PLACE = 5e-4;
const NO_FRAGMENTS: Fragments = { isCut: false, unread: 0, isAny: false, patches: [] };
/** A larger index is a damaged one, in bytes: that of ten hours has 30 MB. */
const MAX_INDEX = 2 ** 28;
/** Boxes before the index at most, and bytes read at once of them. */
const MAX_BEFORE = 5000;
const BLOCK = 2 ** 12;

/** Takes over the edit lists of an MP4 file's video tracks, cuts absurd counts, and looks whether fragments break off or follow on samples of the index, or another file behind the whole. @throws Failure `object-unreadable` @throws RangeError where there are more boxes than make sense */
export async function mendMp4(bytes: VideoBytes): Promise<MendedBytes> {
  const size = await bytes.size();
  const edits = new Map<number, readonly Edit[]>();
  const soundEdits = new Map<number, readonly Edit[]>();
  const described = new Map<number, readonly DescribedRun[]>();
  const shownSizes = new Map<number, FrameSize>();
  const patches: Patch[] = [];
  const rows = allBoxesIn(inBlocks(bytes, BLOCK), 0, size, MAX_BEFORE);
  for await (const { name, contentStart, end } of rows) {
    // Of fragments without an index before them nothing can be read.
    if (name === 'moof') break;
    if (name !== 'moov' || end > size || end - contentStart > MAX_INDEX) continue;
    const length = end - contentStart;
    const movie = inMemory(await bytes.read(contentStart, end));
    const tables = await checkTables(movie, size);
    const inFile = (patch: Patch) => ({ ...patch, at: contentStart + patch.at });
    patches.push(...tables.patches.map(inFile));
    let ticksPerSecond = 0;
    let isFragmented = false;
    const lists = new Map<number, number>();
    for await (const box of allBoxesIn(movie, 0, length)) {
      if (box.name === 'mvhd') {
        ticksPerSecond = await timeScale(movie, box.contentStart);
        const at = contentStart + box.contentStart + (await scaleAt(movie, box.contentStart));
        // Its reader would divide by it.
        if (ticksPerSecond === 0) patches.push({ at, bytes: Uint8Array.of(0, 0, 0, 1) });
      }
      isFragmented ||= box.name === 'mvex';
      const track =
        box.name === 'trak'
          ? await readTrack(movie, box.contentStart, Math.min(box.end, length))
          : {};
      const { id, edts, elst } = track;
      if (track.isVideo && id !== undefined) {
        const inTrack = Math.min(box.end, length);
        const found = await readDescriptions(movie, box.contentStart, inTrack);
        const { patches: mended, runs, pictures } = found;
        patches.push(...mended.map(inFile));
        if (runs.length > 0) described.set(id, runs);
        const shown = await shownSize(movie, box.contentStart, inTrack, pictures);
        if (shown) shownSizes.set(id, shown);
      }
      if (id === undefined || edts === undefined || !elst) continue;
      const list = readEdits(elst, ticksPerSecond, track.ticksPerSecond ?? 0);
      if (!list) continue;
      (track.isVideo ? edits : soundEdits).set(id, list);
      if (track.isVideo) lists.set(id, contentStart + edts + 4);
    }
    for (const [id, at] of lists) {
      // Where a track begins, its reader finds itself; and fragments may come in any order, and twice.
      if (isFragmented && isBeginning(edits.get(id)!)) edits.delete(id);
      else patches.push({ at, bytes: FREE });
    }
    const fragments = isFragmented
      ? await lookAtFragments(bytes, movie, { from: end, hasSamples: tables.hasSamples })
      : NO_FRAGMENTS;
    patches.push(...fragments.patches);
    const unread = tables.disagreeing + fragments.unread;
    const isJoined = !isFragmented && (await isAnotherBehind(bytes, end));
    const { isCut } = fragments;
    const found = { isCut, unread, edits, soundEdits, described, shownSizes, isJoined };
    const isHybrid = fragments.isAny && tables.hiding.length > 0;
    const alone = [...patches, ...tables.hiding.map(inFile)];
    return new PatchedBytes(bytes, patches, {
      ...found,
      behind: fragments.index,
      ...(isHybrid && { fragments: new PatchedBytes(bytes, alone, found) }),
    });
  }
  return new PatchedBytes(bytes, [], { isCut: false });
}

/** Whether another file begins behind a movie's index, with its brands: an index alone may be one that was left behind. */
async function isAnotherBehind(bytes: VideoBytes, from: number): Promise<boolean> {
  let isBegun = false;
  for await (const { name } of boxesIn(bytes, from, await bytes.size())) {
    if (isBegun && name === 'moov') return true;
    isBegun ||= name === 'ftyp';
  }
  return false;
}

/** What is wanted of a track, as far as it has it. */
interface TrackBoxes {
  id?: number;
  isVideo?: boolean;
  ticksPerSecond?: number;
  /** Where the edit box begins. */
  edts?: number;
  elst?: Uint8Array;
}

async function readTrack(movie: VideoBytes, from: number, to: number): Promise<TrackBoxes> {
  const track: TrackBoxes = {};
  for await (const { name, start, contentStart, end } of boxesIn(movie, from, to)) {
    const inner = Math.min(end, to);
    if (name === 'edts') track.edts = start;
    if (name === 'edts' || name === 'mdia') {
      const { edts, ...found } = await readTrack(movie, contentStart, inner);
      Object.assign(track, found);
    } else if (name === 'tkhd') {
      const header = await movie.read(contentStart, Math.min(contentStart + 24, inner));
      track.id = number32(header, header[0] === 1 ? 20 : 12);
    } else if (name === 'mdhd') {
      track.ticksPerSecond = await timeScale(movie, contentStart);
    } else if (name === 'hdlr') {
      track.isVideo = await isVideoHandler(movie, contentStart, inner);
    } else if (name === 'elst') {
      track.elst = await movie.read(contentStart, inner);
    }
  }
  return track;
}

/** Ticks a second of a movie's or a track's header. */
async function timeScale(movie: VideoBytes, at: number): Promise<number> {
  const header = await movie.read(at, Math.min(at + 24, await movie.size()));
  return number32(header, await scaleAt(movie, at));
}

/** Where they stand in it: its creation and change come before, in 4 or 8 bytes each. */
async function scaleAt(movie: VideoBytes, at: number): Promise<number> {
  const [version] = await movie.read(at, Math.min(at + 1, await movie.size()));
  return version === 1 ? 20 : 12;
}

function number32(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/**
 * An edit list's parts in the order in which they are shown; parts that go on where the last one ended are one.
 * @param elst the box's content
 * @returns undefined for a list that says nothing
 */
export function readEdits(
  elst: Uint8Array,
  movieTicksPerSecond: number,
  mediaTicksPerSecond: number,
): Edit[] | undefined {
  if (elst.length < 8 || movieTicksPerSecond <= 0 || mediaTicksPerSecond <= 0) return undefined;
  const view = new DataView(elst.buffer, elst.byteOffset, elst.byteLength);
  const isLong = elst[0] === 1;
  const entryBytes = isLong ? 20 : 12;
  const count = Math.min(view.getUint32(4), Math.floor((elst.length - 8) / entryBytes));
  const edits: Edit[] = [];
  let start = 0;
  for (let i = 0; i < count; i++) {
    const at = 8 + i * entryBytes;
    const ticks = isLong ? Number(view.getBigUint64(at)) : view.getUint32(at);
    const mediaTicks = isLong ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
    const rate = Math.max(
      0,
      view.getInt16(at + entryBytes - 4) + view.getUint16(at + entryBytes - 2) / 65_536,
    );
    // No length: to the end of the track. Fragmented movies, whose end nobody knows yet, are written so.
    const isOpen = ticks === 0 && i === count - 1;
    const end = isOpen ? Number.POSITIVE_INFINITY : start + ticks / movieTicksPerSecond;
    const mediaStart = mediaTicks / mediaTicksPerSecond;
    if (mediaTicks !== -1 && end > start) {
      const mediaEnd = rate === 0 ? mediaStart : mediaStart + (end - start) * rate;
      append(edits, { start, end, mediaStart, mediaEnd, rate });
    }
    start = end;
  }
  return count === 0 ? undefined : edits;
}

/** Whether a list says no more than where its track begins. */
function isBeginning(edits: readonly Edit[]): boolean {
  const [only, ...others] = edits;
  return only?.end === Number.POSITIVE_INFINITY && only.rate === 1 && others.length === 0;
}

function append(edits: Edit[], next: Edit): void {
  const last = edits.at(-1);
  const goesOn =
    last !== undefined &&
    last.rate === next.rate &&
    last.rate > 0 &&
    Math.abs(last.end - next.start) < SAME_PLACE &&
    Math.abs(last.mediaEnd - next.mediaStart) < SAME_PLACE;
  if (goesOn) edits[edits.length - 1] = { ...last, end: next.end, mediaEnd: next.mediaEnd };
  else edits.push(next);
}
