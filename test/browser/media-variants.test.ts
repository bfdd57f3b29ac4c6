import { describe, expect, inject, test } from 'vitest';
import type { FailureKind } from '../../src/contract/failure.ts';
import { expectToLookAsPlayed } from '../fixtures/as-played.ts';
import { endOf, readBytes, readParts, readVideo } from '../fixtures/read-video.ts';

const shared = inject('shared');
const path = (name: string) => `${shared}/data/variants/${name}`;
const open = async (name: string) => new Blob([await readBytes(path(name))]);
/** More than the slowest file takes on a busy machine; a file that hangs takes longer. */
const LIMIT_MS = 60_000;

if (shared === '') console.log('Decode variants: skipped, FOOTPATH_SHARED is not there.');

/** Files that are read whole: frames at 12 a second, 96 of them of 768x432 unless said otherwise. */
const WHOLE: Record<string, { frames?: number; shape?: string; startMs?: number; fps?: number }> = {
  'av1.mp4': {},
  'av1.webm': {},
  'big_7680x4320.mp4': { frames: 2, shape: '7680x4320 r0' },
  'fps1.mp4': { frames: 10, fps: 1 },
  'fullrange_bt601.mp4': {},
  'h264.mkv': {},
  'h264.ts': { startMs: 23 },
  'h264_allintra.mp4': {},
  'h264_baseline.mp4': {},
  'h264_bframes_editlist.mp4': {},
  'h264_bframes_noeditlist.mp4': {},
  'h264_frag.mp4': {},
  'h264_high10.mp4': {},
  'h264_high422.mp4': {},
  'h264_high444.mp4': {},
  'h264_high_aac.mp4': {},
  'h264_longgop.mp4': {},
  'h264_lossless_q0.mp4': { frames: 24 },
  'h264_main.mp4': {},
  'hdr10_tags.mp4': {},
  'mp4_renamed.webm': {},
  'neg_start_pts.mp4': { frames: 72 },
  'nonmod16_642x478.mp4': { shape: '642x478 r0' },
  'odd_641x479_av1.mp4': { frames: 24, shape: '641x479 r0' },
  'odd_641x479_h264_444.mp4': { shape: '641x479 r0' },
  'odd_641x479_vp9.webm': { shape: '641x479 r0' },
  'one_frame.mp4': { frames: 1 },
  'rot180.mp4': { shape: '768x432 r180' },
  'rot90.mov': { shape: '432x768 r90' },
  'rot90.mp4': { shape: '432x768 r270' },
  'sar2x1.mp4': {},
  'src.mp4': {},
  'start_offset10.mp4': {},
  'tiny_2x2.webm': { shape: '2x2 r0' },
  'two_frames.mp4': { frames: 2 },
  'two_video_tracks.mp4': {},
  'vp8.webm': {},
  'vp9.mp4': {},
  'vp9.webm': {},
  'vp9_alpha.webm': {},
  'vp9_p2_10bit.webm': {},
  'webm_nocues_live.webm': {},
};

/** Of those, one of each container and of each way in which times are not what one expects. */
const ODD_TIMES = [
  'fps1.mp4',
  'h264.mkv',
  'h264.ts',
  'h264_bframes_editlist.mp4',
  'h264_bframes_noeditlist.mp4',
  'h264_frag.mp4',
  'neg_start_pts.mp4',
  'one_frame.mp4',
  'start_offset10.mp4',
  'two_frames.mp4',
  'vp8.webm',
  'webm_nocues_live.webm',
];

/** Seconds at which a video is cut into four parts. */
function cutsOf(samples: readonly { timeSeconds: number }[]): number[] {
  const middle = samples[Math.floor(samples.length / 2)]!.timeSeconds;
  return [middle / 2, middle, middle + 0.7];
}

/** Files that end in a failure, and how many frames come before it. */
const FAILING: Record<string, { kind: FailureKind; frames?: number }> = {
  'audio_only.m4a': { kind: 'no-video-track' },
  'audio_only.mp3': { kind: 'no-video-track' },
  'audio_only.mp4': { kind: 'no-video-track' },
  'audio_only.wav': { kind: 'no-video-track' },
  'av1.ivf': { kind: 'not-a-video' },
  'flip200.ts': { kind: 'no-frame' },
  'flip200_mdat.mp4': { kind: 'no-frame' },
  'flip20_moov.mp4': { kind: 'no-frame' },
  'flip50_av1.mp4': { kind: 'no-frame' },
  'ftyp_only.mp4': { kind: 'video-truncated' },
  'gif.gif': { kind: 'not-a-video' },
  'h263.3gp': { kind: 'codec-unsupported' },
  'h264.avi': { kind: 'not-a-video' },
  'h264.flv': { kind: 'not-a-video' },
  'h264_annexb.264': { kind: 'not-a-video' },
  'm4a_coverart.m4a': { kind: 'no-video-track' },
  'mjpeg.avi': { kind: 'not-a-video' },
  'mjpeg.mov': { kind: 'codec-unsupported' },
  'mpeg2.ts': { kind: 'no-video-track' },
  'mpeg4_sp.mp4': { kind: 'codec-unsupported' },
  'mpeg4_xvid.avi': { kind: 'not-a-video' },
  'png_renamed.mp4': { kind: 'not-a-video' },
  'random_bytes.mp4': { kind: 'not-a-video' },
  'text_renamed.mp4': { kind: 'not-a-video' },
  'theora.ogv': { kind: 'no-video-track' },
  'trunc60.mkv': { kind: 'video-truncated', frames: 51 },
  'trunc60_faststart.mp4': { kind: 'video-truncated', frames: 53 },
  'trunc60_frag.mp4': { kind: 'video-truncated', frames: 48 },
  'trunc60_moov_at_end.mp4': { kind: 'video-truncated' },
  'trunc60_vp9.webm': { kind: 'video-truncated', frames: 53 },
  'trunc_1kB.mp4': { kind: 'video-truncated' },
  'ts_cut_midgop.ts': { kind: 'no-frame' },
  'wmv2.wmv': { kind: 'not-a-video' },
  'zero_bytes.mp4': { kind: 'not-a-video' },
  'zerofill_30_50.mp4': { kind: 'video-truncated', frames: 28 },
};

/** Coded as HEVC: some Chromiums decode it through the system, some do not. */
const HEVC = ['hevc.ts', 'hevc_hvc1.mp4', 'hevc_main10.mp4'];

describe.skipIf(shared === '')('decode variants', { timeout: LIMIT_MS }, () => {
  test.each(Object.entries(WHOLE))(
    '%s is read whole, and in parts the same',
    async (name, expected) => {
      const { frames = 96, shape = '768x432 r0', startMs = 0, fps = 12 } = expected;
      const body = await open(name);
      const { samples, failure, report, info } = await readVideo(body);
      expect(failure?.message).toBeUndefined();
      expect(samples).toHaveLength(frames);
      expect(samples.map(({ frame }) => frame)).toEqual(samples.map((_, k) => k));
      for (const [k, { timestampMs }] of samples.entries()) {
        expect(Math.abs(timestampMs - (startMs + (k * 1000) / fps))).toBeLessThan(1.01);
      }
      expect(new Set(samples.map((sample) => sample.shape))).toEqual(new Set([shape]));
      expect(report).toMatchObject({
        framesExpected: frames,
        framesDecoded: frames,
        framesDamaged: 0,
        decoderRestarts: 0,
      });
      expect(info!.expectedSamples).toBe(frames);
      expect(info!.frameRate).toBeCloseTo(fps, 3);
      expect(info!.durationMs).toBeGreaterThanOrEqual(samples.at(-1)!.timestampMs);
      expect(await readParts(body, 'all', cutsOf(samples))).toEqual(samples);
    },
  );

  test.each(ODD_TIMES)('%s in parts is what it is as a whole, on the grid too', async (name) => {
    const body = await open(name);
    const { samples } = await readVideo(body, { sampleRate: 5 });
    expect(await readParts(body, 5, cutsOf(samples))).toEqual(samples);
  });

  test.each(Object.entries(FAILING))(
    '%s fails as it should',
    async (name, { kind, frames = 0 }) => {
      const read = await readVideo(await open(name));
      expect(endOf(read)).toBe(kind);
      expect(read.failure!.message.length).toBeGreaterThan(40);
      expect(read.samples).toHaveLength(frames);
    },
  );

  test.each(HEVC)('%s is read, or refused with the remedy', async (name) => {
    const { samples, failure } = await readVideo(await open(name));
    if (!failure) expect(samples).toHaveLength(96);
    else expect(failure.message).toMatch(/HEVC \(H\.265\).*Convert it to H\.264/);
  });

  test('an edit list that begins within a frame shows that frame at 0', async () => {
    const { samples, report } = await readVideo(await open('h264_trim_editlist.mp4'));
    expect(samples).toHaveLength(81);
    expect(samples.slice(0, 3).map(({ timestampMs }) => timestampMs)).toEqual([0, 33, 116]);
    expect(report).toMatchObject({ framesExpected: 81, framesDamaged: 0 });
  });

  test('times that were never put into order do not lose frames', async () => {
    const { samples, report } = await readVideo(await open('remux_raw264_neg_first_ts.mp4'));
    expect(report).toMatchObject({ framesExpected: 594, framesDamaged: 0 });
    expect(samples.length).toBeGreaterThanOrEqual(592);
    const times = samples.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('transport streams joined end to end go on where the first one ends', async () => {
    const one = await readBytes(path('h264.ts'));
    const { samples, failure } = await readVideo(new Blob([one, one]));
    expect(failure?.message).toBeUndefined();
    expect(samples).toHaveLength(192);
    const gaps = samples
      .slice(1)
      .map(({ timeSeconds }, k) => timeSeconds - samples[k]!.timeSeconds);
    expect(Math.min(...gaps)).toBeGreaterThan(0.05);
    expect(Math.max(...gaps)).toBeLessThan(0.15);
  });

  test.each(['h264.ts', 'h264.mkv', 'vp9.webm', 'h264_bframes_noeditlist.mp4', 'h264_frag.mp4'])(
    '%s goes on at any sample as it was',
    async (name) => {
      const file = await open(name);
      const read = await readVideo(file, { sampleRate: 5 });
      for (const from of [1, 17, read.samples.length - 1]) {
        const later = await readVideo(file, { sampleRate: 5, after: { read, sample: from - 1 } });
        expect(later.samples, `${from}`).toEqual(read.samples.slice(from));
        expect(later.report, `${from}`).toEqual(read.report);
      }
    },
  );

  test.each([
    'rot90.mov',
    'rot90.mp4',
    'rot180.mp4',
    'sar2x1.mp4',
    'odd_641x479_vp9.webm',
    'src.mp4',
  ])('%s looks as the browser itself plays it', async (name) => {
    await expectToLookAsPlayed(await open(name));
  });
});
