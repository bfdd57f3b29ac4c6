import { expect, test } from 'vitest';
import { openVideo } from '../../src/media/open-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';

async function recordedAt(body: Blob): Promise<Date | undefined> {
  const video = await openVideo(body, { sampleRate: 15 });
  await video.close();
  const { recordedAtMs } = video.info;
  return recordedAtMs === undefined ? undefined : new Date(recordedAtMs);
}

async function bytesOf(video: Blob): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await video.arrayBuffer());
}

function find(bytes: Uint8Array, text: readonly number[]): number {
  for (let at = 0; at < bytes.length; at++) {
    if (text.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  throw new Error('not found');
}

const MVHD = [...'mvhd'].map((letter) => letter.charCodeAt(0));
/** 2026-03-01T09:30:00Z in seconds since 1904. */
const MP4_SECONDS = Date.UTC(2026, 2, 1, 9, 30) / 1000 + 2_082_844_800;

test('an MP4 file tells when it was recorded, as far as that can be', async () => {
  const bytes = await bytesOf(await makeVideo({ seconds: 0.5, codec: 'av1' }));
  const view = new DataView(bytes.buffer);
  const at = find(bytes, MVHD) + 8;
  view.setUint32(at, MP4_SECONDS);
  expect(await recordedAt(new Blob([bytes]))).toEqual(new Date('2026-03-01T09:30:00Z'));
  // Never set; a day alone; a time that has not come.
  for (const seconds of [0, MP4_SECONDS - 34_200, 4_294_967_295]) {
    view.setUint32(at, seconds);
    expect(await recordedAt(new Blob([bytes]))).toBeUndefined();
  }
});

test('a Matroska file tells it in its DateUTC', async () => {
  const bytes = await bytesOf(await makeVideo({ seconds: 0.5 }));
  expect(await recordedAt(new Blob([bytes]))).toBeUndefined();
  // The muxer's name (MuxingApp) makes room for the date, and for an element that says nothing.
  const at = find(bytes, [0x4d, 0x80]);
  const length = bytes[at + 2]! & 0x7f;
  expect(length).toBeGreaterThanOrEqual(10);
  const view = new DataView(bytes.buffer);
  const nanoseconds = BigInt(Date.UTC(2026, 2, 1, 9, 30) - Date.UTC(2001, 0, 1)) * 1_000_000n;
  bytes.set([0x44, 0x61, 0x88], at);
  view.setBigInt64(at + 3, nanoseconds);
  const rest = length - 8;
  bytes.set([0xec, 0x80 | (rest - 2)], at + 11);
  expect(await recordedAt(new Blob([bytes]))).toEqual(new Date('2026-03-01T09:30:00Z'));
});
