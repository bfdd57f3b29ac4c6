import { Failure } from '../src/contract/failure.ts';

/** A module of nothing: its magic number and its version. https://webassembly.github.io/spec/core/binary/modules.html */
const EMPTY_MODULE = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/**
 * Whether a content security policy keeps this thread from running WebAssembly. Browsers tell that as an error of the module, some
 * with the advice to allow far more than is needed.
 * @returns Failure `engine-missing`; undefined where none does
 */
export function wasmRefused(): Failure | undefined {
  if (typeof WebAssembly === 'undefined') return undefined;
  try {
    new WebAssembly.Module(EMPTY_MODULE);
    return undefined;
  } catch (error) {
    return new Failure(
      'engine-missing',
      `The content security policy that comes with ${location.href} lets it run no WebAssembly: script-src must allow 'wasm-unsafe-eval' there, in an extension under content_security_policy.extension_pages of its manifest.`,
      error,
    );
  }
}
