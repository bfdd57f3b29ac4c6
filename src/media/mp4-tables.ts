/**
 * Counts in the tables of MP4 and MOV that go beyond what there is: their reader would count so far, for minutes.
 * ISO/IEC 14496-12, sections 8.5.2 (stsd), 8.6.1 (stts, ctts), 8.6.2 (stss), 8.7.3 (stsz), 8.7.4 (stsc), 8.7.5 (stco).
 */
import { allBoxesIn, bigEndian, isVideoHandler } from './mp4-boxes.ts';
import type { Patch } from './patched-bytes.ts';
import { type VideoBytes, viewOf } from './video-bytes.ts';

/** Boxes on the way to the tables. */
const ABOVE = new Set(['trak', 'mdia', 'minf', 'stbl']);

/** The name of a box that says nothing. */
export const FREE = new TextEncoder().encode('free');

/** What was found about a movie's tables. */
export interface CheckedTables {
  /** Counts to stand in the place of absurd ones, by their places in the index. */
  readonly patches: Patch[];
  /** Tracks of video whose tables do not agree on how many samples there are. */
  readonly disagreeing: number;
  /** Whether there are samples outside of fragments. */
  readonly hasSamples: boolean;
  /** Makes none of those of video tracks, by their places in the index: what hides their tables. */
  readonly hiding: Patch[];
}

/**
 * @param movie the index
 * @param fileBytes of the whole file: no sample has less than one
 * @throws RangeError where there are more boxes than make sense
 */
export async function checkTables(movie: VideoBytes, fileBytes: number): Promise<CheckedTables> {
  return checkWithin(movie, 0, await movie.size(), { fileBytes, name: 'moov', isVideo: false });
}

async function checkWithin(
  movie: VideoBytes,
  from: number,
  to: number,
  above: { readonly fileBytes: number; readonly name: string; readonly isVideo: boolean },
): Promise<CheckedTables> {
  const patches: Patch[] = [];
  const hiding: Patch[] = [];
  let disagreeing = 0;
  let hasSamples = false;
  let { isVideo } = above;
  const tables = new Map<string, { start: number; at: number; content: DataView }>();
  for await (const box of allBoxesIn(movie, from, to)) {
    const { name, start, contentStart } = box;
    const end = Math.min(box.end, to);
    // QuickTime has one in `minf` as well, of how the media are kept.
    if (name === 'hdlr' && above.name === 'mdia') {
      isVideo = await isVideoHandler(movie, contentStart, end);
    } else if (ABOVE.has(name)) {
      const inside = await checkWithin(movie, contentStart, end, { ...above, name, isVideo });
      patches.push(...inside.patches);
      hiding.push(...inside.hiding);
      disagreeing += inside.disagreeing;
      hasSamples ||= inside.hasSamples;
    } else if (TABLES.has(name)) {
      const content = await viewOf(movie, contentStart, end);
      tables.set(name, { start, at: contentStart, content });
    }
  }
  const sizes = tables.get('stsz');
  const samples = countSamples(sizes?.content, above.fileBytes);
  if (sizes && sizes.content.byteLength >= 12 && sizes.content.getUint32(8) > samples) {
    patches.push({ at: sizes.at + 8, bytes: bigEndian(samples) });
  }
  const isListed = sizes !== undefined && samples > 0;
  hasSamples ||= isListed;
  for (const [name, { start, at, content }] of tables) {
    const { entryBytes, samplesAt, isSum } = TABLES.get(name)!;
    if (isVideo && isListed && name !== 'stsd') hiding.push({ at: start + 4, bytes: FREE });
    const room = Math.max(0, Math.floor((content.byteLength - 8) / entryBytes));
    const entries = content.byteLength < 8 ? 0 : content.getUint32(4);
    if (name !== 'stsz' && entries > room) patches.push({ at: at + 4, bytes: bigEndian(room) });
    if (samplesAt === undefined) continue;
    if (name === 'stts') addForwardSteps(patches, content, at, Math.min(entries, room));
    let left = samples;
    for (let i = 0; i < Math.min(entries, room); i++) {
      const place = 8 + i * entryBytes + samplesAt;
      const stated = content.getUint32(place);
      const most = isSum ? left : samples;
      if (stated > most) patches.push({ at: at + place, bytes: bigEndian(most) });
      left -= Math.min(stated, left);
    }
    // Pictures without a time are not read. More times than pictures are of no consequence.
    if (name === 'stts' && isVideo && sizes && left > 0) disagreeing++;
  }
  return { patches, disagreeing, hasSamples, hiding };
}

/**
 * Steps back in time, which have no place in a table of unsigned numbers, where some recorders correct their clock with
 * them: they become a tick, and the steps behind them so much shorter, as FFmpeg reads them.
 */
function addForwardSteps(patches: Patch[], stts: DataView, at: number, entries: number): void {
  // How far the times given are ahead of those meant, in ticks.
  let ahead = 0;
  for (let i = 0; i < entries; i++) {
    const count = stts.getUint32(8 + 8 * i);
    const stated = stts.getInt32(12 + 8 * i);
    if (count === 0 || (stated >= 0 && ahead === 0)) continue;
    const step = stated < 0 ? 1 : Math.max(Math.min(stated, 1), stated - Math.floor(ahead / count));
    ahead += (step - stated) * count;
    if (step !== stated) patches.push({ at: at + 12 + 8 * i, bytes: bigEndian(step) });
  }
}

/** One size for all, or one each: then there are as many as fit into the box. Never more than the file may hold. */
function countSamples(sizes: DataView | undefined, fileBytes: number): number {
  const most = Math.min(fileBytes, 2 ** 32 - 1);
  if (!sizes || sizes.byteLength < 12) return most;
  const stated = sizes.getUint32(8);
  const each = sizes.getUint32(4);
  return Math.min(stated, each === 0 ? (sizes.byteLength - 12) >> 2 : Math.floor(most / each));
}

interface Table {
  /** Bytes of an entry, of the least there are where they differ. */
  readonly entryBytes: number;
  /** Where an entry counts samples. */
  readonly samplesAt?: number;
  /** Whether all its entries together count every sample once. */
  readonly isSum?: boolean;
}

const TABLES: ReadonlyMap<string, Table> = new Map([
  ['stsd', { entryBytes: 8 }],
  ['stsz', { entryBytes: 4 }],
  ['stts', { entryBytes: 8, samplesAt: 0, isSum: true }],
  ['ctts', { entryBytes: 8, samplesAt: 0, isSum: true }],
  ['stsc', { entryBytes: 12, samplesAt: 4 }],
  ['stss', { entryBytes: 4 }],
  ['stco', { entryBytes: 4 }],
  ['co64', { entryBytes: 8 }],
]);
