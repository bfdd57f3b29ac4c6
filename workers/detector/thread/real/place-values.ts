import type { Arena } from '../int8/arena.ts';

/** A map's size; a row of numbers is a map of one pixel. */
export interface Shape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Pixels around a map, zeros. */
export interface Border {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Nothing around a map. */
export const NO_BORDER: Border = { top: 0, left: 0, bottom: 0, right: 0 };

/** Where a map lies. In bytes. */
export interface Place extends Shape {
  /** Of its first pixel's first number. */
  readonly address: number;
  readonly pixel: number;
  readonly line: number;
  /** Whether lines lie one behind the other, without a border. */
  readonly isFlat: boolean;
}

/** Memory of maps, used again once nobody needs what is in it: by maps of the same form, so that borders stay zero. */
export class Places {
  readonly #arena: Arena;
  readonly #free = new Map<string, Place[]>();

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /** A place for a map. Its border is zero, and stays so. */
  take(shape: Shape, border: Border): Place {
    const known = this.#free.get(keyOf(shape, border))?.pop();
    if (known) return known;
    const { height, width, channels } = shape;
    const { top, left, bottom, right } = border;
    const pixel = 4 * channels;
    const line = pixel * (left + width + right);
    const start = this.#arena.allocate(line * (top + height + bottom));
    const address = start + top * line + left * pixel;
    return { ...shape, address, pixel, line, isFlat: top + left + bottom + right === 0 };
  }

  /** Gives a place back that {@link take} gave for the same. */
  give(place: Place, border: Border): void {
    const key = keyOf(place, border);
    const list = this.#free.get(key) ?? [];
    list.push(place);
    this.#free.set(key, list);
  }
}

/** Tells maps of one form, border included, from others. */
export function keyOf(
  { height, width, channels }: Shape,
  { top, left, bottom, right }: Border,
): string {
  return [height, width, channels, top, left, bottom, right].join();
}
