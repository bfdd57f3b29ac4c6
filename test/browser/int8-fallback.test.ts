/** What a browser without exact sums of 8-bit products gets. */
import { afterEach, expect, test, vi } from 'vitest';
import { createDetectorPool } from '../../workers/detector/pool/detector-pool.ts';
import type { Int8Offer } from '../../workers/detector/pool/int8-kernels.ts';

const nanodet = {
  manifestUrl: '/models/nanodet-person/manifest.json',
  video: { width: 64, height: 64 },
  quality: 'fast',
  threads: 1,
} as const;

afterEach(() => vi.restoreAllMocks());

/** What a fresh copy of the module offers: it tests once and remembers. */
async function offer(copy: string): Promise<Int8Offer> {
  const address = `../../workers/detector/pool/int8-kernels.ts?${copy}`;
  const { int8Kernels } = (await import(
    /* @vite-ignore */ address
  )) as typeof import('../../workers/detector/pool/int8-kernels.ts');
  return int8Kernels();
}

test('without SIMD the network runs in single precision, and the report says why', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  const pool = await createDetectorPool({ ...nanodet, backend: 'auto' });
  await pool.close();
  expect(pool.report.backend).toBe('wasm');
  expect(pool.report.notes).toContain('int8: this browser has no SIMD');
  await expect(createDetectorPool({ ...nanodet, backend: 'int8' })).rejects.toMatchObject({
    kind: 'backend-unavailable',
    message: expect.stringContaining('no SIMD'),
  });
});

test('without relaxed SIMD the sums are made of plain instructions', async () => {
  expect(await offer('with')).toMatchObject({ sums: expect.stringMatching(/dot|pairs/) });
  vi.spyOn(WebAssembly, 'validate').mockReturnValueOnce(false);
  expect(await offer('without')).toMatchObject({ sums: expect.stringMatching(/words|products/) });
});

test('sums are tested: a browser that gets them wrong is found out', async () => {
  expect(await offer('right')).toHaveProperty('module');
  const { Instance } = WebAssembly;
  vi.spyOn(WebAssembly, 'Instance').mockImplementation(function (
    this: WebAssembly.Instance,
    ...given: ConstructorParameters<typeof Instance>
  ) {
    const { exports } = new Instance(...given);
    const [, { env } = {}] = given;
    const wrongly =
      (name: string) =>
      (...all: number[]) => {
        (exports[name] as (...all: number[]) => void)(...all);
        // As Node 20 did in its first translation: one sum is off by one, now and then.
        new Float32Array((env!.memory as WebAssembly.Memory).buffer, all[10]! + 64, 1)[0]! += 1;
      };
    const convolutions = Object.keys(exports).filter((name) => name.startsWith('convolve'));
    const wrong = Object.fromEntries(convolutions.map((name) => [name, wrongly(name)]));
    return {
      exports: { ...exports, ...wrong },
    } as unknown as WebAssembly.Instance;
  } as never);
  expect(await offer('wrong')).toEqual({
    reason: 'this browser multiplies and adds whole numbers wrongly',
  });
});
