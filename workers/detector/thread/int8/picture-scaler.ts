import type { Size } from '../../../../src/detect/input-size.ts';
import { scaleTaps } from '../../../../src/detect/scale-taps.ts';
import { TAP_CHUNK, WEIGHT_SUM } from '../../wasm/int8/picture.ts';
import type { Workshop } from './compile.ts';
import type { FramePlanes, Plane } from './frame-planes.ts';

/** A line's taps as the kernels read them. */
interface LinePlan {
  /** Bytes of the 16-bit line where each pixel's taps start. */
  readonly starts: number;
  readonly weights: number;
  readonly chunks: number;
}

/** The lines that make each line of the result. */
type ColumnPlan = readonly {
  readonly start: number;
  readonly lines: number;
  readonly weights: number;
}[];

/** Makes small pictures of frames' planes, in whole numbers, by kernels. */
export class PictureScaler {
  readonly #arena: Workshop['arena'];
  readonly #kernels: Workshop['kernels'];
  readonly #plans = new Map<string, LinePlan & { readonly columns: ColumnPlan }>();
  /** A weighed sum of lines, and the scaled line of each plane. */
  #sums = { address: 0, bytes: 0 };
  #lines = { address: 0, bytes: 0 };

  constructor({ arena, kernels }: Pick<Workshop, 'arena' | 'kernels'>) {
    this.#arena = arena;
    this.#kernels = kernels;
  }

  /**
   * Writes the frame, scaled, as pixels of red, green, blue and 255.
   * @param size of the result, whole pixels
   * @param target address of the first pixel, lines one behind the other; up to 7 pixels behind the last are written too
   */
  scale({ planes, colours }: FramePlanes, { width, height }: Size, target: number): void {
    const plans = planes.map((plane) => this.#plan(plane, width, height));
    this.#sums = this.#room(this.#sums, Math.max(...planes.map((plane) => 2 * plane.width)) + 1024);
    this.#lines = this.#room(this.#lines, 3 * (width + 64));
    const lines = planes.map((_, i) => this.#lines.address + i * (width + 64)) as [
      number,
      number,
      number,
    ];
    const eights = Math.ceil(width / 8);
    for (let y = 0; y < height; y++) {
      for (const [i, plane] of planes.entries()) {
        const { columns, starts, weights, chunks } = plans[i]!;
        const column = columns[y]!;
        this.#kernels.sumLines(
          ...([plane.address + column.start * plane.line, plane.line, column.weights] as const),
          ...([column.lines, this.#sums.address, Math.ceil(plane.width / 8)] as const),
        );
        this.#kernels.scaleLine(
          ...([
            this.#sums.address,
            starts,
            weights,
            chunks,
            lines[i]!,
            Math.ceil(width / 4),
          ] as const),
        );
      }
      const to = target + 4 * y * width;
      if (colours) {
        const { black, contrast, redOfRedness, greenOfBlueness, greenOfRedness, blueOfBlueness } =
          colours;
        this.#kernels.toColours(
          ...([...lines, to, eights, black, contrast, redOfRedness] as const),
          ...([greenOfBlueness, greenOfRedness, blueOfBlueness] as const),
        );
      } else this.#kernels.joinColours(...lines, to, eights);
    }
  }

  #plan(plane: Plane, width: number, height: number): LinePlan & { readonly columns: ColumnPlan } {
    const key = [plane.width, plane.height, width, height].join();
    const known = this.#plans.get(key);
    if (known) return known;
    const plan = {
      ...this.#linePlan(plane.width, width),
      columns: this.#columnPlan(plane.height, height),
    };
    this.#plans.set(key, plan);
    return plan;
  }

  #linePlan(from: number, to: number): LinePlan {
    const taps = scaleTaps(from, to, WEIGHT_SUM);
    const chunks = Math.ceil(Math.max(...taps.map(({ weights }) => weights.length)) / TAP_CHUNK);
    const padded = TAP_CHUNK * chunks;
    const count = 4 * Math.ceil(to / 4);
    const starts = this.#arena.allocate(4 * count);
    const weights = this.#arena.allocate(2 * padded * count);
    const words = this.#arena.words(starts, count);
    const shorts = this.#arena.shorts(weights, padded * count);
    for (const [i, tap] of taps.entries()) {
      words[i] = 2 * tap.start;
      shorts.set(tap.weights, padded * i);
    }
    return { starts, weights, chunks };
  }

  #columnPlan(from: number, to: number): ColumnPlan {
    const taps = scaleTaps(from, to, WEIGHT_SUM);
    const total = taps.reduce((sum, { weights }) => sum + weights.length, 0);
    const all = this.#arena.allocate(2 * total);
    const shorts = this.#arena.shorts(all, total);
    let at = 0;
    return taps.map(({ start, weights }) => {
      shorts.set(weights, at);
      at += weights.length;
      return { start, lines: weights.length, weights: all + 2 * (at - weights.length) };
    });
  }

  #room(room: { address: number; bytes: number }, bytes: number) {
    return room.bytes >= bytes ? room : { address: this.#arena.allocate(bytes), bytes };
  }
}
