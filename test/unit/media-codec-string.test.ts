import { describe, expect, test } from 'vitest';
import { type CodedStream, mendedCodec } from '../../src/media/codec-string.ts';

const VP9_KEY = Uint8Array.of(0x82, 0x49, 0x83, 0x42, 0x00);
const mended = (codec: string, more: Partial<CodedStream> = {}) =>
  mendedCodec({ codec, width: 640, height: 480, keyFrame: new Uint8Array(0), ...more });

describe('a codec string', () => {
  test.each([
    ['vp09.00.00.08', 'vp09.00.30.08'],
    ['vp09.00.00.08.00.01.13.01.01', 'vp09.00.30.08'],
    ['vp09.00.99.08', 'vp09.00.30.08'],
    ['vp09.00.41.08', 'vp09.00.41.08'],
    ['vp09', 'vp09.00.30.08'],
  ])('%s becomes %s', (codec, wanted) => {
    expect(mended(codec, { keyFrame: VP9_KEY })).toBe(wanted);
    expect(mended(codec)).toBe(wanted);
  });

  test('has the profile and depth of the VP9 pictures', () => {
    expect(mended('vp09.00.00.08', { keyFrame: Uint8Array.of(0x92, 0x49, 0x83, 0x42, 0) })).toBe(
      'vp09.02.30.10',
    );
    expect(mended('vp09.00.00.08', { keyFrame: Uint8Array.of(0x92, 0x49, 0x83, 0x42, 0x80) })).toBe(
      'vp09.02.30.12',
    );
  });

  test('has a level that holds the pictures', () => {
    expect(mended('vp09.00.00.08', { width: 3840, height: 2160 })).toBe('vp09.00.50.08');
    expect(mended('av01.0.77M.08', { width: 1920, height: 1080 })).toBe('av01.0.08M.08');
    expect(mended('avc1.640000', { width: 1920, height: 1080 })).toBe('avc1.640028');
    expect(mended('vp09.00.00.08', { width: 16_384, height: 16_384 })).toBe('vp09.00.62.08');
  });

  test('has the profile of the AV1 sequence header, and its depths', () => {
    const keyFrame = Uint8Array.of(0x12, 0x00, 0x0a, 0x02, 0x20, 0x00);
    expect(mended('av01.3.04M.08', { keyFrame })).toBe('av01.1.04M.08');
    expect(mended('av01.0.04M.00')).toBe('av01.0.04M.08');
    expect(mended('av01.0.04M.10.0.110.99.01.01.0')).toBe('av01.0.04M.10');
  });

  test('has the profile of the H.264 parameter set, in the configuration or in the stream', () => {
    const description = Uint8Array.of(1, 0, 0, 0, 255, 225, 0, 4, 0x67, 0x4d, 0x40, 0x1f, 0);
    expect(mended('avc1.000000', { description })).toBe('avc1.4d401F');
    const keyFrame = Uint8Array.of(0, 0, 0, 1, 9, 16, 0, 0, 1, 0x67, 0x64, 0, 0x63, 1, 2, 3, 4);
    expect(mended('avc3.000000', { keyFrame })).toBe('avc3.640016');
  });

  test('of other codecs is left alone', () => {
    expect(mended('hvc1.1.6.L93.B0')).toBeUndefined();
  });
});
