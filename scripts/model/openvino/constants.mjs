/** What layers do to constants, done once when the network is prepared. */
import { nameOf } from './layers.mjs';

/** @typedef {import('./layers.mjs').Layer} Layer @typedef {import('./layers.mjs').Numbers} Numbers */

/** An activation. @param {'ReLU' | 'Sigmoid'} type @param {Numbers} numbers @returns {Numbers} */
export function apply(type, { shape, values }) {
  const of =
    type === 'ReLU'
      ? (/** @type {number} */ x) => Math.max(0, x)
      : (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));
  return { shape, values: Float32Array.from(values, of) };
}

/** A sum, difference or product; a single number counts for all. @param {Layer} layer @param {Numbers} a @param {Numbers} b @returns {Numbers} */
export function fold(layer, a, b) {
  const length = Math.max(a.values.length, b.values.length);
  for (const { values } of [a, b]) {
    if (values.length !== length && values.length !== 1) {
      throw new Error(`${nameOf(layer)} takes constants that do not fit.`);
    }
  }
  const at = (/** @type {Numbers} */ { values }, /** @type {number} */ i) =>
    values[values.length === 1 ? 0 : i] ?? 0;
  const values = Float32Array.from({ length }, (_, i) => {
    const [x, y] = [at(a, i), at(b, i)];
    return layer.type === 'Add' ? x + y : layer.type === 'Multiply' ? x * y : x - y;
  });
  return { shape: layer.shape, values };
}
