/**
 * Packets of a track as whole frames, each with its own time, where their reader (mediabunny 1.61) gives something else: fields of
 * H.264 apart, of which a decoder makes one frame; and pictures that lie in one packet of a transport stream's (PES) all with the
 * time of the first one, the only one that the stream tells. ISO/IEC 13818-1, section 2.7.5.
 */
import {
  EncodedPacket,
  EncodedPacketSink,
  type Input,
  type InputVideoTrack,
  MPEG_TS,
  type PacketRetrievalOptions,
} from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import { joinNumbers } from '../contract/join-numbers.ts';
import { pictureLayout, sequenceParameters } from './avc-parameters.ts';
import { AvcPictures, type CodedPicture, isSecondField } from './avc-pictures.ts';
import { orUndefined } from './or-undefined.ts';
import { MOST_REORDERED } from './packet-timeline.ts';
import { type Pace, type PacedPicture, paceOf } from './picture-pace.ts';

/** Frames at a track's beginning that are looked at, and those where that does not tell yet how it is paced. */
const LOOKED_AT = 64;
const MOST_LOOKED_AT = 400;

const WITH_BYTES: PacketRetrievalOptions = { verifyKeyPackets: true };
const TIMES_ONLY: PacketRetrievalOptions = { metadataOnly: true };
const NO_BYTES = new Uint8Array(0);

/** What reads packets. */
export type PacketGiver = Pick<
  EncodedPacketSink,
  'getFirstPacket' | 'getNextPacket' | 'getKeyPacket'
>;

/** A frame's packets. */
interface Frame {
  readonly first: EncodedPacket;
  /** The same, or that of its second field. */
  readonly last: EncodedPacket;
  /** The one behind it, if it was looked at. */
  readonly next: EncodedPacket | null | undefined;
  readonly picture: CodedPicture | undefined;
  readonly lastPicture: CodedPicture | undefined;
}

/** A frame that was given. */
interface Place extends Frame {
  /** When it appears. */
  readonly seconds: number;
  /** When the last one of those up to it does. */
  readonly latest: number;
}

/** Reads a track's frames. */
export class PictureSink implements PacketGiver {
  readonly #sink: EncodedPacketSink;
  readonly #isStream: boolean;
  readonly #pictures: AvcPictures | undefined;
  readonly #places = new WeakMap<EncodedPacket, Place>();
  #pace: Pace | undefined;
  #sharesTimes = false;
  #hasFieldsApart = false;
  #framesPerSecond: number | undefined;

  private constructor(
    track: InputVideoTrack,
    isStream: boolean,
    pictures: AvcPictures | undefined,
  ) {
    this.#sink = new EncodedPacketSink(track);
    this.#isStream = isStream;
    this.#pictures = pictures;
  }

  /**
   * @returns undefined where every packet is a frame and has its time. A file with an index tells that by its first frames: to look
   * at each would be to read it whole for its times alone.
   */
  static async of(
    input: Input,
    track: InputVideoTrack,
    { description }: VideoDecoderConfig,
  ): Promise<PictureSink | undefined> {
    const isStream = (await input.getFormat()) === MPEG_TS;
    const isAvc = (await track.getCodec()) === 'avc';
    const avcC = description instanceof Uint8Array ? description : undefined;
    const layout = isAvc ? await layoutOf(track, avcC) : undefined;
    if (!isStream && (layout?.isFramesOnly ?? true)) return undefined;
    const lengthBytes = avcC ? (avcC[4]! & 3) + 1 : 0;
    const sink = new PictureSink(track, isStream, layout && new AvcPictures(layout, lengthBytes));
    // What cannot be read is told when it is to be read.
    await orUndefined(sink.#look());
    return isStream || sink.#hasFieldsApart ? sink : undefined;
  }

  /** Frames a second, of a track whose packets tell another number. */
  get framesPerSecond(): number | undefined {
    return this.#framesPerSecond;
  }

  /** When the last picture ends, of a track whose last packet does not tell. @throws the signal's reason when aborted */
  async end(signal: AbortSignal): Promise<number | undefined> {
    if (!this.#sharesTimes) return undefined;
    let end = Number.NEGATIVE_INFINITY;
    let packet = await this.getFirstPacket(TIMES_ONLY);
    while (packet) {
      signal.throwIfAborted();
      end = Math.max(end, packet.timestamp + packet.duration);
      packet = await this.getNextPacket(packet, TIMES_ONLY);
    }
    return end;
  }

  /** See {@link EncodedPacketSink.getFirstPacket}. @throws Failure `times-unusable`, as the others */
  async getFirstPacket(options: PacketRetrievalOptions): Promise<EncodedPacket | null> {
    const packet = await read((how) => this.#sink.getFirstPacket(how), options);
    return packet && this.#give(packet, undefined, options);
  }

  /** See {@link EncodedPacketSink.getNextPacket}. @param before as given here */
  async getNextPacket(
    before: EncodedPacket,
    options: PacketRetrievalOptions,
  ): Promise<EncodedPacket | null> {
    const place = this.#places.get(before)!;
    const packet = await this.#behind(place, options);
    return packet && this.#give(packet, place, options);
  }

  /** See {@link EncodedPacketSink.getKeyPacket}. */
  async getKeyPacket(
    seconds: number,
    options: PacketRetrievalOptions,
  ): Promise<EncodedPacket | null> {
    const packet = await read((how) => this.#sink.getKeyPacket(seconds, how), options);
    return packet && this.#give(packet, undefined, options);
  }

  async #behind(
    { last, next }: Frame,
    options: PacketRetrievalOptions,
  ): Promise<EncodedPacket | null> {
    if (next && !options.metadataOnly) return next;
    return read((how) => this.#sink.getNextPacket(last, how), options);
  }

  /** Looks at the first frames. */
  async #look(): Promise<void> {
    const frames: Frame[] = [];
    const paced: PacedPicture[] = [];
    let packet = await this.#sink.getFirstPacket(WITH_BYTES);
    while (packet && frames.length < (this.#sharesTimes ? MOST_LOOKED_AT : LOOKED_AT)) {
      const before = frames.at(-1);
      const frame = await this.#frameOf(packet, before);
      const isTimed = !this.#sharesTime(before, packet);
      this.#sharesTimes ||= !isTimed;
      const { order, isFirst = false } = frame.picture ?? {};
      paced.push({ seconds: isTimed ? packet.timestamp : undefined, order, isFirst });
      frames.push(frame);
      packet = await this.#behind(frame, WITH_BYTES);
    }
    this.#pace = paceOf(paced);
    this.#hasFieldsApart = frames.some(({ first, last }) => first !== last);
    if (this.#sharesTimes && this.#pace) this.#framesPerSecond = 1 / this.#pace.frameSeconds;
    else if (this.#hasFieldsApart) {
      const times = frames.map(({ first }) => first.timestamp).toSorted((a, b) => a - b);
      // Between the last ones belong some that were not looked at.
      const whole = packet ? times.slice(0, -MOST_REORDERED) : times;
      const span = whole.at(-1)! - whole[0]!;
      if (span > 0) this.#framesPerSecond = (whole.length - 1) / span;
    }
  }

  /** Whether a packet is in the PES packet of the frame before it, the time of which is another's. */
  #sharesTime(before: Frame | undefined, { timestamp }: EncodedPacket): boolean {
    return this.#isStream && before?.first.timestamp === timestamp;
  }

  async #frameOf(first: EncodedPacket, before: Frame | undefined): Promise<Frame> {
    const picture = this.#pictures?.read(first.data, before?.lastPicture);
    const alone = { first, last: first, picture, lastPicture: picture ?? before?.lastPicture };
    if (picture?.field === undefined) return { ...alone, next: undefined };
    const next = await this.#sink.getNextPacket(first, WITH_BYTES);
    const second = next ? this.#pictures?.read(next.data, picture) : undefined;
    return next && second && isSecondField(picture, second)
      ? { first, last: next, next: undefined, picture, lastPicture: second }
      : { ...alone, next };
  }

  async #give(
    packet: EncodedPacket,
    before: Place | undefined,
    options: PacketRetrievalOptions,
  ): Promise<EncodedPacket> {
    const frame = await this.#frameOf(packet, before);
    const { last } = frame;
    const seconds =
      before && this.#sharesTime(before, packet)
        ? (this.#secondsOf(frame, before) ?? packet.timestamp)
        : packet.timestamp;
    const end = Math.max(packet.timestamp + packet.duration, last.timestamp + last.duration);
    const duration =
      this.#sharesTimes && this.#pace ? this.#pace.frameSeconds : end - packet.timestamp;
    const given = new EncodedPacket(
      options.metadataOnly ? NO_BYTES : dataOf(frame),
      packet.type,
      seconds,
      duration,
      packet.sequenceNumber,
      packet.byteLength + (last === packet ? 0 : last.byteLength),
    );
    if (options.metadataOnly) dropBytes(frame);
    this.#places.set(given, {
      ...frame,
      ...(options.metadataOnly && { next: undefined }),
      seconds,
      latest: Math.max(seconds, before?.latest ?? seconds),
    });
    return given;
  }

  /**
   * When a picture appears that has no time of its own, by the order of display.
   * @returns undefined where that is not known, of a track whose times do not begin so: some encoders write one twice now and then
   * @throws Failure `times-unusable`
   */
  #secondsOf({ picture }: Frame, before: Place): number | undefined {
    const pace = this.#pace;
    if (!pace || (picture && picture.order === undefined)) {
      if (this.#sharesTimes) throw sharedTimes();
      return undefined;
    }
    const [order, from] = [picture?.order, before.picture?.order];
    // What the order begins anew with comes behind all before it.
    return picture?.isFirst || order === undefined || from === undefined
      ? before.latest + pace.frameSeconds
      : before.seconds + (order - from) * pace.stepSeconds;
  }
}

/** A packet with its bytes, which tell what it is. What an index announces has its time also where the file ends before it. */
async function read(
  ask: (how: PacketRetrievalOptions) => Promise<EncodedPacket | null>,
  { metadataOnly }: PacketRetrievalOptions,
): Promise<EncodedPacket | null> {
  return (await ask(WITH_BYTES)) ?? (metadataOnly ? ask(TIMES_ONLY) : null);
}

async function layoutOf(track: InputVideoTrack, description: Uint8Array | undefined) {
  let parameters = description && sequenceParameters({ description, keyFrame: new Uint8Array(0) });
  if (!parameters) {
    const first = await orUndefined(new EncodedPacketSink(track).getFirstKeyPacket());
    parameters = first ? sequenceParameters({ keyFrame: first.data }) : undefined;
  }
  return parameters && pictureLayout(parameters);
}

/** The reader knows packets by what it gave: whoever keeps one for its time alone keeps that, too. */
function dropBytes({ first, last }: Frame): void {
  for (const packet of [first, last]) Object.assign(packet, { data: NO_BYTES });
}

function dataOf({ first, last }: Frame): Uint8Array {
  return first === last ? first.data : joinNumbers([first.data, last.data], Uint8Array);
}

function sharedTimes(): Failure {
  return new Failure(
    'times-unusable',
    'Several pictures of the video share one time, and it does not say which of them is shown when, so it cannot be told when anybody is where. Convert it to H.264 in an MP4 file with a frame rate and try again.',
  );
}
