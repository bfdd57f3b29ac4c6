/** Bytes of a unit that are looked at: a set of parameters has some hundred at most. */
const MOST_BYTES = 1024;

/** The bits of a unit of H.264, those left out that keep start codes from its content: ITU-T H.264, section 7.4.1. */
export class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(unit: Uint8Array) {
    const head = unit.subarray(0, MOST_BYTES);
    this.#bytes = head.filter(
      (byte, i) => byte !== 3 || i < 2 || head[i - 1] !== 0 || head[i - 2] !== 0,
    );
  }

  /** Whether more was read than there is. */
  get isOver(): boolean {
    return this.#at > 8 * this.#bytes.length;
  }

  /** Passes over bits. */
  skip(count: number): void {
    this.#at += count;
  }

  /** A whole number of so many bits. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1);
    }
    return value;
  }

  /** An Exp-Golomb code: section 9.1. */
  readNumber(): number {
    let zeros = 0;
    while (!this.isOver && zeros < 32 && this.read(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.read(zeros);
  }
}
