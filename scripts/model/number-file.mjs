/** Numbers one behind the other, each list at a multiple of four bytes. */
export class NumberFile {
  /** @type {Uint8Array[]} */
  #parts = [];
  #length = 0;

  /** @param {Int8Array | Int32Array | Float32Array} list @returns {number} where it starts */
  add(list) {
    const at = this.#length;
    const padded = new Uint8Array(4 * Math.ceil(list.byteLength / 4));
    padded.set(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
    this.#parts.push(padded);
    this.#length += padded.length;
    return at;
  }

  /** @returns {Buffer} all of them */
  bytes() {
    return Buffer.concat(this.#parts);
  }
}
