/**
 * The compiler of networks in single precision: a prepared graph becomes calls of kernels with all their addresses, one picture at a
 * time.
 */
import type { RealGraph, RealInput, RealNode } from './graph.ts';
import { combineSteps, constantsAt, meanSteps, type RealWorkshop, type Step } from './map-steps.ts';
import { type Border, type Place, Places, type Shape } from './place-values.ts';
import { type Planned, planGraph } from './plan.ts';
import { binarySteps, meanOfChannels, unarySteps, weighedSums } from './row-steps.ts';
import { convolutionSteps, depthwiseSteps, maxPoolSteps } from './window-steps.ts';

/** A network that computes one picture at a time. */
export interface RealNetwork {
  /** @param picture height x width x channels. @returns a copy of the result */
  run(picture: Float32Array): Float32Array;
}

/**
 * Plans memory and writes down the calls that compute the network, in the graph's order.
 * @param output name of the result
 * @throws RangeError where the graph has an operation that is not computed here
 */
export function compileRealNetwork(
  graph: RealGraph,
  input: RealInput,
  output: string,
  workshop: RealWorkshop,
): RealNetwork {
  const plan = planGraph(graph, input, output);
  const places = new Places(workshop.arena);
  const held = new Map<string, Place>();
  const steps: Step[] = [];
  const left = new Map(plan.uses);
  const release = (root: string) => {
    const uses = left.get(root)! - 1;
    left.set(root, uses);
    if (uses === 0) places.give(held.get(root)!, plan.borderOf(root));
  };
  /** A value as the node that takes it sees it. */
  const placeOf = (name: string): Place => {
    const constant = graph.tensors.get(name);
    if (constant) {
      const { values } = constant;
      const shape = plan.shapeOf(name);
      return rowAt(constantsAt(Float32Array.from(values), workshop), shape);
    }
    const place = held.get(plan.rootOf(name))!;
    const shape = plan.shapeOf(name);
    return shape.channels === place.channels ? place : rowAt(place.address, shape);
  };
  for (const node of graph.nodes) {
    if (plan.rootOf(node.name) !== node.name || !plan.uses.has(node.name)) continue;
    const to = places.take(plan.shapeOf(node.name), plan.borderOf(node.name));
    held.set(node.name, to);
    steps.push(...stepsOf(node, to, placeOf, plan, graph, workshop));
    for (const root of plan.inputsOf(node)) release(root);
  }
  const picture = held.get(plan.rootOf(input.node))!;
  const result = placeOf(output);
  const { memory } = workshop.arena;
  const resultLength = result.height * result.width * result.channels;
  return {
    run(values) {
      const numbers = new Float32Array(memory.buffer);
      const length = picture.width * picture.channels;
      for (let y = 0; y < picture.height; y++) {
        const line = values.subarray(length * y, length * (y + 1));
        numbers.set(line, (picture.address + y * picture.line) / 4);
      }
      for (const step of steps) step(numbers);
      return numbers.slice(result.address / 4, result.address / 4 + resultLength);
    },
  };
}

/** Numbers that lie one behind the other. */
function rowAt(address: number, shape: Shape): Place {
  const pixel = 4 * shape.channels;
  return { ...shape, address, pixel, line: pixel * shape.width, isFlat: true };
}

function stepsOf(
  node: RealNode,
  to: Place,
  placeOf: (name: string) => Place,
  plan: Planned,
  { tensors }: RealGraph,
  workshop: RealWorkshop,
): Step[] {
  const { name, op, inputs, attributes } = node;
  const [first = '', second = '', third = ''] = inputs;
  const constant = (input: string): Float32Array | undefined => {
    const values = tensors.get(input)?.values;
    return values && Float32Array.from(values);
  };
  const isRow = to.height === 1;
  switch (op) {
    case 'Placeholder':
      return [];
    case '_FusedConv2D':
    case 'FusedDepthwiseConv2dNative': {
      const [from, weights, biases] = [placeOf(first), constant(second)!, constant(third)!];
      const activation = attributes.texts('fused_ops')[1];
      const window = plan.windowOf(node);
      if (op === '_FusedConv2D')
        return convolutionSteps(from, to, window, weights, biases, activation, workshop);
      const isWhole = window.kernel[0] === from.height && window.kernel[1] === from.width;
      if (isWhole && isRow && activation === undefined)
        return weighedSums(from, to, weights, biases);
      return depthwiseSteps(from, to, window, weights, biases, activation, workshop);
    }
    case 'MatMul': {
      const window = { kernel: [1, 1], strides: [1, 1], pads: NO_BORDER } as const;
      const biases = new Float32Array(to.channels);
      return convolutionSteps(
        ...([placeOf(first), to, window, constant(second)!, biases, undefined, workshop] as const),
      );
    }
    case 'MaxPool':
      return maxPoolSteps(placeOf(first), to, plan.windowOf(node), workshop);
    case 'AvgPool': {
      const window = plan.windowOf(node);
      const area = window.kernel[0] * window.kernel[1];
      const weights = new Float32Array(area * to.channels).fill(1 / area);
      const biases = new Float32Array(to.channels);
      return depthwiseSteps(placeOf(first), to, window, weights, biases, undefined, workshop);
    }
    case 'Mean': {
      const from = placeOf(first);
      if ([...tensors.get(second)!.values].join() === '2') return meanOfChannels(from, to);
      return meanSteps(from, to, plan.isSquare(first) ? 2 : 1, workshop);
    }
  }
  if (isRow) {
    const from = placeOf(first);
    const found =
      inputs.length === 1
        ? unarySteps(op, from, to, attributes.real('alpha'))
        : binarySteps(op, from, placeOf(second), to);
    if (found) return found;
    throw new RangeError(`${name} (${op}) is not computed here.`);
  }
  if (op === 'Relu') return combineSteps(placeOf(first), to, { least: 0 }, workshop);
  // Of two inputs one is the map.
  const isMap = (input: string) => !tensors.has(input) && plan.shapeOf(input).height > 1;
  const [map, other] = isMap(first) ? [first, second] : [second, first];
  const from = placeOf(map);
  const channels = constant(other) ?? placeOf(other);
  if (op === 'Add' && isMap(other))
    return combineSteps(from, to, { other: placeOf(other) }, workshop);
  if (op === 'Add') return combineSteps(from, to, { shift: channels }, workshop);
  if (op === 'Sub' && map === first && !isMap(other))
    return combineSteps(from, to, { shift: channels, sign: -1 }, workshop);
  if (op === 'Mul' && !isMap(other)) return combineSteps(from, to, { scale: channels }, workshop);
  throw new RangeError(`${name} (${op}) is not computed here.`);
}

const NO_BORDER: Border = { top: 0, left: 0, bottom: 0, right: 0 };
