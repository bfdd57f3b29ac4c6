import { beforeAll, describe, expect, inject, test } from 'vitest';
import { cutVideo } from '../fixtures/copy-video.ts';
import { makeVideo } from '../fixtures/make-video.ts';
import { findBox } from '../fixtures/mp4-edit.ts';
import { readBytes, readVideo } from '../fixtures/read-video.ts';

const SAMPLE_ENTRY = ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd'];

/** Where the content of a codec configuration starts: it stands in the sample entry, which is no plain box. */
function configuration(mp4: Uint8Array, name: string): number {
  const { start, end } = findBox(mp4, SAMPLE_ENTRY);
  const entry = new TextDecoder('latin1').decode(mp4.subarray(start, end));
  return start + entry.indexOf(name) + 4;
}

describe('a codec configuration as careless recorders write it', () => {
  let avc: Uint8Array<ArrayBuffer>;
  beforeAll(async () => {
    const sample = await (await fetch('/samples/footpath-sample.mp4')).arrayBuffer();
    avc = await cutVideo(new Uint8Array(sample), 10);
  });
  const made = async (codec: 'vp9' | 'av1') =>
    new Uint8Array(
      await (await makeVideo({ seconds: 0.5, codec, container: 'mp4' })).arrayBuffer(),
    );

  test.each([
    ['VP9 of level 0', 'vpcC', 5, 0],
    ['VP9 of no such level', 'vpcC', 5, 99],
    ['AV1 of no such profile', 'av1C', 1, 0xe8],
    ['H.264 of no profile', 'avcC', 1, 0],
    ['H.264 of level 0', 'avcC', 3, 0],
    ['H.264 of no such level', 'avcC', 3, 255],
  ])('%s is read', async (_, box, at, value) => {
    const file = box === 'avcC' ? avc.slice() : await made(box === 'vpcC' ? 'vp9' : 'av1');
    file[configuration(file, box) + at] = value;
    const { samples, failure } = await readVideo(new Blob([file]));
    expect(failure?.message).toBeUndefined();
    expect(samples).toHaveLength(box === 'avcC' ? 10 : 15);
  });

  const shared = inject('shared');
  test.skipIf(shared === '')('of a browser that recorded VP9 into MP4 is read', async () => {
    const path = `${shared}/data/cases/06-recorded-vp9/rec_vp9.mp4`;
    const { samples, failure, report } = await readVideo(new Blob([await readBytes(path)]));
    expect(failure?.message).toBeUndefined();
    expect(samples).toHaveLength(115);
    expect(report!.framesDamaged).toBe(0);
  });
});
