/**
 * The compiler of networks in single precision: a prepared graph becomes calls of kernels with all their addresses, one picture at a
 * time.
 */
import { COMBINE, fuseMaps, MEAN_OF_SQUARES } from './fuse-maps.ts';
import type { RealGraph, RealInput, RealNode } from './graph.ts';
import {
  combineSteps,
  constantsAt,
  meanOfSquaresSteps,
  meanSteps,
  type RealWorkshop,
  type Step,
} from './map-steps.ts';
import { type Border, NO_BORDER, type Place, Places, type Shape } from './place-values.ts';
import { type Planned, planGraph } from './plan.ts';
import { quantisedConvolutionSteps, suitsIntegers } from './quantised-convolution.ts';
import { type QuantisedMap, quantiseSteps } from './quantised-maps.ts';
import { binarySteps, meanOfChannels, unarySteps, weighedSums } from './row-steps.ts';
import { activationOf, convolutionSteps, depthwiseSteps, maxPoolSteps } from './window-steps.ts';

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
  prepared: RealGraph,
  input: RealInput,
  output: string,
  workshop: RealWorkshop,
): RealNetwork {
  const given = planGraph(prepared, input, output);
  const graph = fuseMaps(prepared, (name) => given.shapeOf(name).height > 1, output);
  const plan = planGraph(graph, input, output);
  const places = new Places(workshop.arena);
  const held = new Map<string, Place>();
  const steps: Step[] = [];
  const left = new Map(plan.uses);
  const release = (root: string) => {
    const uses = left.get(root)! - 1;
    left.set(root, uses);
    if (uses > 0) return;
    quantised.delete(held.get(root)!);
    places.give(held.get(root)!, plan.borderOf(root));
  };
  const quantised = new Map<Place, QuantisedMap>();
  /** A map as activations; those without a border serve every convolution that takes it. */
  const activationsOf: ActivationsOf = (from, border) => {
    const isShared = Object.values(border).every((count) => count === 0);
    const known = isShared ? quantised.get(from) : undefined;
    if (known) return { map: known, steps: [] };
    const made = quantiseSteps(from, border, workshop);
    if (isShared) quantised.set(from, made.map);
    return made;
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
    const [first = ''] = plan.inputsOf(node);
    // What is done number by number needs no other place where nobody takes the map afterwards.
    const isInPlace =
      node.op === COMBINE && left.get(first) === 1 && plan.hasFormOf(node.name, first);
    const to = isInPlace
      ? held.get(first)!
      : places.take(plan.shapeOf(node.name), plan.borderOf(node.name));
    held.set(node.name, to);
    steps.push(...stepsOf(node, to, placeOf, activationsOf, plan, graph, workshop));
    for (const root of plan.inputsOf(node).slice(isInPlace ? 1 : 0)) release(root);
    if (isInPlace) quantised.delete(to);
  }
  const picture = held.get(plan.rootOf(input.node))!;
  const result = placeOf(output);
  const { memory } = workshop.arena;
  const resultLength = result.height * result.width * result.channels;
  return {
    run(values) {
      const numbers = new Float32Array(memory.buffer);
      const length = picture.width * picture.channels;
      if (picture.isFlat) numbers.set(values, picture.address / 4);
      else
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

type ActivationsOf = (from: Place, border: Border) => ReturnType<typeof quantiseSteps>;

function stepsOf(
  node: RealNode,
  to: Place,
  placeOf: (name: string) => Place,
  activationsOf: ActivationsOf,
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
  const rowsOf = ({ recipe }: RealNode) =>
    recipe!.rows.map(({ op, row }) => ({ op, row: constant(row) ?? placeOf(row) }));
  switch (op) {
    case 'Placeholder':
      return [];
    case '_FusedConv2D':
    case 'FusedDepthwiseConv2dNative': {
      const [from, weights, biases] = [placeOf(first), constant(second)!, constant(third)!];
      const activation = attributes.texts('fused_ops')[1];
      const window = plan.windowOf(node);
      if (op === '_FusedConv2D') {
        const { int8, arena } = workshop;
        const [slope, high] = activationOf(activation);
        if (!int8 || high < Number.POSITIVE_INFINITY || !suitsIntegers(from, to, window))
          return convolutionSteps(from, to, window, weights, biases, activation, workshop);
        const { map, steps } = activationsOf(from, window.pads);
        const given = [
          map,
          from.channels,
          to,
          window,
          weights,
          biases,
          slope,
          { int8, arena },
        ] as const;
        return [...steps, ...quantisedConvolutionSteps(...given)];
      }
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
      return meanSteps(from, to, workshop);
    }
    case MEAN_OF_SQUARES:
      return meanOfSquaresSteps(placeOf(first), to, rowsOf(node), workshop);
    case COMBINE: {
      const { other, isRectified } = node.recipe!;
      const combination = {
        ...{ rows: rowsOf(node), other: other === undefined ? other : placeOf(other) },
        least: isRectified ? 0 : undefined,
      };
      return combineSteps(placeOf(first), to, combination, workshop);
    }
  }
  if (isRow) {
    const from = placeOf(first);
    const found =
      inputs.length === 1
        ? unarySteps(op, from, to, attributes.real('alpha'))
        : binarySteps(op, from, placeOf(second), to);
    if (found) return found;
  }
  throw new RangeError(`${name} (${op}) is not computed here.`);
}
