/**
 * Sample descriptions of MP4 and MOV: how a track's samples are coded. Their reader takes the last one for all samples, and the
 * size that is stated there for that of the pictures. ISO/IEC 14496-12, section 8.5.2, and 14496-15, section 5.4.2.
 */
import type { FrameSize } from '../engine/common-frame.ts';
import { type PictureSize, pictureSize } from './avc-parameters.ts';
import { bigEndian, boxesIn } from './mp4-boxes.ts';
import type { Patch } from './patched-bytes.ts';
import { type DescribedRun, type VideoBytes, viewOf } from './video-bytes.ts';

/** Bytes of a visual sample entry before the boxes in it, and where its size stands. */
const VISUAL_ENTRY = 78;
const SIZE_AT = 24;
/** Parts of one in which a track's header counts. */
const ONE = 65_536;

/** What was found about a track's descriptions. */
export interface Descriptions {
  /** The first one that is used to be the last one there, and sizes as the pictures have them. Places of the index. */
  readonly patches: readonly Patch[];
  /** Empty where all samples have the same one, or one that is not known here. */
  readonly runs: readonly DescribedRun[];
  /** What the first one that is used says of its pictures, if it is of H.264. */
  readonly pictures?: PictureSize | undefined;
}

/** An H.264 description. */
interface AvcEntry {
  /** Where it stands. */
  readonly start: number;
  readonly avcC: DataView;
}

/** @param movie the index @param from where the content of a video track's box begins */
export async function readDescriptions(
  movie: VideoBytes,
  from: number,
  to: number,
): Promise<Descriptions> {
  const none = { patches: [], runs: [] };
  const stbl = await placeOf(movie, ['mdia', 'minf', 'stbl'], from, to);
  if (!stbl) return none;
  const stsd = await placeOf(movie, ['stsd'], ...stbl);
  const stsc = await placeOf(movie, ['stsc'], ...stbl);
  if (!stsd) return none;
  const entries = await entriesOf(movie, ...stsd);
  const used = stsc ? usedOf(await viewOf(movie, ...stsc)) : [];
  const first = used[0]?.description ?? 0;
  const [set] = entries[first] ? setsOf(entries[first]) : [];
  const pictures = set && pictureSize(set);
  const patches = pictures ? [sizePatch(entries[first]!, pictures)] : [];
  const isOne = used.every(({ description }) => description === first);
  if (first + 1 < entries.length) patches.push({ at: stsd[0] + 4, bytes: bigEndian(first + 1) });
  if (isOne) return { patches, runs: [], pictures };
  const runs: DescribedRun[] = [];
  for (const { from, description } of used) {
    const entry = entries[description];
    if (!entry || lengthBytes(entry) !== lengthBytes(entries[first]!)) {
      return { patches, runs: [], pictures };
    }
    runs.push({ from, parameters: unitsOf(entry) });
  }
  return { patches, runs, pictures };
}

/**
 * The size at which a track's frames are shown before they are turned, where its description does not say the shape of their
 * pixels: as its header has it, as older camcorders and QuickTime tell it; else as the pictures say themselves, as recorders'.
 * ISO/IEC 14496-12, sections 8.3.2 (tkhd) and 12.1.4 (pasp).
 * @param pictures see {@link Descriptions}
 * @returns undefined where neither counts
 */
export async function shownSize(
  movie: VideoBytes,
  from: number,
  to: number,
  pictures: PictureSize | undefined,
): Promise<FrameSize | undefined> {
  const stsd = await placeOf(movie, ['mdia', 'minf', 'stbl', 'stsd'], from, to);
  if (!stsd) return undefined;
  for await (const { contentStart, end } of boxesIn(movie, stsd[0] + 8, stsd[1])) {
    const inside = Math.min(end, stsd[1]);
    if (await placeOf(movie, ['pasp'], contentStart + VISUAL_ENTRY, inside)) return undefined;
  }
  const inHeader = await headerSize(movie, from, to);
  if (!pictures?.pixelAspect) return inHeader;
  const { width, height, pixelAspect } = pictures;
  // A header of the coded size says nothing of pixels.
  const isCoded = inHeader?.width === width && inHeader.height === height;
  return inHeader && !isCoded ? inHeader : { width: width * pixelAspect, height };
}

/** The size in a track's header, as its matrix makes it. @returns undefined where it has none */
async function headerSize(
  movie: VideoBytes,
  from: number,
  to: number,
): Promise<FrameSize | undefined> {
  const tkhd = await placeOf(movie, ['tkhd'], from, to);
  if (!tkhd || tkhd[1] - tkhd[0] < 84) return undefined;
  // It ends with a matrix and two numbers, in parts of 65,536.
  const view = await viewOf(movie, tkhd[1] - 44, tkhd[1]);
  const [a, b, c, d, across, down] = [0, 4, 12, 16, 36, 40].map((at) => view.getInt32(at) / ONE);
  const width = across! * (Math.hypot(a!, b!) || 1);
  const height = down! * (Math.hypot(c!, d!) || 1);
  return width >= 1 && height >= 1 ? { width, height } : undefined;
}

/** Where the content of the first box at a path begins and ends. */
async function placeOf(
  movie: VideoBytes,
  [name, ...path]: readonly string[],
  from: number,
  to: number,
): Promise<readonly [from: number, to: number] | undefined> {
  for await (const box of boxesIn(movie, from, to)) {
    if (box.name !== name) continue;
    const end = Math.min(box.end, to);
    return path.length === 0
      ? [box.contentStart, end]
      : placeOf(movie, path, box.contentStart, end);
  }
  return undefined;
}

/** The descriptions in their order; undefined in the place of those that are not of H.264. */
async function entriesOf(
  movie: VideoBytes,
  from: number,
  to: number,
): Promise<(AvcEntry | undefined)[]> {
  const entries: (AvcEntry | undefined)[] = [];
  // A version, flags and a count come first.
  for await (const { name, start, contentStart, end } of boxesIn(movie, from + 8, to)) {
    const isAvc = name === 'avc1' || name === 'avc3';
    const inside = Math.min(end, to);
    const avcC = isAvc
      ? await placeOf(movie, ['avcC'], contentStart + VISUAL_ENTRY, inside)
      : undefined;
    entries.push(avcC && { start, avcC: await viewOf(movie, ...avcC) });
  }
  return entries;
}

/** Which description samples have, from each one on where it changes. */
function usedOf(stsc: DataView): { from: number; description: number }[] {
  const used: { from: number; description: number }[] = [];
  const room = Math.max(0, Math.floor((stsc.byteLength - 8) / 12));
  const count = room > 0 ? Math.min(stsc.getUint32(4), room) : 0;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const at = 8 + 12 * i;
    if (i > 0) from += (stsc.getUint32(at) - stsc.getUint32(at - 12)) * stsc.getUint32(at - 8);
    const description = stsc.getUint32(at + 8) - 1;
    if (description !== used.at(-1)?.description) used.push({ from, description });
  }
  return used;
}

/** Recorders state no size, or that of other pictures: what counts is what the pictures are decoded to. */
function sizePatch({ start }: AvcEntry, { width, height }: PictureSize): Patch {
  const bytes = Uint8Array.of(...bigEndian(width, 2), ...bigEndian(height, 2));
  return { at: start + 8 + SIZE_AT, bytes };
}

function lengthBytes({ avcC }: AvcEntry): number {
  return avcC.byteLength > 4 ? (avcC.getUint8(4) & 3) + 1 : 0;
}

/** Sequence parameter sets, then those of pictures: ISO/IEC 14496-15, section 5.3.3.1. */
function setsOf({ avcC }: AvcEntry): Uint8Array[] {
  const sets: Uint8Array[] = [];
  const bytes = new Uint8Array(avcC.buffer, avcC.byteOffset, avcC.byteLength);
  let at = 5;
  for (const mask of [31, 255]) {
    const count = (bytes[at++] ?? 0) & mask;
    for (let i = 0; i < count && at + 2 <= bytes.length; i++) {
      const start = at + 2;
      at = start + avcC.getUint16(at);
      sets.push(bytes.subarray(start, at));
    }
  }
  return sets;
}

function unitsOf(entry: AvcEntry): Uint8Array {
  const length = lengthBytes(entry);
  const units = setsOf(entry).map((set) => [...bigEndian(set.length, length), ...set]);
  return Uint8Array.from(units.flat());
}
