import type { PacketReader, TrackPacket } from './packet-source.ts';
import { PacketTimeline } from './packet-timeline.ts';

/** Frames are this far out of order at most, in seconds: 16 frames of a slow camera. */
export const REORDER_SECONDS = 4;

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

/** A packet that the container calls a key frame. */
interface Candidate extends Pick<ResumePoint, 'timeline' | 'ordinal'> {
  /** The packet before it. */
  readonly before: TrackPacket;
}

/** The last key frame at or before a time, found without decoding. */
export async function findResumePoint(
  packets: PacketReader,
  startSeconds: number,
  seconds: number,
  signal: AbortSignal,
): Promise<ResumePoint> {
  const timeline = new PacketTimeline(startSeconds);
  const candidates: Candidate[] = [];
  let before: TrackPacket | undefined;
  const shown: number[] = [];
  for await (const packet of packets.metadata(signal)) {
    const asItStood = packet.type === 'key' && before ? timeline.copy() : undefined;
    const placed = timeline.place(packet);
    if (asItStood && before && placed.seconds <= seconds) {
      candidates.push({ timeline: asItStood, ordinal: shown.length, before });
    }
    if (placed.isShown) shown.push(placed.seconds);
    if (placed.seconds > seconds + REORDER_SECONDS) break;
    before = packet;
  }
  shown.sort((a, b) => a - b);
  const first = { start: undefined, timeline: new PacketTimeline(startSeconds), ordinal: 0 };
  return {
    ...((await lastKey(packets, candidates, signal)) ?? first),
    firstSeconds: shown[0] ?? Number.POSITIVE_INFINITY,
    seconds: shown,
  };
}

/**
 * The last of them that decoding can start at. Containers call more key frames than decoders do: pictures at which a
 * player may join in (open groups, gradual refresh), or, where their table of them is missing, every one.
 */
async function lastKey(
  packets: PacketReader,
  candidates: readonly Candidate[],
  signal: AbortSignal,
) {
  for (const { before, timeline, ordinal } of candidates.toReversed()) {
    // With its bytes, its type is what these say.
    const start = await packets.after(before, signal);
    if (start?.type === 'key') return { start, timeline, ordinal };
  }
  return undefined;
}
