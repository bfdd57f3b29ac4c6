import type { Size } from '../../../../src/detect/input-size.ts';
import {
  type AddNode,
  type ConvolutionNode,
  type Int8Graph,
  type Int8Node,
  type MapShape,
  type PoolNode,
  type ResizeNode,
  shapesOf,
  spanOf,
} from '../../../../src/detect/int8-graph.ts';
import { GROUP_CHANNELS } from '../../wasm/int8/convolution.ts';
import type { Int8Kernels } from '../../wasm/int8/module.ts';
import type { Arena } from './arena.ts';
import { depthOf, type PackedWeights, paddedChannels } from './pack-weights.ts';
import { type PlacedMap, placeMaps } from './place-maps.ts';
import { winogradSteps } from './winograd-steps.ts';

/** A network for one input size: calls of kernels with all their addresses. */
export interface CompiledNetwork {
  /** Where the picture is to be written: four bytes a pixel, shades halved. */
  readonly image: PlacedMap;
  /** Writes what a run only reads, borders and tables, once more: after the memory was used by another network. */
  prepare(): void;
  /** Computes the result from the picture. */
  run(): Float32Array<ArrayBuffer>;
  /** A map as it was computed last, [height][width][channels]: whole numbers, or real ones. */
  read(name: string): number[];
}

/** What the compiler works with. */
export interface Workshop {
  readonly kernels: Int8Kernels;
  readonly arena: Arena;
  /** Of every convolution, by its name. */
  readonly packed: ReadonlyMap<string, PackedWeights>;
}

type Step = () => void;

/**
 * Plans memory for an input size and writes down the calls that compute the network, in the graph's order.
 * @throws RangeError where the graph is none that the kernels can compute
 */
export function compileNetwork(graph: Int8Graph, size: Size, workshop: Workshop): CompiledNetwork {
  const { arena } = workshop;
  const shapes = shapesOf(graph, size);
  const { maps, fill } = placeMaps(graph, shapes, arena);
  const tables: Step[] = [];
  const heads = placeHeads(graph, shapes, arena);
  const steps = graph.nodes.flatMap((node) => stepsOf(node, maps, heads, size, workshop, tables));
  const result = graph.nodes.at(-1)!;
  const image = graph.nodes.find(({ op }) => op === 'image');
  if (result.op !== 'rows' || !image) throw new RangeError('The network has no image or no rows.');
  const real = (name: string) => {
    const { address, width, height, channels } = heads.get(name)!;
    return arena.reals(address, width * height * channels);
  };
  const prepare = () => {
    fill();
    for (const write of tables) write();
  };
  prepare();
  return {
    image: maps.get(image.name)!,
    prepare,
    run() {
      for (const step of steps) step();
      const parts = result.inputs.map(real);
      const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
    read(name) {
      if (heads.has(name)) return [...real(name)];
      const { address, line, pixel, width, height, channels } = maps.get(name)!;
      return Array.from({ length: height * width }, (_, i) => {
        const at = address + line * Math.floor(i / width) + pixel * (i % width);
        return [...arena.bytes(at, channels)];
      }).flat();
    },
  };
}

/** Maps of real numbers, without borders; a last panel may reach beyond the last pixel, into the arena's slack. */
function placeHeads(
  { nodes }: Int8Graph,
  shapes: ReadonlyMap<string, MapShape>,
  arena: Arena,
): ReadonlyMap<string, PlacedMap> {
  const heads = new Map<string, PlacedMap>();
  for (const node of nodes) {
    if (node.op !== 'convolution' || node.zero !== null) continue;
    const shape = shapes.get(node.name)!;
    const pixel = 4 * shape.channels;
    const line = pixel * shape.width;
    heads.set(node.name, {
      ...shape,
      ...{ pixel, line, address: arena.allocate(line * shape.height) },
    });
  }
  return heads;
}

function stepsOf(
  node: Int8Node,
  maps: ReadonlyMap<string, PlacedMap>,
  heads: ReadonlyMap<string, PlacedMap>,
  image: Size,
  workshop: Workshop,
  tables: Step[],
): Step[] {
  switch (node.op) {
    case 'convolution': {
      const to = (node.zero === null ? heads : maps).get(node.name)!;
      const from = maps.get(node.input)!;
      const { table, weights } = workshop.packed.get(node.name)!;
      return typeof weights === 'number'
        ? [convolve(node, from, to, table, weights, workshop)]
        : winogradSteps(node, from, to, table, weights, workshop.kernels);
    }
    case 'maxPool':
    case 'averagePool':
      return [pool(node, maps.get(node.input)!, maps.get(node.name)!, workshop)];
    case 'resize':
      return resize(node, maps.get(node.input)!, maps.get(node.name)!, image, workshop, tables);
    case 'add': {
      const [a, b] = node.inputs.map((name) => maps.get(name)!);
      return [addUp(node, a!, b!, maps.get(node.name)!, workshop)];
    }
    case 'image':
    case 'concat':
    case 'rows':
      // Written by others, to where it is.
      return [];
  }
}

function convolve(
  node: ConvolutionNode,
  from: PlacedMap,
  to: PlacedMap,
  table: number,
  weights: number,
  { kernels }: Workshop,
): Step {
  const { kernel, strides, zero } = node;
  const [rows, columns] = kernel;
  const depth = depthOf(node);
  // Taps whose channels fill their pixels lie side by side: the kernel takes them as one.
  const [taps, width] = depth === from.pixel ? [1, columns * depth] : [columns, depth];
  const { before: top } = spanOf(node, 0, from.height);
  const { before: left } = spanOf(node, 1, from.width);
  const given: Parameters<Int8Kernels['convolve']> = [
    from.address - top * from.line - left * from.pixel,
    strides[0] * from.line,
    strides[1] * from.pixel,
    rows,
    taps,
    width / GROUP_CHANNELS,
    taps === 1 ? 0 : from.pixel - depth,
    from.line - columns * from.pixel,
    weights,
    table,
    to.address,
    to.line,
    to.pixel,
    to.height,
    to.width,
    paddedChannels(to.channels) / 8,
    zero === null ? 1 : 0,
    zero ?? 0,
  ];
  return () => kernels.convolve(...given);
}

function pool(node: PoolNode, from: PlacedMap, to: PlacedMap, { kernels }: Workshop): Step {
  const { kernel, strides } = node;
  const { before: top } = spanOf(node, 0, from.height);
  const { before: left } = spanOf(node, 1, from.width);
  const given: Parameters<Int8Kernels['maxPool']> = [
    from.address - top * from.line - left * from.pixel,
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

function resize(
  { name }: ResizeNode,
  from: PlacedMap,
  to: PlacedMap,
  image: Size,
  { kernels, arena }: Workshop,
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

function addUp(
  { factors, rest }: AddNode,
  a: PlacedMap,
  b: PlacedMap,
  to: PlacedMap,
  { kernels }: Workshop,
): Step {
  const given: Parameters<Int8Kernels['addMaps']> = [
    ...([a.address, a.line, a.pixel, b.address, b.line, b.pixel] as const),
    ...([to.address, to.line, to.pixel, to.height, to.width] as const),
    paddedChannels(to.channels),
    ...([factors[0], factors[1], rest] as const),
  ];
  return () => kernels.addMaps(...given);
}
