import { describe, expect, test } from 'vitest';
import { foreignFormat } from '../../src/media/foreign-format.ts';
import { FrameLedger } from '../../src/media/frame-ledger.ts';
import { hasEncryptedVideo, lacksMp4Index } from '../../src/media/mp4-boxes.ts';
import { PacketTimeline, type PacketTimes } from '../../src/media/packet-timeline.ts';

/** Packets of 25 frames a second with the given times in frames, a key frame first. */
function packets(times: number[], firstSequence = 0): PacketTimes[] {
  return times.map((time, i) => ({
    type: i === 0 ? 'key' : 'delta',
    timestamp: time / 25,
    duration: 1 / 25,
    sequenceNumber: firstSequence + i,
  }));
}

const place = (times: number[], start = 0) => {
  const timeline = new PacketTimeline(start);
  return packets(times).map((packet) => timeline.place(packet));
};

describe('the timeline', () => {
  test('counts from the start that a player shows, pre-roll hidden', () => {
    const placed = place([-2, -1, 0, 1]);
    expect(placed.map(({ isShown }) => isShown)).toEqual([false, false, true, true]);
    const late = place([250, 251], 10);
    expect(late.map(({ microseconds }) => microseconds)).toEqual([0, 40_000]);
  });

  test('a frame that is cut into by the start appears at 0', () => {
    expect(place([-0.5, 0.5])[0]).toMatchObject({ isShown: true, seconds: 0 });
  });

  test('a clock that starts anew at a key frame goes on; reordering is none', () => {
    const timeline = new PacketTimeline(0);
    for (const packet of packets([0, 3, 1, 2, ...Array.from({ length: 46 }, (_, k) => k + 4)])) {
      timeline.place(packet);
    }
    const again = timeline.copy().place(packets([0], 50)[0]!);
    expect(again.seconds).toBeCloseTo(50 / 25);
    expect(timeline.endSeconds).toBeCloseTo(50 / 25);
  });

  test('a key frame that steps back over more frames than are put into order does so too', () => {
    const timeline = new PacketTimeline(0);
    const times = Array.from({ length: 25 }, (_, k) => k);
    for (const packet of packets(times)) timeline.place(packet);
    expect(timeline.isJoined).toBe(false);
    expect(timeline.copy().place(packets([10], 25)[0]!).seconds).toBeCloseTo(10 / 25);
    expect(timeline.place(packets([0], 25)[0]!).seconds).toBeCloseTo(1);
    expect(timeline.isJoined).toBe(true);
  });

  test('gives every packet its own microsecond', () => {
    const placed = place([0, 1, 1, 1, 2]);
    expect(new Set(placed.map(({ microseconds }) => microseconds)).size).toBe(5);
  });
});

describe('the ledger', () => {
  test('numbers frames in order of display and finds those that never came', () => {
    const ledger = new FrameLedger();
    const placed = place([0, 4, 2, 1, 3]);
    for (const packet of placed) ledger.expect(packet);
    const [zero, four, , one] = placed;
    expect(ledger.take(zero!)).toMatchObject({ ordinal: 0, seconds: 0 });
    expect(ledger.take(one!)).toMatchObject({ ordinal: 1 });
    expect(ledger.take(four!)).toMatchObject({ ordinal: 4, seconds: 4 / 25 });
    expect(ledger).toMatchObject({ expected: 5, decoded: 3, lost: 2, lostAtMs: [80, 120] });
  });

  test('gives a frame once, however often it is decoded', () => {
    const ledger = new FrameLedger(7);
    const placed = place([0, 1, 2]);
    for (const packet of placed) ledger.expect(packet);
    expect(ledger.take(placed[0]!)).toMatchObject({ ordinal: 7 });
    expect(ledger.take(placed[0]!)).toBeUndefined();
    expect(ledger).toMatchObject({ decoded: 1, lost: 0 });
  });

  test('counts on where an earlier reading had come to, and nothing twice', () => {
    const before = {
      framesExpected: 4,
      framesDecoded: 2,
      framesDamaged: 2,
      damagedAtMs: [40, 80],
      decoderRestarts: 1,
      framesOpen: 0,
    };
    const ledger = new FrameLedger(0, before);
    const placed = place([0, 1, 2, 3, 4, 5]);
    for (const packet of placed.slice(0, 3)) ledger.expect(packet);
    expect(ledger.expected).toBe(4);
    for (const packet of placed.slice(3)) ledger.expect(packet);
    for (const k of [0, 3]) ledger.take(placed[k]!);
    expect(ledger).toMatchObject({ expected: 6, decoded: 2, lost: 2, lostAtMs: [40, 80] });
    expect(ledger.take(placed[5]!)).toMatchObject({ ordinal: 5, framesLost: 3 });
    expect(ledger).toMatchObject({ decoded: 3, lost: 3, lostAtMs: [40, 80, 160] });
  });

  test('gives up what precedes a packet in decoding order, and only that', () => {
    const ledger = new FrameLedger();
    for (const packet of place([0, 3, 1, 2])) ledger.expect(packet);
    ledger.giveUp(2);
    expect(ledger).toMatchObject({ lost: 2, earliestDue: 2 });
    ledger.giveUp(Number.POSITIVE_INFINITY);
    expect(ledger).toMatchObject({ lost: 4, earliestDue: undefined });
  });

  test('frames that come in another order than their times take the due times from then on', () => {
    const ledger = new FrameLedger();
    const placed = place([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const packet of placed) ledger.expect(packet);
    const shown = [0, 2, 3, 1, 5, 6, 4, 7].map((k) => ledger.take(placed[k]!)?.ordinal);
    expect(shown).toEqual([0, 2, 3, undefined, 4, 5, 6, 7]);
    expect(ledger).toMatchObject({ decoded: 8, lost: 0, lostAtMs: [] });
  });
});

describe('files that are no readable video', () => {
  const ascii = (text: string) => new TextEncoder().encode(text);

  test.each([
    ['RIFF\0\0\0\0AVI LIST', 'an AVI video'],
    ['RIFF\0\0\0\0WEBPVP8 ', 'a WebP picture'],
    ['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'a HEIC picture'],
    ['\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'an AVIF picture'],
    ['\0\0\0\x18ftypmsf1\0\0\0\0miafmsf1', 'a HEIF picture'],
    ['\0\0\0\x0cJXL \r\n', 'a JPEG XL picture'],
    ['MM\0*\0\0\0\x08', 'a TIFF or raw picture'],
    ['FLV\x01', 'a Flash video (FLV)'],
    ['GIF89a', 'a GIF picture'],
    ['PK\x03\x04', 'a ZIP archive or an office document'],
    ['IMKH\x01\x01\0\0', 'a recording of a Hikvision recorder (an MPEG program stream)'],
    ['DHAV\0\0\0\0', 'a recording of a Dahua recorder (DAV)'],
    ['7z\xbc\xaf\x27\x1c', 'a 7-Zip archive'],
    ['L\0\0\0\x01\x14\x02\0\0\0', 'a link of Windows, not the file that it leads to'],
    ['\0'.repeat(64), 'a file that begins with zeros alone, as where a copy or a recording failed'],
    ['milk, bread\n', 'a text file'],
    ['\xff\xfeM\0i\0l\0c\0h\0', 'a text file'],
  ])('%j is %s', (head, name) => {
    expect(foreignFormat(Uint8Array.from(head, (letter) => letter.charCodeAt(0)))).toBe(name);
  });

  test('text may be in any language, and be cut within a letter', () => {
    const text = ascii('Grüße, 你好, молоко и хлеб');
    for (let end = 5; end <= text.length; end++) {
      expect(foreignFormat(text.subarray(0, end)), `${end}`).toBe('a text file');
    }
  });

  test('unknown bytes have no name', () => {
    expect(foreignFormat(Uint8Array.of(1, 2, 3, 200))).toBeUndefined();
    expect(foreignFormat(new Uint8Array(0))).toBeUndefined();
    expect(foreignFormat(ascii('\0\0\0\x18ftypisom\0\0\0\0isomavc1'))).toBeUndefined();
    expect(foreignFormat(ascii('\0\0\x01xskipGPS'))).toBeUndefined();
  });

  const box = (name: string, ...content: Uint8Array[]): Uint8Array => {
    const body = content.flatMap((part) => [...part]);
    const header = new Uint8Array(8);
    new DataView(header.buffer).setUint32(0, 8 + body.length);
    header.set(ascii(name), 4);
    return Uint8Array.of(...header, ...body);
  };
  const inMemory = (...parts: Uint8Array[]) => {
    const all = Uint8Array.of(...parts.flatMap((part) => [...part]));
    return {
      size: async () => all.length,
      read: async (start: number, end: number) => all.slice(start, end),
    };
  };
  const movie = (entry: string) => {
    const description = box('stsd', new Uint8Array(8), box(entry, new Uint8Array(4)));
    const table = box('minf', box('vmhd'), box('stbl', description));
    return box('moov', box('mvhd'), box('trak', box('tkhd'), box('mdia', table)));
  };

  test('an MP4 file lacks its index when it is not there or not whole', async () => {
    const start = box('ftyp', ascii('isom'));
    expect(await lacksMp4Index(inMemory(start, movie('avc1')))).toBe(false);
    expect(await lacksMp4Index(inMemory(start, box('mdat')))).toBe(true);
    expect(await lacksMp4Index(inMemory(start, movie('avc1').slice(0, 60)))).toBe(true);
  });

  test('encrypted video is known by its sample entry', async () => {
    const start = box('ftyp', ascii('isom'));
    expect(await hasEncryptedVideo(inMemory(start, movie('encv')))).toBe(true);
    expect(await hasEncryptedVideo(inMemory(start, movie('drmi')))).toBe(true);
    expect(await hasEncryptedVideo(inMemory(start, movie('avc1')))).toBe(false);
    expect(await hasEncryptedVideo(inMemory(ascii('not boxes at all')))).toBe(false);
  });
});
