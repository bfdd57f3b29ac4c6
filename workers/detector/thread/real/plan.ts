/** What is known of a graph before memory is given out: sizes, who shares memory, how long each value is needed. */
import { MEAN_OF_SQUARES } from './fuse-maps.ts';
import type { RealGraph, RealInput, RealNode } from './graph.ts';
import { type Border, keyOf, NO_BORDER, type Shape } from './place-values.ts';
import { type MovedWindow, WINDOW, windowShape } from './window-steps.ts';

/** A planned graph. Names may be those of constants. */
export interface Planned {
  /** How often a value that has memory of its own is taken, the result once more. */
  readonly uses: ReadonlyMap<string, number>;
  shapeOf(name: string): Shape;
  /** Whose memory a value lies in. */
  rootOf(name: string): string;
  /** What a value of its own memory needs around it. */
  borderOf(root: string): Border;
  /** Whether two values of their own memory are of one size, and need as much around them. */
  hasFormOf(root: string, other: string): boolean;
  /** Values that a node takes, by whose memory they lie in. */
  inputsOf(node: RealNode): readonly string[];
  windowOf(node: RealNode): MovedWindow;
}

const WINDOWS = new Set(['_FusedConv2D', 'FusedDepthwiseConv2dNative', 'MaxPool', 'AvgPool']);

/** @throws RangeError where the graph is none that is computed here */
export function planGraph(
  { nodes, tensors }: RealGraph,
  input: RealInput,
  output: string,
): Planned {
  const shapes = new Map<string, Shape>();
  const roots = new Map<string, string>();
  const padded = new Map<string, Border>();
  const windows = new Map<string, MovedWindow>();
  const borders = new Map<string, Border>();
  const shapeOf = (name: string): Shape => {
    const constant = tensors.get(name);
    if (constant) return toShape(constant.shape);
    const shape = shapes.get(name);
    if (!shape) throw new RangeError(`The network uses ${name} before it is computed.`);
    return shape;
  };
  const rootOf = (name: string) => roots.get(name) ?? name;

  const planWindow = (node: RealNode): Shape => {
    const [from = ''] = node.inputs;
    const moved = moveWindow(node, shapeOf(from), tensors, padded.get(from));
    windows.set(node.name, moved.window);
    const root = rootOf(from);
    borders.set(root, around(borders.get(root) ?? NO_BORDER, moved.border));
    return moved.result;
  };

  const planNode = (node: RealNode): Shape => {
    const { name, op, inputs } = node;
    const [first = '', second = ''] = inputs;
    if (padded.has(first) && op !== 'MaxPool') throw new RangeError(`${name} takes a padded map.`);
    if (WINDOWS.has(op)) return planWindow(node);
    switch (op) {
      case 'Placeholder':
        if (name !== input.node) throw new RangeError(`${name} is not given.`);
        return { height: input.height, width: input.width, channels: 3 };
      case 'Identity':
        roots.set(name, rootOf(first));
        return shapeOf(first);
      case 'Reshape': {
        const shape = toShape([...tensors.get(second)!.values].slice(1));
        if (shapeOf(first).height > 1 || shape.height > 1)
          throw new RangeError(`${name} gives a map another form.`);
        roots.set(name, rootOf(first));
        return shape;
      }
      case 'Pad': {
        const [, , top = 0, bottom = 0, left = 0, right = 0] = tensors.get(second)!.values;
        padded.set(name, { top, left, bottom, right });
        roots.set(name, rootOf(first));
        return shapeOf(first);
      }
      case 'Mean': {
        const shape = shapeOf(first);
        const axes = [...tensors.get(second)!.values].join();
        if (axes === '1,2') return { height: 1, width: 1, channels: shape.channels };
        if (axes === '2' && shape.height === 1) return { ...shape, channels: 1 };
        throw new RangeError(`${name} is a mean over ${axes}.`);
      }
      case MEAN_OF_SQUARES:
        return { height: 1, width: 1, channels: shapeOf(first).channels };
      case 'MatMul':
        return { height: 1, width: 1, channels: tensors.get(second)!.shape[1]! };
      default: {
        const [a, b] = inputs.map(shapeOf);
        if (!a) throw new RangeError(`${name} (${op}) is not computed here.`);
        return {
          height: Math.max(a.height, b?.height ?? 1),
          width: Math.max(a.width, b?.width ?? 1),
          channels: Math.max(a.channels, b?.channels ?? 1),
        };
      }
    }
  };
  for (const node of nodes) shapes.set(node.name, planNode(node));

  const inputsOf = ({ inputs }: RealNode) =>
    inputs.filter((name) => !tensors.has(name)).map(rootOf);
  const uses = new Map([[rootOf(output), 1]]);
  for (const node of nodes) {
    if (rootOf(node.name) !== node.name) continue;
    for (const root of inputsOf(node)) uses.set(root, (uses.get(root) ?? 0) + 1);
  }
  shapeOf(output);
  const borderOf = (root: string) => borders.get(root) ?? NO_BORDER;
  const formOf = (root: string) => keyOf(shapeOf(root), borderOf(root));
  return {
    ...{ uses, shapeOf, rootOf, inputsOf, borderOf },
    hasFormOf: (root, other) => formOf(root) === formOf(other),
    windowOf: ({ name }) => windows.get(name)!,
  };
}

/**
 * A window that moves over a map.
 * @param shape of the map
 * @param padded what the graph has put around the map already
 * @returns also what the map needs around it in memory, and the result's shape
 */
function moveWindow(
  node: RealNode,
  shape: Shape,
  tensors: RealGraph['tensors'],
  padded: Border | undefined,
): { readonly window: MovedWindow; readonly border: Border; readonly result: Shape } {
  const isPool = node.op.endsWith('Pool');
  const weights = tensors.get(node.inputs[1] ?? '');
  const [rows = 1, columns = 1] = isPool
    ? node.attributes.numbers('ksize').slice(1)
    : weights!.shape;
  const [down = 1, across = 1] = node.attributes.numbers('strides').slice(1);
  const kernel = [rows, columns] as const;
  const pads = padded ?? padsOf(node, kernel, [down, across]);
  const window: MovedWindow = { kernel, strides: [down, across], pads };
  const channels = node.op === '_FusedConv2D' ? weights!.shape[3]! : shape.channels;
  const result = windowShape(shape, window, channels);
  // Where the kernel reads more than the window, that weighs nothing.
  const read = (length: number) => (isPool ? Math.max(length, WINDOW) : length);
  const behind = (
    count: number,
    step: number,
    kernelReads: number,
    before: number,
    length: number,
  ) => Math.max(0, (count - 1) * step + kernelReads - before - length);
  const border = {
    ...{ top: pads.top, left: pads.left },
    bottom: behind(result.height, down, read(rows), pads.top, shape.height),
    right: behind(result.width, across, read(columns), pads.left, shape.width),
  };
  return { window, border, result };
}

/** Room for both. */
function around(a: Border, b: Border): Border {
  return {
    top: Math.max(a.top, b.top),
    left: Math.max(a.left, b.left),
    bottom: Math.max(a.bottom, b.bottom),
    right: Math.max(a.right, b.right),
  };
}

/** What is put around a map so that a window begins and ends there. @throws RangeError where that depends on the map's size */
function padsOf(
  { name, attributes }: RealNode,
  [rows, columns]: readonly [number, number],
  strides: readonly [number, number],
): Border {
  const padding = attributes.text('padding');
  if (padding === 'VALID') return NO_BORDER;
  if (padding === 'EXPLICIT') {
    const [, , top = 0, bottom = 0, left = 0, right = 0] = attributes.numbers('explicit_paddings');
    return { top, left, bottom, right };
  }
  if (padding !== 'SAME' || strides.some((stride) => stride !== 1))
    throw new RangeError(`${name} is padded as ${padding}.`);
  const [top, left] = [Math.floor((rows - 1) / 2), Math.floor((columns - 1) / 2)];
  return { top, left, bottom: rows - 1 - top, right: columns - 1 - left };
}

/** The last three lengths; those that are not there are 1. */
function toShape(lengths: readonly number[]): Shape {
  const [height, width, channels] = [1, 1, 1, ...lengths].slice(-3) as [number, number, number];
  return { height, width, channels };
}
