/** IEEE 754 binary16, the form in which large weights are stored. */

const bits = new DataView(new ArrayBuffer(4));

/**
 * The nearest half-precision number, ties to even (IEEE 754-2008, 4.3.1).
 * @param {number} value a number of magnitude below 65520
 * @returns {number} its 16 bits
 * @throws {RangeError} when the value has no finite half-precision form
 */
export function toFloat16(value) {
  bits.setFloat32(0, value);
  const word = bits.getUint32(0);
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x477ff000) throw new RangeError(`${value} is outside the range of float16`);
  if (magnitude < 0x38800000) {
    // Below 2^-14 halves are subnormal: multiples of 2^-24.
    const steps = Math.abs(value) * 2 ** 24;
    const down = Math.floor(steps);
    const rest = steps - down;
    return sign | (down + (rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? 1 : 0));
  }
  const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
  return sign | ((rounded - 0x38000000) >>> 13);
}

/**
 * @param {ArrayLike<number>} values
 * @returns {Uint16Array} each value's nearest half
 */
export function encodeFloat16(values) {
  return Uint16Array.from(values, toFloat16);
}

/**
 * @param {ArrayLike<number>} halves 16 bits each
 * @returns {Float32Array} their exact values
 */
export function decodeFloat16(halves) {
  return Float32Array.from(halves, (word) => {
    const exponent = (word >> 10) & 31;
    const fraction = word & 1023;
    const sign = word & 0x8000 ? -1 : 1;
    if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (exponent ? (1 + fraction / 1024) * 2 ** (exponent - 15) : fraction * 2 ** -24);
  });
}
