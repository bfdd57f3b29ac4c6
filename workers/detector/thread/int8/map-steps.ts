/** Calls of the kernels between convolutions, with all their addresses. */
import type { Size } from '../../../../src/detect/input-size.ts';
import type {
  AddNode,
  DepthwiseNode,
  PoolNode,
  ResizeNode,
} from '../../../../src/detect/int8-graph.ts';
import type { Int8Kernels } from '../../wasm/int8/module.ts';
import type { KernelMemory } from './arena.ts';
import { paddedChannels } from './pack-weights.ts';
import { firstTap, type PlacedMap } from './place-maps.ts';

/** A call of a kernel, or several. */
export type Step = () => void;

/** A convolution of each channel by itself. @throws RangeError where its window is not 3 x 3 */
export function depthwise(
  node: DepthwiseNode,
  from: PlacedMap,
  to: PlacedMap,
  table: number,
  weights: number,
  { kernels }: KernelMemory,
): Step {
  const { kernel, strides, zero, name } = node;
  if (kernel[0] !== 3 || kernel[1] !== 3) throw new RangeError(`${name} is not 3 x 3.`);
  const given: Parameters<Int8Kernels['depthwise']> = [
    firstTap(node, from),
    strides[0] * from.line,
    strides[1] * from.pixel,
    from.pixel,
    from.line,
    weights,
    table,
    to.address,
    to.line,
    to.pixel,
    to.height,
    to.width,
    paddedChannels(to.channels) / 8,
    zero,
  ];
  return () => kernels.depthwise(...given);
}

/** The greatest or the mean of windows. */
export function pool(
  node: PoolNode,
  from: PlacedMap,
  to: PlacedMap,
  { kernels }: KernelMemory,
): Step {
  const { kernel, strides } = node;
  const given: Parameters<Int8Kernels['maxPool']> = [
    firstTap(node, from),
    strides[0] * from.line,
    strides[1] * from.pixel,
    from.pixel,
    from.line,
    kernel[0],
    kernel[1],
    to.address,
    to.line,
    to.pixel,
    to.height,
    to.width,
    paddedChannels(to.channels),
  ];
  if (node.op === 'maxPool') return () => kernels.maxPool(...given);
  const share = 1 / (kernel[0] * kernel[1]);
  return () => kernels.averagePool(...given, share);
}

/** Sixteenths in which pixels between two are told. */
const SHARES = 16;

/** The two pixels or lines that one of the result lies between, and the second's weight. */
function between(i: number, from: number, to: number): readonly [number, number, number] {
  const place = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
  const first = Math.floor(place);
  return [first, Math.min(from - 1, first + 1), Math.round(SHARES * (place - first))];
}

/** A map enlarged or shrunk, line by line. @param tables takes what writes its table @throws RangeError where its size is not whole */
export function resize(
  { name }: ResizeNode,
  from: PlacedMap,
  to: PlacedMap,
  image: Size,
  { kernels, arena }: KernelMemory,
  tables: Step[],
): Step[] {
  if (!Number.isInteger(to.width) || !Number.isInteger(to.height))
    throw new RangeError(`${name} has no whole size for ${image.width}x${image.height}.`);
  const table = arena.allocate(12 * to.width);
  const columns = Array.from({ length: to.width }, (_, x) => {
    const [left, right, share] = between(x, from.width, to.width);
    return [left * from.pixel, right * from.pixel, share];
  }).flat();
  tables.push(() => arena.words(table, columns.length).set(columns));
  return Array.from({ length: to.height }, (_, y) => {
    const [top, bottom, share] = between(y, from.height, to.height);
    const given: Parameters<Int8Kernels['resizeLine']> = [
      from.address + top * from.line,
      from.address + bottom * from.line,
      share,
      table,
      to.address + y * to.line,
      to.pixel,
      to.width,
      paddedChannels(to.channels),
    ];
    return () => kernels.resizeLine(...given);
  });
}

/** The sum of two maps. */
export function addUp(
  { factors, rest }: AddNode,
  a: PlacedMap,
  b: PlacedMap,
  to: PlacedMap,
  { kernels }: KernelMemory,
): Step {
  const given: Parameters<Int8Kernels['addMaps']> = [
    ...([a.address, a.line, a.pixel, b.address, b.line, b.pixel] as const),
    ...([to.address, to.line, to.pixel, to.height, to.width] as const),
    paddedChannels(to.channels),
    ...([factors[0], factors[1], rest] as const),
  ];
  return () => kernels.addMaps(...given);
}
