/**
 * Counts in the tables of MP4 and MOV that go beyond what there is: their reader would count so far, for minutes.
 * ISO/IEC 14496-12, sections 8.5.2 (stsd), 8.6.1 (stts, ctts), 8.6.2 (stss), 8.7.3 (stsz), 8.7.4 (stsc), 8.7.5 (stco).
 */
import { type Box, boxesIn } from './mp4-boxes.ts';
import type { Patch } from './patched-bytes.ts';
import type { VideoBytes } from './video-bytes.ts';

/** Boxes on the way to the tables. */
const ABOVE = new Set(['trak', 'mdia', 'minf', 'stbl']);

/** @param movie the index @returns counts to stand in the place of absurd ones, by their places in the index */
export async function cutCounts(movie: VideoBytes): Promise<Patch[]> {
  return cutWithin(movie, 0, await movie.size());
}

async function cutWithin(movie: VideoBytes, from: number, to: number): Promise<Patch[]> {
  const patches: Patch[] = [];
  const tables = new Map<string, { at: number; content: DataView }>();
  for await (const box of boxesIn(movie, from, to)) {
    const { name, contentStart } = box;
    const end = Math.min(box.end, to);
    if (ABOVE.has(name)) patches.push(...(await cutWithin(movie, contentStart, end)));
    else if (TABLES.has(name)) {
      tables.set(name, { at: contentStart, content: await read(movie, box, end) });
    }
  }
  const samples = countSamples(tables.get('stsz')?.content);
  for (const [name, { at, content }] of tables) {
    const { entryBytes, samplesAt, isSum } = TABLES.get(name)!;
    const room = Math.max(0, Math.floor((content.byteLength - 8) / entryBytes));
    const entries = content.byteLength < 8 ? 0 : content.getUint32(4);
    if (name !== 'stsz' && entries > room) patches.push({ at: at + 4, bytes: bytesOf(room) });
    if (samplesAt === undefined || samples === undefined) continue;
    let left = samples;
    for (let i = 0; i < Math.min(entries, room); i++) {
      const place = 8 + i * entryBytes + samplesAt;
      const stated = content.getUint32(place);
      const most = isSum ? left : samples;
      if (stated > most) patches.push({ at: at + place, bytes: bytesOf(most) });
      left -= Math.min(stated, left);
    }
  }
  return patches;
}

/** One size for all, or one each: then there are as many as fit into the box. */
function countSamples(sizes: DataView | undefined): number | undefined {
  if (!sizes || sizes.byteLength < 12) return undefined;
  const stated = sizes.getUint32(8);
  return sizes.getUint32(4) === 0 ? Math.min(stated, (sizes.byteLength - 12) >> 2) : stated;
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

async function read(movie: VideoBytes, { contentStart }: Box, end: number): Promise<DataView> {
  const content = await movie.read(contentStart, Math.max(contentStart, end));
  return new DataView(content.buffer, content.byteOffset, content.byteLength);
}

function bytesOf(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
