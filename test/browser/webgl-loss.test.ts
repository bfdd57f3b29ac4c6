import { backend } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { loadModel } from '../../workers/detector/pool/load-model.ts';
import { startBackend } from '../../workers/detector/thread/backend.ts';
import { DeviceLost } from '../../workers/detector/thread/read-output.ts';
import { loadTfjsNetwork } from '../../workers/detector/thread/tfjs-network.ts';

test('a graphics card that is lost while its answer is read has not found nobody', async () => {
  await startBackend('webgl');
  const size = { width: 64, height: 64 };
  const model = await loadModel('/models/nanodet-person/manifest.json', 'real');
  const network = await loadTfjsNetwork(model, [size]);
  const picture = network.blank(size);
  expect(await network.run(picture, size)).toContainEqual(expect.not.closeTo(0, 9));
  const { gl } = (backend() as unknown as { gpgpu: { gl: WebGL2RenderingContext } }).gpgpu;
  const loss = gl.getExtension('WEBGL_lose_context')!;
  const read = gl.getBufferSubData;
  gl.getBufferSubData = (...asked: Parameters<typeof read>) => {
    loss.loseContext();
    read.apply(gl, asked);
  };
  await expect(network.run(picture, size)).rejects.toThrow(DeviceLost);
}, 120_000);
