import { toMicroseconds } from './usable-times.ts';

/** Frames that a decoder puts into order at most: H.264, section A.3.1, max_dec_frame_buffering. */
export const MOST_REORDERED = 16;

/** Backward steps longer than this are a new start of the clock, not reordering; and steps over more frames than that takes. Seconds. */
const REORDER_SECONDS = 1;

/** What is needed of a packet to place it. Times in seconds of the container's clock. */
export interface PacketTimes {
  readonly type: 'key' | 'delta';
  readonly timestamp: number;
  readonly duration: number;
  /** Ascending in decoding order. */
  readonly sequenceNumber: number;
  /** Whether an edit list shows it; absent where there is none. With one, the times are those of the movie. */
  readonly isShown?: boolean;
}

/** A packet's place on the video's own clock. */
export interface PlacedPacket {
  readonly sequenceNumber: number;
  /** When its frame appears, in seconds from the video's start as a player shows it. */
  readonly seconds: number;
  readonly duration: number;
  /** The same in microseconds, unique among neighbours: what WebCodecs carries through the decoder. */
  readonly microseconds: number;
  /** False for pre-roll, which only serves to decode what follows. */
  readonly isShown: boolean;
}

/**
 * Places packets, taken in decoding order, on the clock that a player shows. The video's start is 0. What ends before
 * it is pre-roll (left over by an edit list, say), and what begins before it appears at 0. Where the container's clock
 * jumps back at a key frame (recordings joined end to end), the video goes on where it was.
 */
export class PacketTimeline {
  readonly #startSeconds: number;
  readonly #recent = new Set<number>();
  #shiftSeconds = 0;
  #latestSeconds = Number.NEGATIVE_INFINITY;
  #endSeconds = 0;
  #duration = 0;
  #longest = 0;

  /** @param startSeconds the container's time that a player shows as 0 */
  constructor(startSeconds: number) {
    this.#startSeconds = startSeconds;
  }

  /** The same, to go on apart: for packets that no decoder gets together with those before. */
  copy(): PacketTimeline {
    const copy = new PacketTimeline(this.#startSeconds);
    copy.#shiftSeconds = this.#shiftSeconds;
    copy.#latestSeconds = this.#latestSeconds;
    copy.#endSeconds = this.#endSeconds;
    copy.#duration = this.#duration;
    copy.#longest = this.#longest;
    return copy;
  }

  /** Whether the clock jumped back on the way, so that the times of the file do not tell how long it is. */
  get isJoined(): boolean {
    return this.#shiftSeconds > 0;
  }

  /** When the last frame placed so far ends, in seconds from the start. */
  get endSeconds(): number {
    return this.#endSeconds;
  }

  /** @param packet the next one in decoding order @throws Failure `times-unusable` */
  place(packet: PacketTimes): PlacedPacket {
    if (packet.isShown !== undefined) return this.#placeEdited(packet, packet.isShown);
    let seconds = packet.timestamp - this.#startSeconds + this.#shiftSeconds;
    const reorderSeconds = Math.min(REORDER_SECONDS, (MOST_REORDERED + 1) * this.#longest);
    if (packet.type === 'key' && seconds < this.#latestSeconds - reorderSeconds) {
      this.#shiftSeconds += this.#endSeconds - seconds;
      seconds = this.#endSeconds;
    }
    // The last packet before a join has no successor to tell its duration.
    if (packet.duration > 0) this.#duration = packet.duration;
    this.#longest = Math.max(this.#longest, this.#duration);
    const duration = this.#duration;
    const end = seconds + duration;
    this.#latestSeconds = Math.max(this.#latestSeconds, seconds);
    this.#endSeconds = Math.max(this.#endSeconds, end);
    const isShown = seconds >= -1e-6 || end > 1e-6;
    const shownSeconds = isShown ? Math.max(0, seconds) : seconds;
    return {
      sequenceNumber: packet.sequenceNumber,
      seconds: shownSeconds,
      duration,
      microseconds: this.#unique(toMicroseconds(shownSeconds)),
      isShown,
    };
  }

  #placeEdited(packet: PacketTimes, isShown: boolean): PlacedPacket {
    const { sequenceNumber, duration } = packet;
    const seconds = packet.timestamp - this.#startSeconds;
    if (isShown) this.#endSeconds = Math.max(this.#endSeconds, seconds + duration);
    const microseconds = this.#unique(toMicroseconds(seconds));
    return { sequenceNumber, seconds, duration, microseconds, isShown };
  }

  #unique(microseconds: number): number {
    let free = microseconds;
    while (this.#recent.has(free)) free++;
    this.#recent.add(free);
    if (this.#recent.size > 64) this.#recent.delete(this.#recent.values().next().value!);
    return free;
  }
}
