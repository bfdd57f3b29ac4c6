/** tfjs and its backends, each loaded only when it is wanted. */

import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import wasmSimdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { backend, env, ready, setBackend } from '@tensorflow/tfjs-core';
import { Failure } from '../../../src/contract/failure.ts';
import { messageOf } from '../../../src/contract/message-of.ts';
import type { BackendName } from '../../../src/engine/ports.ts';
import { useFusedConvolutions } from '../wasm/fused-convolution.ts';

/** A backend of tfjs. */
export type TfjsBackend = Exclude<BackendName, 'int8'>;

/** tfjs tells no more than the console. */
const NO_WASM = 'it did not get the memory that it needs, or its file is damaged';

/**
 * Starts one backend in this thread.
 * @throws Failure `backend-unavailable` when the browser or the machine does not have it
 */
export async function startBackend(name: TfjsBackend): Promise<void> {
  try {
    await load[name]();
    if (!(await setBackend(name))) {
      throw new Error(name === 'wasm' ? NO_WASM : 'tfjs could not start it');
    }
    await ready();
    if (name === 'wasm') await useFusedConvolutions();
  } catch (error) {
    const text = messageOf(error);
    throw new Failure('backend-unavailable', `The backend ${name} does not start: ${text}.`, error);
  }
}

/** What tfjs's GPU backends compute on. */
interface GpuBackend {
  readonly device?: GPUDevice;
  readonly gpgpu?: { readonly gl: { readonly canvas: EventTarget } };
}

/**
 * Tells once when the GPU is gone (its process died, driver reset, computer asleep, too much memory): nothing computes
 * after that. tfjs keeps waiting for a lost WebGL context's answers.
 * @param tell is given the reason, for people
 */
export function watchDevice(tell: (reason: string) => void): void {
  const { device, gpgpu } = backend() as unknown as GpuBackend;
  void device?.lost.then(({ reason, message }) => tell(message || reason));
  gpgpu?.gl.canvas.addEventListener(
    'webglcontextlost',
    () => tell('the graphics card dropped what was computed on it'),
    { once: true },
  );
}

const load: Record<TfjsBackend, () => Promise<void>> = {
  async webgpu() {
    // tfjs reads the adapter's features without asking whether there is an adapter.
    if (!(await navigator.gpu?.requestAdapter())) throw new Error('there is no WebGPU adapter');
    await import('@tensorflow/tfjs-backend-webgpu');
  },
  async webgl() {
    await import('@tensorflow/tfjs-backend-webgl');
  },
  async wasm() {
    if (typeof WebAssembly === 'undefined') {
      throw new Error('this browser runs no WebAssembly, which its security settings may forbid');
    }
    const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    // One thread a frame and several frames at a time beat several threads a frame, and need no cross-origin isolation.
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setThreadsCount(1);
    setWasmPaths({
      'tfjs-backend-wasm.wasm': wasmUrl,
      'tfjs-backend-wasm-simd.wasm': wasmSimdUrl,
      'tfjs-backend-wasm-threaded-simd.wasm': wasmSimdUrl,
    });
  },
  async cpu() {
    await import('@tensorflow/tfjs-backend-cpu');
  },
};
