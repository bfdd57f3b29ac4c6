import type { BackendName } from '../../../src/engine/ports.ts';

/** What the machine offers, best first, and why the others are not there. */
export interface BackendProbe {
  readonly candidates: readonly BackendName[];
  readonly notes: readonly string[];
}

/** Names of renderers that draw on the processor: slower there than wasm, by far. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** Looks for a graphics card worth trying. */
export async function probeGpu(): Promise<BackendProbe> {
  const notes: string[] = [];
  const candidates: BackendName[] = [];
  for (const [name, reason] of [
    ['webgpu', await whyNoWebGpu()],
    ['webgl', whyNoWebGl()],
  ] as const) {
    if (reason === undefined) candidates.push(name);
    else notes.push(`${name}: ${reason}`);
  }
  return { candidates, notes };
}

async function whyNoWebGpu(): Promise<string | undefined> {
  if (!navigator.gpu) return 'this browser has none';
  let adapter: GPUAdapter | null;
  try {
    adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch (error) {
    return `no adapter (${error})`;
  }
  if (!adapter) return 'no adapter';
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const text = [vendor, architecture, description].filter(Boolean).join(' ');
  return isFallbackAdapter || SOFTWARE.test(text) ? `software adapter (${text})` : undefined;
}

function whyNoWebGl(): string | undefined {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return 'this browser has no WebGL 2 here';
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(renderer) ? `software renderer (${renderer})` : undefined;
}
