import { expect, test } from 'vitest';
import { onnxManifest } from '../../src/detect/onnx-family.ts';
import { openOnnxEmbedding } from '../../workers/detector/thread/onnx-embedding.ts';
import { loadOnnxNetwork } from '../../workers/detector/thread/onnx-network.ts';
import { smallOnnx } from '../fixtures/small-onnx.ts';

const SIZE = { width: 64, height: 64 };

function load(file: Uint8Array<ArrayBuffer>) {
  const manifest = onnxManifest('yolox', { name: 'own.onnx', bytes: file.length, sha256: '' });
  const files = new Map([['own.onnx', file.buffer]]);
  return loadOnnxNetwork({ manifest, files } as never, [SIZE]);
}

test('a network of numbers as they should be runs', async () => {
  const network = await load(smallOnnx(64, 84));
  expect(network.sizes).toEqual([SIZE]);
  expect(await network.run(new Float32Array(3 * 64 * 64), SIZE)).toHaveLength(6 * 84);
  network.close();
});

test.each([100_000, 4_294_967_291, 1])(
  'one that wants pictures of %d pixels a side is refused',
  async (side) => {
    await expect(load(smallOnnx(side, 84))).rejects.toMatchObject({
      kind: 'model-damaged',
      message: expect.stringMatching(/own\.onnx cannot be used: .*must be 32 to 4096/),
    });
  },
);

test('one whose answer is of other numbers says so, in place of seeing nobody', async () => {
  const network = await load(smallOnnx(64, 84, 'int64'));
  const run = network.run(new Float32Array(3 * 64 * 64), SIZE);
  await expect(run).rejects.toThrow('output is int64, not float32');
  network.close();
});

test('one that is to know people again and answers in other numbers is refused', async () => {
  const file = smallOnnx(64, 84, 'int64');
  const manifest = { id: 'own', input: { node: 'images', ...SIZE }, output: 'output' };
  const network = await openOnnxEmbedding({
    manifest: { ...manifest, files: [{ path: 'own.onnx' }] },
    files: new Map([['own.onnx', file.buffer]]),
  } as never);
  await expect(network.run(new Float32Array(3 * 64 * 64), 1)).rejects.toMatchObject({
    kind: 'model-damaged',
    message: expect.stringContaining('output is int64, not float32'),
  });
  network.close();
});
