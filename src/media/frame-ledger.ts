import type { DecodeReport } from '../engine/ports.ts';
import { MOST_REORDERED, type PlacedPacket } from './packet-timeline.ts';

/** Times of damaged frames that are told. */
const TIMES_TOLD = 16;

/** A frame that is to be shown now. */
export interface DueFrame {
  /** Its number in the video, from 0, lost frames counted. */
  readonly ordinal: number;
  /** When it appears, in seconds from the video's start. */
  readonly seconds: number;
  readonly duration: number;
  /** Frames lost before it. */
  readonly framesLost: number;
}

/**
 * Keeps account of frames: which are due, in order of display, and which never came. A decoder gives frames in order
 * of display, so one that is due before a frame that came is lost. Should it come after all, then the container has
 * the times of a raw stream that was never put into order, and from there on frames take the due times as they come.
 */
export class FrameLedger {
  /** Shown packets not seen as frames yet, ascending in time. */
  readonly #due: PlacedPacket[] = [];
  readonly #lostAtMs: number[];
  /** Frames before this one are accounted for already. */
  readonly #countFrom: number;
  #ordinal: number;
  /** Lost ones that may yet come late, by their microseconds: whether they count. */
  readonly #lastLost = new Map<number, boolean>();
  #isUnordered = false;
  #read: number;
  #decoded: number;
  #lost: number;
  #firstSeconds = Number.POSITIVE_INFINITY;
  #lastSeconds = Number.NEGATIVE_INFINITY;
  #taken = 0;
  #untimed = 0;

  /**
   * @param ordinal number in the video of the first frame that will be due
   * @param before what was accounted for when the video was read before, from its start to there or further
   */
  constructor(ordinal = 0, before?: DecodeReport) {
    this.#ordinal = ordinal;
    this.#read = ordinal;
    this.#countFrom = before?.framesExpected ?? 0;
    this.#decoded = before?.framesDecoded ?? 0;
    this.#lost = before?.framesDamaged ?? 0;
    this.#lostAtMs = [...(before?.damagedAtMs ?? [])];
  }

  /** Shown packets read, from the video's start. */
  get expected(): number {
    return Math.max(this.#countFrom, this.#read);
  }

  /** Frames that came. */
  get decoded(): number {
    return this.#decoded;
  }

  /** Whether most frames that came had no time of their own. */
  get isUntimed(): boolean {
    return this.#untimed * 2 > this.#taken;
  }

  /** Frames that are known to be lost. */
  get lost(): number {
    return this.#lost;
  }

  /** Times of the first lost frames in milliseconds, at most 16. */
  get lostAtMs(): readonly number[] {
    return this.#lostAtMs;
  }

  /** When the first frame appears of all that were expected, in seconds. */
  get firstSeconds(): number {
    return this.#firstSeconds;
  }

  /** The packet read first, in decoding order, of those whose frames are still due. */
  get earliestDue(): number | undefined {
    if (this.#due.length === 0) return undefined;
    return this.#due.reduce(
      (least, { sequenceNumber }) => Math.min(least, sequenceNumber),
      Number.POSITIVE_INFINITY,
    );
  }

  /** Notes a packet that was read. */
  expect(packet: PlacedPacket): void {
    if (!packet.isShown) return;
    this.#read++;
    this.#firstSeconds = Math.min(this.#firstSeconds, packet.seconds);
    let at = this.#due.length;
    while (at > 0 && this.#due[at - 1]!.microseconds > packet.microseconds) at--;
    this.#due.splice(at, 0, packet);
  }

  /**
   * Notes a frame that came.
   * @returns its number in the video and its time, or undefined when it is not to be shown: it came before, or too late
   */
  take(packet: PlacedPacket): DueFrame | undefined {
    if (this.#isUnordered) return this.#takeNext();
    const at = this.#due.findIndex(({ microseconds }) => microseconds === packet.microseconds);
    if (at < 0) {
      this.#foundLate(packet);
      return undefined;
    }
    for (const missed of this.#due.splice(0, at)) this.#lose(missed);
    return this.#takeNext();
  }

  /** Frames of packets before that one, in decoding order, will not come: what is due of them is lost. */
  giveUp(beforeSequenceNumber: number): void {
    for (let i = 0; i < this.#due.length; ) {
      if (this.#due[i]!.sequenceNumber < beforeSequenceNumber)
        this.#lose(this.#due.splice(i, 1)[0]!);
      else i++;
    }
  }

  #takeNext(): DueFrame | undefined {
    const next = this.#due.shift();
    if (!next) return undefined;
    const { seconds, duration } = next;
    const frame = { ordinal: this.#ordinal++, seconds, duration, framesLost: this.#lost };
    if (frame.ordinal >= this.#countFrom) this.#decoded++;
    this.#taken++;
    // A player would show the other one of that time, for no time at all.
    if (frame.seconds <= this.#lastSeconds) {
      this.#untimed++;
      return undefined;
    }
    this.#lastSeconds = frame.seconds;
    return frame;
  }

  /** A frame taken for lost came after others: the container has the times in another order than the decoder. */
  #foundLate(packet: PlacedPacket): void {
    const counts = this.#lastLost.get(packet.microseconds);
    if (counts === undefined) return;
    this.#lastLost.delete(packet.microseconds);
    this.#isUnordered = true;
    if (!counts) return;
    this.#decoded++;
    this.#lost--;
    this.#lostAtMs.pop();
  }

  #lose(packet: PlacedPacket): void {
    const counts = this.#ordinal++ >= this.#countFrom;
    if (counts) {
      this.#lost++;
      if (this.#lostAtMs.length < TIMES_TOLD)
        this.#lostAtMs.push(Math.floor(packet.seconds * 1000));
    }
    this.#lastLost.set(packet.microseconds, counts);
    if (this.#lastLost.size > MOST_REORDERED) {
      this.#lastLost.delete(this.#lastLost.keys().next().value!);
    }
  }
}
