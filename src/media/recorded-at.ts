import type { Input } from 'mediabunny';
import { readElement } from './ebml.ts';
import { boxesIn } from './mp4-boxes.ts';
import { type VideoBytes, viewOf } from './video-bytes.ts';

/** 1904 to 1970 in seconds: MP4 counts from the former. ISO/IEC 14496-12, section 8.2.2. */
const MP4_EPOCH_SECONDS = 2_082_844_800;
/** 2001-01-01 in Unix milliseconds: Matroska counts nanoseconds from there. RFC 9559, section 5.1.2.11. */
const MATROSKA_EPOCH_MS = Date.UTC(2001, 0, 1);
/** A clock that was never set tells of times before the first such files. */
const EARLIEST_MS = Date.UTC(1995, 0, 1);
const DAY_MS = 86_400_000;

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const DATE_UTC = 0x4461;
/** Bytes at a Matroska file's begin in which its facts stand, if at all. */
const MATROSKA_HEAD = 65_536;

/**
 * When a video was recorded as its container tells, in Unix milliseconds; undefined where it tells nothing, or what cannot
 * be. Some devices write the time of a copy there, or their own clock as if it were UTC: it is for people to confirm.
 */
export async function recordedAt(input: Input, bytes: VideoBytes): Promise<number | undefined> {
  try {
    const { date } = await input.getMetadataTags();
    const told = [
      date?.getTime(),
      await mp4CreationMs(bytes),
      await matroskaDateMs(await bytes.read(0, Math.min(MATROSKA_HEAD, await bytes.size()))),
    ];
    return told.find(isTimeOfDay);
  } catch {
    // Nothing depends on it.
    return undefined;
  }
}

/** A day alone, as many tags tell, is midnight: no time to begin at. */
function isTimeOfDay(ms: number | undefined): boolean {
  return ms !== undefined && ms >= EARLIEST_MS && ms <= Date.now() + DAY_MS && ms % DAY_MS !== 0;
}

async function mp4CreationMs(bytes: VideoBytes): Promise<number | undefined> {
  const size = await bytes.size();
  for await (const { name, contentStart, end } of boxesIn(bytes, 0, size)) {
    if (name !== 'moov') continue;
    for await (const inner of boxesIn(bytes, contentStart, Math.min(end, size))) {
      if (inner.name !== 'mvhd') continue;
      const view = await viewOf(bytes, inner.contentStart, inner.contentStart + 12);
      const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
      return 1000 * (seconds - MP4_EPOCH_SECONDS);
    }
  }
  return undefined;
}

function matroskaDateMs(head: Uint8Array): number | undefined {
  const find = (id: number, from: number, to: number) => {
    for (let at = from; at < to; ) {
      const element = readElement(head, at);
      if (!element || element.id === id) return element;
      at = element.end;
    }
    return undefined;
  };
  const segment = find(SEGMENT, 0, head.length);
  const info = segment && find(INFO, segment.dataStart, head.length);
  const date = info && find(DATE_UTC, info.dataStart, Math.min(info.end, head.length));
  if (!date || date.end - date.dataStart !== 8 || date.end > head.length) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return MATROSKA_EPOCH_MS + Number(view.getBigInt64(date.dataStart) / 1_000_000n);
}
