import type { StreamTimes } from './transport-clock.ts';
import { isStart } from './transport-packet.ts';

/** Packets by their ordinals: from the first to the one before `to`. */
export interface Stretch {
  readonly packet: number;
  to: number;
}

/** What was seen of a stream of video. */
export class ScannedStream {
  readonly frames: StreamTimes[] = [];
  /** The packet in which each frame begins. */
  readonly packets: number[] = [];
  /** How its frames are coded, as the first of them that tells it does. */
  coding: 'avc' | 'hevc' | undefined;
  /** Bytes of the last frame that are to come, where it says how many it has. */
  missing = 0;
  /** Packets of frames without a time: their reader would end there. */
  readonly untimed: Stretch[] = [];
  /** Frames whose header is none. */
  broken = 0;
  /** Places where packets are missing, by their own count. */
  gaps = 0;
  /** Packets that go on with a frame, though they have a header as if one began. */
  readonly continued: number[] = [];
  /** Its first packet and its last one. */
  readonly first: number;
  last: number;
  #counter: number | undefined;

  constructor(packet: number) {
    this.first = packet;
    this.last = packet;
  }

  /** Takes what another stream has, all of which comes behind this one's. */
  goOnWith(other: ScannedStream): void {
    for (const time of other.frames) this.frames.push(time);
    for (const packet of other.packets) this.packets.push(packet);
    for (const packet of other.continued) this.continued.push(packet);
    const open = this.untimed.at(-1);
    if (open?.to === Number.POSITIVE_INFINITY) open.to = other.first;
    for (const stretch of other.untimed) this.untimed.push(stretch);
    this.missing = Math.max(this.missing, other.missing);
    this.broken += other.broken;
    this.gaps += other.gaps;
    this.last = other.last;
  }

  /** A frame begins in a packet. */
  begin(packet: number, isTimed: boolean): void {
    const last = this.untimed.at(-1);
    if (last?.to === Number.POSITIVE_INFINITY) last.to = packet;
    if (!isTimed) this.untimed.push({ packet, to: Number.POSITIVE_INFINITY });
  }

  /** Looks whether the packet is the one that follows: section 2.4.3.3, continuity_counter. */
  count(packet: Uint8Array): void {
    const control = (packet[3]! >> 4) & 3;
    if ((control & 1) === 0) return;
    const counter = packet[3]! & 0x0f;
    const last = this.#counter;
    this.#counter = counter;
    if (last === undefined || counter === ((last + 1) & 0x0f) || counter === last) return;
    const isAnnounced = control === 3 && packet[4]! > 0 && (packet[5]! & 0x80) !== 0;
    // Where recordings are joined, a frame begins: nothing of it is missing.
    if (!isAnnounced && !isStart(packet)) this.gaps++;
  }
}
