import {
  type Int8Graph,
  type Int8Node,
  type MapShape,
  spanOf,
  type Window,
} from '../../../../src/detect/int8-graph.ts';
import type { Arena } from './arena.ts';
import { paddedChannels } from './pack-weights.ts';
import { suitsWinograd } from './winograd-weights.ts';

/** Where a map lies: its first pixel, and bytes from line to line and from pixel to pixel. */
export interface PlacedMap extends MapShape {
  readonly address: number;
  readonly line: number;
  readonly pixel: number;
}

/** Address of the first tap of a window's first place: in the border above and left of the map. */
export function firstTap(
  window: Window,
  { address, line, pixel, width, height }: PlacedMap,
): number {
  const [rows, columns] = [spanOf(window, 0, height), spanOf(window, 1, width)];
  return address - rows.before * line - columns.before * pixel;
}

interface Border {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

/** Memory for one map, or for several side by side that are joined. */
interface Plan {
  readonly name: string;
  readonly shape: MapShape;
  /** Bytes. */
  readonly pixel: number;
  readonly border: Border;
  /** What its border holds, for each channel; the windows that move over it agree. */
  fill?: readonly number[];
}

/** A map as a part of a plan's channels. */
interface Place {
  readonly plan: Plan;
  readonly channel: number;
}

/** Maps with their places. */
export interface PlacedMaps {
  /** By the node's name; maps of real numbers are not among them. */
  readonly maps: ReadonlyMap<string, PlacedMap>;
  /** Writes every map's border: before the first run, and after the memory was used for something else. */
  readonly fill: () => void;
}

/**
 * Plans memory for every map in whole numbers, once for an input size: joined maps are computed where they are joined,
 * and every map has the border that windows need, filled with what is real 0, or with 0 where the greatest is sought.
 * @throws RangeError where a map would be part of two joins, or windows want different borders of it
 */
export function placeMaps(
  { nodes }: Int8Graph,
  shapes: ReadonlyMap<string, MapShape>,
  arena: Arena,
): PlacedMaps {
  const places = choosePlaces(nodes, shapes);
  const zeros = zerosOf(nodes);
  for (const node of nodes) {
    if (!('kernel' in node)) continue;
    const { plan } = places.get(node.input)!;
    const needs = borderOf(node, shapes.get(node.input)!);
    if (node.op === 'convolution' && suitsWinograd(node)) {
      // Tiles of two pixels reach one beyond the last where there is an odd number.
      const { width, height } = shapes.get(node.name)!;
      needs.right += width % 2;
      needs.bottom += height % 2;
    }
    if (Object.values(needs).every((pixels) => pixels === 0)) continue;
    for (const side of ['top', 'bottom', 'left', 'right'] as const) {
      plan.border[side] = Math.max(plan.border[side], needs[side]);
    }
    const fill = node.op === 'maxPool' ? [0] : zeros.get(node.input)!;
    if (node.op === 'averagePool') throw new RangeError(`${node.name} averages beyond its map.`);
    if (plan.fill && plan.fill.join() !== fill.join())
      throw new RangeError(`${plan.name} would need two borders.`);
    plan.fill = fill;
  }
  const placed = new Map<Plan, PlacedMap>();
  const fills: (() => void)[] = [];
  const maps = new Map<string, PlacedMap>();
  for (const [name, { plan, channel }] of places) {
    const whole = placed.get(plan) ?? allocate(plan, arena, fills);
    placed.set(plan, whole);
    maps.set(name, {
      ...shapes.get(name)!,
      address: whole.address + channel,
      line: whole.line,
      pixel: whole.pixel,
    });
  }
  return {
    maps,
    fill: () => {
      for (const fill of fills) fill();
    },
  };
}

/** Joins first, from the last on, so that a join within a join is a part of the outer one. */
function choosePlaces(
  nodes: readonly Int8Node[],
  shapes: ReadonlyMap<string, MapShape>,
): Map<string, Place> {
  const places = new Map<string, Place>();
  const planFor = ({ name, op }: Int8Node): Place => {
    const shape = shapes.get(name)!;
    const border = { top: 0, bottom: 0, left: 0, right: 0 };
    // The picture's pixels have four bytes, as pictures have elsewhere.
    const pixel = op === 'image' ? 4 : paddedChannels(shape.channels);
    return { plan: { name, shape, pixel, border }, channel: 0 };
  };
  for (const node of [...nodes].reverse()) {
    const isReal =
      node.op === 'rows' ||
      node.op === 'columns' ||
      (node.op === 'convolution' && node.zero === null);
    if (isReal) continue;
    const place = places.get(node.name) ?? planFor(node);
    places.set(node.name, place);
    if (node.op !== 'concat') continue;
    let { channel } = place;
    for (const input of node.inputs) {
      const { channels } = shapes.get(input)!;
      if (places.has(input)) throw new RangeError(`${input} would be part of two joins.`);
      if (channels !== paddedChannels(channels))
        throw new RangeError(
          `${input} has ${channels} channels: a part of a join needs whole panels.`,
        );
      places.set(input, { plan: place.plan, channel });
      channel += channels;
    }
  }
  return places;
}

/** What is real 0 in each map, for each channel. */
function zerosOf(nodes: readonly Int8Node[]): ReadonlyMap<string, readonly number[]> {
  const zeros = new Map<string, readonly number[]>();
  for (const node of nodes) {
    if (node.op === 'image') zeros.set(node.name, node.zeros);
    else if ('zero' in node) zeros.set(node.name, [node.zero ?? 0]);
    else if (node.op === 'concat') zeros.set(node.name, zeros.get(node.inputs[0]!)!);
    else if ('input' in node) zeros.set(node.name, zeros.get(node.input)!);
  }
  return zeros;
}

function borderOf(window: Window, { width, height }: MapShape): Border {
  const [rows, columns] = [spanOf(window, 0, height), spanOf(window, 1, width)];
  const behind = (axis: 0 | 1, length: number, { before, length: result }: typeof rows) =>
    Math.max(0, (result - 1) * window.strides[axis] + window.kernel[axis] - before - length);
  return {
    top: rows.before,
    bottom: behind(0, height, rows),
    left: columns.before,
    right: behind(1, width, columns),
  };
}

/** @param fills takes what fills its border */
function allocate(
  { shape, pixel, border, fill = [0] }: Plan,
  arena: Arena,
  fills: (() => void)[],
): PlacedMap {
  const { width, height } = shape;
  const line = pixel * (border.left + width + border.right);
  const bytes = line * (border.top + height + border.bottom);
  const start = arena.allocate(bytes);
  fills.push(() => {
    const view = arena.bytes(start, bytes);
    if (fill.length === 1) view.fill(fill[0]!);
    else {
      // One pixel, then twice as many each time.
      view.fill(0, 0, pixel);
      view.set(fill);
      for (let done = pixel; done < bytes; done *= 2) view.copyWithin(done, 0, done);
    }
  });
  const address = start + line * border.top + pixel * border.left;
  return { ...shape, address, line, pixel };
}
