import type { PacketReader, TrackPacket } from './packet-source.ts';
import { PacketTimeline } from './packet-timeline.ts';

/** Frames are this far out of order at most, in seconds: 16 frames of a slow camera. */
const REORDER_SECONDS = 4;

/** Where to take a video up again. */
export interface ResumePoint {
  /** Key frame to decode from; undefined: the first packet. */
  readonly start: TrackPacket | undefined;
  /** As it stood before that packet. */
  readonly timeline: PacketTimeline;
  /** Number in the video of the first frame shown from there on. */
  readonly ordinal: number;
  /** When the video's first frame appears, in seconds. */
  readonly firstSeconds: number;
  /** When its frames appear, in seconds, ascending: all up to the time asked for, and some behind it. */
  readonly seconds: readonly number[];
}

/** The last key frame at or before a time, found without decoding. */
export async function findResumePoint(
  packets: PacketReader,
  startSeconds: number,
  seconds: number,
  signal: AbortSignal,
): Promise<ResumePoint> {
  const timeline = new PacketTimeline(startSeconds);
  let best: Pick<ResumePoint, 'timeline' | 'ordinal'> = {
    timeline: new PacketTimeline(startSeconds),
    ordinal: 0,
  };
  let beforeBest: TrackPacket | undefined;
  let before: TrackPacket | undefined;
  const shown: number[] = [];
  for await (const packet of packets.metadata(signal)) {
    const asItStood = packet.type === 'key' ? timeline.copy() : undefined;
    const placed = timeline.place(packet);
    if (asItStood && placed.seconds <= seconds) {
      best = { timeline: asItStood, ordinal: shown.length };
      beforeBest = before;
    }
    if (placed.isShown) shown.push(placed.seconds);
    if (placed.seconds > seconds + REORDER_SECONDS) break;
    before = packet;
  }
  const start = beforeBest && (await packets.after(beforeBest, signal));
  shown.sort((a, b) => a - b);
  return { ...best, start, firstSeconds: shown[0] ?? Number.POSITIVE_INFINITY, seconds: shown };
}
