import {
  EncodedPacketSink,
  type Input,
  type InputTrack,
  type InputVideoTrack,
  MatroskaInputFormat,
  MPEG_TS,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import { orUndefined } from './or-undefined.ts';
import type { PacketReader } from './packet-source.ts';
import { MOST_REORDERED } from './packet-timeline.ts';
import { REORDER_SECONDS } from './resume-point.ts';
import { checkTimes, reasonableRate } from './usable-times.ts';
import type { Edit } from './video-bytes.ts';

/** Frames a second: on average, and the rate that all frame times keep to, if there is one. */
export async function frameRates(
  track: InputVideoTrack,
  videoSeconds: number,
): Promise<{ average: number; constant: number | undefined }> {
  try {
    const found = await track.computeFrameRateMetrics();
    const { probedPacketCount: frames } = found;
    if (frames > 1) {
      // Of times that are all the same there is no average.
      checkTimes(frames, found.averageFrameRate > 0 ? frames / found.averageFrameRate : 0);
      const constant = found.underlyingFrameRate ?? undefined;
      const average = found.frameRateIsConstant && constant ? constant : found.averageFrameRate;
      return { average, constant };
    }
  } catch (error) {
    if (error instanceof Failure) throw error;
  }
  return { average: reasonableRate(1 / videoSeconds), constant: undefined };
}

/** Sound that starts this much earlier than a transport stream's pictures goes by another clock. Seconds. */
const MAX_EARLIER_SECONDS = 10;

/** The container's time that a player shows as 0, in seconds. */
export async function startOf(input: Input, track: InputVideoTrack): Promise<number> {
  const first = await input.getFirstTimestamp();
  if ((await input.getFormat()) !== MPEG_TS) return Math.max(0, first);
  // There is no 0 to start from: any time may be the first, on a clock that wraps.
  const firstFrame = await track.getFirstTimestamp();
  return first >= firstFrame - MAX_EARLIER_SECONDS ? first : firstFrame;
}

/** When the first frame that an edit list shows appears, or a sound before it, in seconds of the movie's clock. */
export async function startOfShown(
  input: Input,
  packets: PacketReader,
  signal: AbortSignal,
): Promise<number> {
  const tracks = (await input.getAudioTracks()).map((track) => track.getFirstTimestamp());
  const starts = await Promise.all(tracks.map(orUndefined));
  let shown = 0;
  for await (const { timestamp, isShown } of packets.metadata(signal)) {
    if (isShown) starts.push(timestamp);
    // Among so many is the first one shown.
    if (isShown && ++shown > MOST_REORDERED + 1) break;
  }
  const known = starts.filter((start) => start !== undefined);
  return known.length === 0 ? 0 : Math.max(0, Math.min(...known));
}

/** When the last part ends of those that a track has. Seconds of the movie's clock. */
export function endOfShown(edits: readonly Edit[], mediaEnd: number): number {
  return edits
    .filter(({ mediaStart }) => mediaStart < mediaEnd)
    .map(({ start, end, mediaStart, rate }) =>
      rate === 0 ? end : Math.min(end, start + (mediaEnd - mediaStart) / rate),
    )
    .reduce((latest, end) => Math.max(latest, end), 0);
}

/** When the last frame or sound of a track ends by its own packets, in seconds of the container's clock. */
export async function endOf(track: InputTrack): Promise<number> {
  const end = await orUndefined(track.computeDuration());
  return end !== undefined && Number.isFinite(end) ? end : 0;
}

/**
 * When the last picture ends, in seconds of the container's clock. A container may not say how long that is shown: then as long
 * as the others. And the reader of Matroska and of fragments takes the last picture of the file, which may be one of those shown
 * before another, so the last ones are looked at; and an end that Matroska states for all tracks is believed where it is so little
 * later.
 * @param end as the reader has it
 */
export async function endOfPictures(
  input: Input,
  track: InputVideoTrack,
  { end, frameRate }: { readonly end: number; readonly frameRate: number },
): Promise<number> {
  if (frameRate <= 0) return end;
  const stated = await statedEndSeconds(input, 0);
  if (stated > 0 && stated > end && stated <= end + MOST_REORDERED / frameRate) return stated;
  const options = { metadataOnly: true };
  const sink = new EncodedPacketSink(track);
  const reorderSeconds = Math.min(MOST_REORDERED / frameRate, REORDER_SECONDS);
  let packet =
    (await orUndefined(sink.getPacket(end - reorderSeconds, options))) ??
    (await orUndefined(sink.getFirstPacket(options)));
  let last = packet;
  for (; packet; packet = await orUndefined(sink.getNextPacket(packet, options))) {
    if (packet.timestamp >= last!.timestamp) last = packet;
  }
  return last ? Math.max(end, last.timestamp + (last.duration || 1 / frameRate)) : end;
}

/**
 * The same of what is heard, which may go on behind the pictures. A transport stream's sound has a clock of its own, and
 * its times may be negative.
 * @param edits what of each track is heard, where that may not be all
 */
export async function soundEnd(
  input: Input,
  edits: ReadonlyMap<number, readonly Edit[]>,
): Promise<number> {
  if ((await input.getFormat()) === MPEG_TS) return Number.NEGATIVE_INFINITY;
  const ends = (await input.getAudioTracks()).map(async (track) => {
    const end = await endOf(track);
    const heard = edits.get(track.id);
    const first = heard?.[0];
    // The reader sets the first part's beginning to when that is heard, unless it has another speed.
    return heard && first && first.rate === 1
      ? endOfShown(heard, end - first.start + first.mediaStart)
      : end;
  });
  return Math.max(0, ...(await Promise.all(ends)));
}

/** How far the container says that one of its tracks goes, which may be nothing but subtitles; 0 where it says nothing. */
export async function statedEndSeconds(input: Input, startSeconds: number): Promise<number> {
  if (!((await input.getFormat()) instanceof MatroskaInputFormat)) return 0;
  const end = (await input.getDurationFromMetadata()) ?? 0;
  return Number.isFinite(end) ? Math.max(0, end - startSeconds) : 0;
}
