import type { PacketReader, PacketSource, TrackPacket } from './packet-source.ts';
import { MOST_REORDERED } from './packet-timeline.ts';
import type { Edit } from './video-bytes.ts';

/** Packets later than a part's end after which none of that part follows. */
const REORDER_PACKETS = MOST_REORDERED + 1;
/** Overlaps shorter than this are rounding of the movie's clock, in seconds. */
const SLIVER = 6e-4;

/** Where a packet comes from. */
interface Origin {
  readonly edit: number;
  /** As the track has it. */
  readonly packet: TrackPacket;
}

/**
 * A track's packets as an edit list shows them: part by part, each from the key frame that it needs on, with times of
 * the movie. What a part does not show is not shown, and what only serves nobody is not read.
 */
export class EditedPackets implements PacketReader {
  readonly #packets: PacketSource;
  readonly #edits: readonly Edit[];
  readonly #origins = new WeakMap<TrackPacket, Origin>();
  #isCut = false;

  constructor(packets: PacketSource, edits: readonly Edit[]) {
    this.#packets = packets;
    this.#edits = edits;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  get readError(): unknown {
    return this.#packets.readError;
  }

  from(
    start: TrackPacket | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<TrackPacket, void, void> {
    return this.#read(start, true, signal);
  }

  metadata(signal: AbortSignal): AsyncGenerator<TrackPacket, void, void> {
    return this.#read(undefined, false, signal);
  }

  async after(before: TrackPacket, signal: AbortSignal): Promise<TrackPacket | undefined> {
    const packets = this.from(before, signal);
    await packets.next();
    const { value } = await packets.next();
    await packets.return();
    return value ?? undefined;
  }

  async *#read(
    start: TrackPacket | undefined,
    withBytes: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<TrackPacket, void, void> {
    const origin = start && this.#origins.get(start);
    let sequenceNumber = start?.sequenceNumber ?? 0;
    for (let i = origin?.edit ?? 0; i < this.#edits.length; i++) {
      const edit = this.#edits[i]!;
      const first =
        origin?.edit === i
          ? origin.packet
          : await this.#packets.keyAt(edit.mediaStart, withBytes, signal);
      for await (const packet of this.#partOf(edit, first, withBytes, signal)) {
        const placed = { ...place(packet, edit), sequenceNumber: sequenceNumber++ };
        this.#origins.set(placed, { edit: i, packet });
        yield placed;
      }
    }
  }

  /** Packets of one part. Those behind its end come only where frames before it need them. */
  async *#partOf(
    edit: Edit,
    first: TrackPacket | undefined,
    withBytes: boolean,
    signal: AbortSignal,
  ): AsyncGenerator<TrackPacket, void, void> {
    const behind: TrackPacket[] = [];
    let last = first;
    for await (const packet of this.#packets.read(first, withBytes, signal)) {
      last = packet;
      behind.push(packet);
      if (isBehind(packet, edit)) {
        if (behind.length >= REORDER_PACKETS) return;
      } else {
        yield* behind.splice(0);
      }
    }
    if (withBytes && last && (await this.#lacks(edit, last, signal))) this.#isCut = true;
  }

  /** Whether a part has packets behind the last one that could be read. */
  async #lacks(edit: Edit, last: TrackPacket, signal: AbortSignal): Promise<boolean> {
    let seen = 0;
    for await (const packet of this.#packets.read(last, false, signal)) {
      if (seen > 0 && !isBehind(packet, edit)) return true;
      if (seen++ > REORDER_PACKETS) break;
    }
    return false;
  }
}

function isBehind({ timestamp }: TrackPacket, { mediaStart, mediaEnd, rate }: Edit): boolean {
  return rate === 0 ? timestamp > mediaStart + SLIVER : timestamp >= mediaEnd - SLIVER;
}

function place(packet: TrackPacket, edit: Edit): TrackPacket {
  const { type, data, sequenceNumber, timestamp } = packet;
  const { start, mediaStart, mediaEnd, rate } = edit;
  const end = timestamp + packet.duration;
  const isCovering = timestamp < mediaStart + SLIVER && end > mediaStart + SLIVER;
  // Without a duration, a frame is its own moment.
  const isWithin = timestamp >= mediaStart - SLIVER && !isBehind(packet, edit);
  const coded = { type, data, sequenceNumber };
  if (rate === 0) {
    return { ...coded, timestamp: start, duration: edit.end - start, isShown: isCovering };
  }
  const isShown = isCovering || isWithin;
  // What is not shown belongs to where its part begins or ends.
  const from = Math.min(Math.max(timestamp, mediaStart), mediaEnd);
  const until = Math.min(end, mediaEnd);
  return {
    ...coded,
    timestamp: start + (from - mediaStart) / rate,
    duration: Math.max(0, until - from) / rate,
    isShown,
  };
}
