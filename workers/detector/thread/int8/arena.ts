import type { Int8Kernels } from '../../wasm/int8/module.ts';
import { outOfMemory } from '../out-of-memory.ts';

const PAGE = 65_536;
/** Vectors are loaded fastest from a multiple of their size, and lines of the cache are 64 bytes. */
const ALIGNMENT = 64;
/** Kernels read and write whole vectors, so up to so many bytes beyond the end of what is theirs. */
const SLACK = 256;

/** Kernels, and the memory that they were started on. */
export interface KernelMemory {
  readonly kernels: Int8Kernels;
  readonly arena: Arena;
}

/** The memory that kernels work on, given out piece by piece and never taken back: what is planned stays. */
export class Arena {
  readonly memory: WebAssembly.Memory;
  #end: number;
  readonly #limit: number;

  /**
   * @param memory default one of its own
   * @param start where its first piece may lie
   * @param limit before which its last piece ends
   */
  constructor(
    memory = new WebAssembly.Memory({ initial: 1 }),
    start = ALIGNMENT,
    limit = Number.POSITIVE_INFINITY,
  ) {
    this.memory = memory;
    this.#end = start;
    this.#limit = limit;
  }

  /** Where the next piece will lie. */
  get end(): number {
    return this.#end;
  }

  /**
   * @param bytes of a new piece: zeros, unless the arena lies on memory that was used before
   * @returns its address; views of the memory made before are of no more use
   * @throws RangeError where the arena has a limit and it does not fit
   * @throws Failure `worker-crashed` where the device has no more memory
   */
  allocate(bytes: number): number {
    const address = this.#end;
    this.#end = Math.ceil((address + bytes + SLACK) / ALIGNMENT) * ALIGNMENT;
    if (this.#end > this.#limit) throw new RangeError(`${bytes} bytes do not fit there.`);
    const missing = this.#end - this.memory.buffer.byteLength;
    if (missing > 0) this.#grow(Math.ceil(missing / PAGE));
    return address;
  }

  #grow(pages: number): void {
    try {
      this.memory.grow(pages);
    } catch (error) {
      throw outOfMemory(error);
    }
  }

  /** A view of bytes, until more is allocated. */
  bytes(address: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.memory.buffer, address, length);
  }

  /** A view of 16-bit whole numbers, until more is allocated. */
  shorts(address: number, length: number): Int16Array<ArrayBuffer> {
    return new Int16Array(this.memory.buffer, address, length);
  }

  /** A view of 32-bit whole numbers, until more is allocated. */
  words(address: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.memory.buffer, address, length);
  }

  /** A view of 32-bit real numbers, until more is allocated. */
  reals(address: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.memory.buffer, address, length);
  }
}
