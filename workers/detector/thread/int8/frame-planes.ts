import type { Workshop } from './compile.ts';

/** Bytes of one colour in lines. */
export interface Plane {
  readonly address: number;
  readonly width: number;
  readonly height: number;
  /** Bytes from line to line. */
  readonly line: number;
}

/** A frame in memory: three planes, and how they become red, green and blue; no colours: they are those. */
export interface FramePlanes {
  readonly planes: readonly [Plane, Plane, Plane];
  readonly colours?: ColourFactors;
}

/** Of the usual matrix from brightness and colour differences, times {@link FACTOR_SCALE}. */
export interface ColourFactors {
  readonly black: number;
  readonly contrast: number;
  readonly redOfRedness: number;
  readonly greenOfBlueness: number;
  readonly greenOfRedness: number;
  readonly blueOfBlueness: number;
}

/** The kernel's fixed point. */
const FACTOR_SCALE = 8192;

/** Shares of red and blue in brightness (ITU-R BT.601, BT.709, BT.2020). */
const SHARES: Partial<Record<string, readonly [number, number]>> = {
  smpte170m: [0.299, 0.114],
  bt470bg: [0.299, 0.114],
  bt709: [0.2126, 0.0722],
  'bt2020-ncl': [0.2627, 0.0593],
};

/** How the planes of a format lie: each its width and height in shares of the frame's, and bytes a pixel. */
const LAYOUTS: Partial<Record<string, readonly (readonly [number, number, number])[]>> = {
  I420: [
    [1, 1, 1],
    [2, 2, 1],
    [2, 2, 1],
  ],
  I422: [
    [1, 1, 1],
    [2, 1, 1],
    [2, 1, 1],
  ],
  I444: [
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
  ],
  NV12: [
    [1, 1, 1],
    [2, 2, 2],
  ],
  RGBA: [[1, 1, 4]],
  RGBX: [[1, 1, 4]],
  BGRA: [[1, 1, 4]],
  BGRX: [[1, 1, 4]],
};

/** Whether a format is of red, green and blue. */
const isPlain = (format: string): boolean => /^(RGB|BGR)/.test(format);

/**
 * Whether the planes may be of red, green and blue: of such video Chromium tells no matrix, as of video that says nothing,
 * but converts it right. Only what keeps every pixel's colours is ever of them.
 */
const mayBePlain = ({ format, colorSpace }: VideoFrame): boolean =>
  format === 'I444' && (colorSpace.matrix ?? 'rgb') === 'rgb';

/** Whole vectors a line. */
const ALIGNMENT = 64;

/**
 * Copies frames' planes into an arena, in the form in which they were decoded where that is known, else converted by the
 * browser to red, green and blue. One frame at a time.
 */
export class FrameCopier {
  readonly #arena: Workshop['arena'];
  readonly #kernels: Workshop['kernels'];
  readonly #pieces = new Map<string, number>();
  #taken: { frame: VideoFrame; planes: Promise<FramePlanes> } | undefined;

  constructor({ arena, kernels }: Pick<Workshop, 'arena' | 'kernels'>) {
    this.#arena = arena;
    this.#kernels = kernels;
  }

  /**
   * @param frame stays open; asked for by several scales it is copied once
   * @throws the browser's error where it gives no pixels of it
   */
  copy(frame: VideoFrame): Promise<FramePlanes> {
    if (this.#taken?.frame !== frame) this.#taken = { frame, planes: this.#copy(frame) };
    return this.#taken.planes;
  }

  async #copy(frame: VideoFrame): Promise<FramePlanes> {
    const { format, visibleRect, colorSpace } = frame;
    const { width = 0, height = 0 } = visibleRect ?? {};
    const colours = mayBePlain(frame) ? undefined : colourFactors(colorSpace);
    const known = LAYOUTS[format ?? ''] && (isPlain(format ?? '') || colours);
    const as = known ? format! : 'RGBA';
    let bytes = 0;
    const parts = LAYOUTS[as]!.map(([across, down, pixel]) => {
      const part = { width: Math.ceil(width / across), height: Math.ceil(height / down), pixel };
      const stride = Math.ceil((part.width * pixel) / ALIGNMENT) * ALIGNMENT;
      const offset = bytes;
      bytes += stride * part.height;
      return { ...part, stride, offset };
    });
    const start = this.#piece('frame', bytes);
    const layout = parts.map(({ offset, stride }) => ({ offset, stride }));
    const options = known ? { layout } : ({ layout, format: 'RGBA' } as const);
    await frame.copyTo(this.#arena.bytes(start, bytes), options as VideoFrameCopyToOptions);
    const planes = parts.map(({ offset, stride, ...part }) => ({
      ...part,
      address: start + offset,
      line: stride,
    }));
    const apart = planes.flatMap((plane) => (plane.pixel === 1 ? [plane] : this.#split(plane)));
    const three = apart as unknown as FramePlanes['planes'];
    if (!isPlain(as)) return { planes: three, colours: colours! };
    return { planes: as.startsWith('BGR') ? [three[2], three[1], three[0]] : three };
  }

  /** The two or three planes of what lies by turns in one. */
  #split({ address, width, height, line, pixel }: Plane & { pixel: number }): Plane[] {
    const count = pixel === 2 ? 2 : 3;
    const own = line / pixel;
    const sixteens = Math.ceil(width / 16);
    const starts = Array.from({ length: count }, (_, i) => this.#piece(`part${i}`, own * height));
    const [first, second, third] = starts as [number, number, number];
    for (let y = 0; y < height; y++) {
      const [from, to] = [address + y * line, y * own];
      if (pixel === 2) this.#kernels.splitPairs(from, first + to, second + to, sixteens);
      else this.#kernels.splitFours(from, first + to, second + to, third + to, sixteens);
    }
    return starts.map((start) => ({ address: start, width, height, line: own }));
  }

  /** Memory that is used again by frames of the same size. */
  #piece(name: string, bytes: number): number {
    const key = `${name} ${bytes}`;
    const address = this.#pieces.get(key) ?? this.#arena.allocate(bytes);
    this.#pieces.set(key, address);
    return address;
  }
}

/** @returns undefined for a matrix that is not known here; where a video says nothing, BT.601's, as decoders do */
function colourFactors({ matrix, fullRange }: VideoColorSpace): ColourFactors | undefined {
  const shares = SHARES[matrix ?? 'smpte170m'];
  if (!shares) return undefined;
  const [red, blue] = shares;
  const green = 1 - red - blue;
  const difference = fullRange ? 1 : 255 / 224;
  const scaled = (value: number) => Math.round(FACTOR_SCALE * value);
  return {
    black: fullRange ? 0 : 16,
    contrast: scaled(fullRange ? 1 : 255 / 219),
    redOfRedness: scaled(2 * (1 - red) * difference),
    greenOfBlueness: scaled((-2 * (1 - blue) * blue * difference) / green),
    greenOfRedness: scaled((-2 * (1 - red) * red * difference) / green),
    blueOfBlueness: scaled(2 * (1 - blue) * difference),
  };
}
