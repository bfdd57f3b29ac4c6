import { joinNumbers } from '../../../../src/contract/join-numbers.ts';
import type { Size } from '../../../../src/detect/input-size.ts';
import {
  type ConvolutionNode,
  type Int8Graph,
  type Int8Node,
  type MapShape,
  shapesOf,
} from '../../../../src/detect/int8-graph.ts';
import { IS_WIDE } from '../../wasm/int8/activations.ts';
import type { Int8Kernels } from '../../wasm/int8/module.ts';
import { GROUP_CHANNELS } from '../../wasm/int8/sums.ts';
import type { Arena, KernelMemory } from './arena.ts';
import { addUp, depthwise, pool, resize, type Step } from './map-steps.ts';
import { depthOf, type PackedWeights, paddedChannels } from './pack-weights.ts';
import { firstTap, type PlacedMap, placeMaps } from './place-maps.ts';
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
export interface Workshop extends KernelMemory {
  /** Of every convolution, by its name. */
  readonly packed: ReadonlyMap<string, PackedWeights>;
}

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
  const columns = new Map(
    graph.nodes.filter((node) => node.op === 'columns').map((node) => [node.name, node]),
  );
  const real = (name: string): Float32Array<ArrayBuffer> => {
    const joined = columns.get(name);
    if (joined) return sideBySide(joined.inputs.map(real), joined.widths);
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
      return joinNumbers(result.inputs.map(real), Float32Array);
    },
    read(name) {
      if (heads.has(name) || columns.has(name)) return [...real(name)];
      const { address, line, pixel, width, height, channels } = maps.get(name)!;
      return Array.from({ length: height * width }, (_, i) => {
        const at = address + line * Math.floor(i / width) + pixel * (i % width);
        return [...arena.bytes(at, channels)];
      }).flat();
    },
  };
}

/** Rows of several lists side by side. @param widths of the rows of each */
function sideBySide(
  lists: readonly Float32Array[],
  widths: readonly number[],
): Float32Array<ArrayBuffer> {
  const width = widths.reduce((sum, one) => sum + one, 0);
  const rows = lists[0]!.length / widths[0]!;
  const all = new Float32Array(width * rows);
  let left = 0;
  for (const [i, list] of lists.entries()) {
    const own = widths[i]!;
    for (let row = 0; row < rows; row++) {
      all.set(list.subarray(own * row, own * (row + 1)), width * row + left);
    }
    left += own;
  }
  return all;
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
    case 'depthwise': {
      const { table, weights } = workshop.packed.get(node.name)!;
      const [from, to] = [maps.get(node.input)!, maps.get(node.name)!];
      return [depthwise(node, from, to, table, weights as number, workshop)];
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
    case 'columns':
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
  const { kernel, strides, zero, isWide } = node;
  const [rows, columns] = kernel;
  const depth = depthOf(node);
  // Taps whose channels fill their pixels lie side by side: the kernel takes them as one.
  const [taps, width] = depth === from.pixel ? [1, columns * depth] : [columns, depth];
  const given: Parameters<Int8Kernels['convolve']> = [
    firstTap(node, from),
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
    zero === null ? 1 : isWide ? IS_WIDE : 0,
    zero ?? 0,
  ];
  return () => kernels.convolve(...given);
}
