import { expect, test } from 'vitest';

test('the browser under test decodes H.264, VP9 and AV1', async () => {
  for (const codec of ['avc1.64001f', 'vp09.00.10.08', 'av01.0.04M.08']) {
    expect((await VideoDecoder.isConfigSupported({ codec })).supported, codec).toBe(true);
  }
});
