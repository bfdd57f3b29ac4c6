/** Video whose planes are of red, green and blue, as some screen recorders write, decoded and read in real Chromium. */
import { expect, test } from 'vitest';
import { openVideo } from '../../src/media/open-video.ts';
import { Arena } from '../../workers/detector/thread/int8/arena.ts';
import { createPictureReaders } from '../../workers/detector/thread/int8/picture-reader.ts';
import { int8Module, startKernels } from '../../workers/detector/wasm/int8/module.ts';
import { PLAIN_INPUT } from '../fixtures/plain-input.ts';
import { readBytes } from '../fixtures/read-video.ts';

test('a video of red, green and blue has its colours', async () => {
  const module = await WebAssembly.compile(int8Module('relaxed'));
  const arena = new Arena();
  const kernels = startKernels({ module, sums: 'dot' }, arena.memory);
  const create = createPictureReaders({ ...PLAIN_INPUT, fit: 'stretch' }, { arena, kernels });
  // Three stripes of 32 pixels, two pictures.
  const file = new Blob([await readBytes('test/fixtures/rgb.mp4')]);
  const source = await openVideo(file, { sampleRate: 'all' });
  let count = 0;
  for await (const { image } of source.samples(new AbortController().signal)) {
    expect(image.frame.format).toBe('I444');
    const taken = await create({ width: 96, height: 48 }).take(image);
    image.frame.close();
    const { data } = taken.read().values;
    const at = (x: number) => [...data.subarray(4 * (24 * 96 + x), 4 * (24 * 96 + x) + 3)];
    expect([16, 48, 80].map(at)).toEqual([
      [255, 0, 0],
      [0, 255, 0],
      [0, 0, 255],
    ]);
    count++;
  }
  await source.close();
  expect(count).toBe(2);
});
