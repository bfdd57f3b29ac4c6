/**
 * The kernels in 8-bit integers and their compiler against plain TypeScript, to the bit.
 * Long because every kernel is held to the same plain arithmetic, which stands here once.
 */
import { describe, expect, test, vi } from 'vitest';
import type { Size } from '../../src/detect/input-size.ts';
import type {
  ConvolutionNode,
  DepthwiseNode,
  Int8Graph,
  Int8Node,
} from '../../src/detect/int8-graph.ts';
import { createDetectorPool } from '../../workers/detector/pool/detector-pool.ts';
import { Arena } from '../../workers/detector/thread/int8/arena.ts';
import { compileNetwork } from '../../workers/detector/thread/int8/compile.ts';
import { packWeights } from '../../workers/detector/thread/int8/pack-weights.ts';
import { SizedNetworks } from '../../workers/detector/thread/int8/sized-networks.ts';
import { int8Module, startKernels } from '../../workers/detector/wasm/int8/module.ts';
import { SUM_KINDS, type SumKind } from '../../workers/detector/wasm/int8/sums.ts';
import { runReference } from '../fixtures/int8-reference.ts';
import { seeded } from '../fixtures/track-scenes.ts';

/** Ways to compute the same: how products are summed, and whether convolutions that can be are computed tile by tile. */
const WAYS: readonly (readonly [SumKind, boolean])[] = [
  ['dot', false],
  ['pairs', false],
  ['pairs', true],
  ['words', false],
  ['products', false],
  ['products', true],
];
const [relaxed, plain] = await Promise.all(
  (['relaxed', 'plain'] as const).map((needs) => WebAssembly.compile(int8Module(needs))),
);
const moduleOf = (sums: SumKind) =>
  (SUM_KINDS.plain as readonly SumKind[]).includes(sums) ? plain! : relaxed!;

const random = seeded(11);
const integer = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));

/** Numbers of a graph's file as they are made. */
class FileOfNumbers {
  readonly #bytes: number[] = [];

  add(list: Int8Array | Int32Array | Float32Array): number {
    const at = this.#bytes.length;
    this.#bytes.push(...new Uint8Array(list.buffer));
    while (this.#bytes.length % 4 !== 0) this.#bytes.push(0);
    return at;
  }

  done(): ArrayBuffer {
    return Uint8Array.from(this.#bytes).buffer;
  }
}

/** The greatest weights, or those of a place; otherwise by chance. */
interface ChosenWeights {
  readonly extreme?: boolean;
  readonly weights?: (place: number) => number;
}

/** A graph that grows node by node, every number of it by chance. */
class RandomGraph {
  readonly nodes: Int8Node[];
  readonly #file = new FileOfNumbers();
  #channels = new Map<string, number>([['image', 3]]);

  constructor() {
    this.nodes = [{ op: 'image', name: 'image', zeros: [52, 58, 62] }];
  }

  get file(): ArrayBuffer {
    return this.#file.done();
  }

  get graph(): Int8Graph {
    return { format: 1, nodes: this.nodes };
  }

  convolution(
    input: string,
    channels: number,
    more: Partial<Omit<ConvolutionNode, 'op'>> & ChosenWeights = {},
  ): string {
    const { extreme = false, weights, ...rest } = more;
    const name = `node${this.nodes.length}`;
    const inputChannels = this.#channels.get(input)!;
    const kernel = rest.kernel ?? [3, 3];
    const count = channels * kernel[0] * kernel[1] * inputChannels;
    const weight = extreme ? () => (random() < 0.9 ? 64 : -64) : () => integer(-64, 64);
    // Sums of so many products are about so large: results spread over all activations.
    const spread = 64 * 64 * Math.sqrt(count / channels);
    this.nodes.push({
      ...{ op: 'convolution', name, input, kernel, inputChannels, channels },
      ...{ strides: [1, 1], padding: 'same', zero: integer(0, 90) },
      at: {
        weights: this.#file.add(
          Int8Array.from({ length: count }, (_, i) => weights?.(i) ?? weight()),
        ),
        biases: this.#file.add(
          Int32Array.from({ length: channels }, () => integer(-spread, spread)),
        ),
        multipliers: this.#file.add(
          Float32Array.from({ length: channels }, () => (60 * (0.2 + random())) / spread),
        ),
        slopes: this.#file.add(
          Float32Array.from({ length: channels }, () => [1, 0, 0.1, 1.7, -0.3][integer(0, 4)]!),
        ),
      },
      ...rest,
    });
    this.#channels.set(name, channels);
    return name;
  }

  depthwise(input: string, more: Partial<Omit<DepthwiseNode, 'op'>> & ChosenWeights = {}): string {
    const { extreme = false, weights, ...rest } = more;
    const name = `node${this.nodes.length}`;
    const channels = this.#channels.get(input)!;
    const numbers = <T>(make: () => number, list: { from(o: object, f: () => number): T }): T =>
      list.from({ length: channels }, make);
    this.nodes.push({
      ...{ op: 'depthwise', name, input, channels, kernel: [3, 3], strides: [1, 1] },
      ...{ padding: 'same', zero: integer(0, 90) },
      at: {
        weights: this.#file.add(
          Int8Array.from(
            { length: 9 * channels },
            (_, i) => weights?.(i) ?? (extreme ? 64 : integer(-64, 64)),
          ),
        ),
        biases: this.#file.add(numbers(() => integer(-9000, 9000), Int32Array)),
        multipliers: this.#file.add(numbers(() => (0.2 + random()) / 200, Float32Array)),
        slopes: this.#file.add(numbers(() => [1, 0, 0.1, -0.3][integer(0, 3)]!, Float32Array)),
      },
      ...rest,
    });
    this.#channels.set(name, channels);
    return name;
  }

  add(node: Int8Node, channels: number): string {
    this.nodes.push(node);
    this.#channels.set(node.name, channels);
    return node.name;
  }
}

/** A network as set-up writes it. */
type NetworkFiles = Pick<RandomGraph, 'graph' | 'file'>;

/** Runs a graph both ways on a picture of chance. */
function expectEqual({ graph, file }: NetworkFiles, width: number, height: number): void {
  const picture = Array.from({ length: 3 * width * height }, () => integer(0, 127));
  const expected = runReference(graph, file, { width, height }, picture);
  for (const [kind, byWinograd] of WAYS) {
    const arena = new Arena();
    const kernels = startKernels({ module: moduleOf(kind), sums: kind }, arena.memory);
    const packed = packWeights(graph, file, { kernels, arena }, byWinograd);
    const network = compileNetwork(graph, { width, height }, { kernels, arena, packed });
    const write = () => {
      const { address, line } = network.image;
      picture.forEach((shade, i) => {
        const pixel = Math.floor(i / 3);
        const at = address + line * Math.floor(pixel / width) + 4 * (pixel % width) + (i % 3);
        arena.bytes(at, 1)[0] = shade;
      });
    };
    write();
    const rows = network.run();
    for (const { name, op } of graph.nodes.slice(1)) {
      if (op === 'rows') continue;
      const way = [kind, byWinograd, name];
      expect([...way, network.read(name)]).toEqual([...way, [...expected.get(name)!.values]]);
    }
    expect([...rows]).toEqual([...expected.get(graph.nodes.at(-1)!.name)!.values]);
    // The second picture finds the borders as the first did.
    expect(network.run()).toEqual(rows);
  }
}

/** Ends a graph with a head of real numbers. */
function withHead(made: RandomGraph, input: string, channels = 5): RandomGraph {
  const head = made.convolution(input, channels, { kernel: [1, 1], zero: null });
  made.add({ op: 'rows', name: 'rows', inputs: [head] }, channels);
  return made;
}

test('the browser of these tests has what the kernels need', () => {
  expect(WebAssembly.validate(int8Module('relaxed'))).toBe(true);
});

describe('convolutions', () => {
  test.each([
    ['3 x 3', { kernel: [3, 3] }],
    ['3 x 3 in steps', { kernel: [3, 3], strides: [2, 2] }],
    ['3 x 3 in steps, padded all around', { strides: [2, 2], padding: [1, 1, 1, 1] }],
    ['1 x 1', { kernel: [1, 1] }],
    ['1 x 1 in steps', { kernel: [1, 1], strides: [2, 2], padding: [0, 0, 0, 0] }],
    ['5 x 3, padded unevenly', { kernel: [5, 3], padding: [2, 0, 0, 2] }],
    ['within the map', { padding: [0, 0, 0, 0] }],
  ] as const)('%s', (_, more) => {
    for (let round = 0; round < 6; round++) {
      const made = new RandomGraph();
      const first = made.convolution('image', 8 * integer(1, 3));
      const second = made.convolution(first, integer(1, 27), more);
      expectEqual(
        withHead(made, made.convolution(second, 16, more)),
        4 * integer(2, 7),
        integer(7, 19),
      );
    }
  });

  test('of any width and depth, whatever is left over of a tile', () => {
    for (let width = 1; width <= 14; width++) {
      const made = new RandomGraph();
      const first = made.convolution('image', integer(1, 40), { kernel: [1, 1] });
      expectEqual(withHead(made, first, integer(1, 17)), width, integer(1, 4));
    }
  });

  test('tile by tile, whatever is left over of a tile, a group of tiles, and what is computed at a time', () => {
    for (const [width, height] of [
      [1, 1],
      [2, 3],
      [5, 7],
      [16, 12],
      [9, 33],
      [99, 4],
      [105, 3],
    ] as const) {
      const made = new RandomGraph();

      let last = made.convolution('image', 8 * integer(4, 8));
      for (const padding of ['same', [1, 1, 1, 1], 'same'] as const) {
        last = made.convolution(last, 8 * integer(4, 8), { padding });
      }
      expectEqual(withHead(made, last), width, height);
    }
  });

  test('tile by tile within the map, into a part of a join, out of a pooled map', () => {
    const made = new RandomGraph();
    const zero = { zero: 0 };
    const first = made.convolution('image', 40, { ...zero, strides: [2, 2] });
    const window = { kernel: [2, 2], strides: [2, 2], padding: 'same' } as const;
    const pooled = made.add({ op: 'maxPool', name: 'pooled', input: first, ...window }, 40);
    const second = made.convolution(pooled, 32, zero);
    const third = made.convolution(second, 48, zero);
    made.add({ op: 'concat', name: 'joined', inputs: [third, second] }, 80);
    const padding = [0, 0, 0, 0] as const;
    expectEqual(withHead(made, made.convolution('joined', 32, { padding })), 44, 28);
  });

  test('sums of the greatest weights and activations are exact', () => {
    // A zero of 127 and a slope make every activation the greatest. Tile by tile only from 32 channels on.
    for (const channels of [24, 40]) {
      const made = new RandomGraph();
      const full = made.convolution('image', 64, { zero: 127, extreme: true });
      const sums = made.convolution(full, channels, { extreme: true });
      expectEqual(withHead(made, sums, 9), 8, 6);
    }
  });
});

/** The greatest weights that 16 bits hold, of either sign, one to four of them large: of every eight, or of nine taps. */
const FULL = [
  [127, 127, 2, 2],
  [127, 2, 127, 2],
  [2, 127, 2, 127],
  [64, 65, 64, 65],
  [-127, -127, -2, -2],
  [127, -127, 127, -127],
] as const;

test('weights of up to 127 are exact where the others leave room', () => {
  for (const large of FULL) {
    const made = new RandomGraph();
    const full = made.convolution('image', 24, { zero: 127, extreme: true });
    const [a, b, c, d] = large;
    // Every four that some way adds are these four: side by side, and every fourth.
    const inputs = [a, b, c, d, c, d, a, b, b, a, d, c, d, c, b, a];
    const alone = made.depthwise(full, {
      zero: 127,
      weights: (i) => large[Math.floor(i / 24) % 4]!,
    });
    const sums = made.convolution(alone, 16, {
      kernel: [1, 1],
      weights: (i) => inputs[(i % 24) % 16]! * (i % 48 < 24 ? 1 : -1),
    });
    expectEqual(withHead(made, sums, 9), 12, 6);
  }
});

test('what depthwise convolutions alone take reaches 255, exactly', () => {
  for (const large of [
    [127, 1, 0, 0],
    [32, 32, 32, 32],
    [-64, -64, 127, 1],
  ]) {
    const made = new RandomGraph();
    const first = made.convolution('image', 24, { isWide: true, zero: 0 });
    const second = made.convolution(made.depthwise(first), 40, {
      isWide: true,
      extreme: true,
      zero: 0,
    });
    const weights = (i: number) => large[Math.floor(i / 40) % 4]!;
    expectEqual(withHead(made, made.depthwise(second, { weights })), 12, 7);
  }
});

describe('of each channel by itself', () => {
  test.each([
    ['in steps of one', {}],
    ['in steps of two', { strides: [2, 2] }],
    ['padded unevenly', { strides: [2, 1], padding: [0, 2, 2, 0] }],
    ['within the map', { padding: [0, 0, 0, 0] }],
  ] as const)('%s', (_, more) => {
    for (let round = 0; round < 6; round++) {
      const made = new RandomGraph();
      const first = made.convolution('image', integer(1, 41));
      const second = made.depthwise(made.depthwise(first, more), more);
      const third = made.convolution(second, 8, { kernel: [1, 1] });
      expectEqual(withHead(made, third), 4 * integer(3, 7), integer(11, 19));
    }
  });

  test('sums of the greatest weights and activations are exact', () => {
    const made = new RandomGraph();
    const full = made.convolution('image', 16, { zero: 127, extreme: true });
    expectEqual(withHead(made, made.depthwise(full, { extreme: true })), 8, 6);
  });

  test('what is computed of one map in steps of one and of two has one border', () => {
    const made = new RandomGraph();
    const first = made.convolution('image', 24);
    const whole = made.depthwise(first);
    const half = made.depthwise(first, { strides: [2, 2] });
    const heads = [whole, half].map((map) =>
      made.convolution(map, 5, { kernel: [1, 1], zero: null }),
    );
    made.add({ op: 'rows', name: 'rows', inputs: heads }, 5);
    expectEqual(made, 16, 10);
  });
});

test('rows of two maps lie side by side', () => {
  const made = new RandomGraph();
  const first = made.convolution('image', 16);
  const levels = [first, made.convolution(first, 16, { strides: [2, 2] })].map((map, level) => {
    const inputs = [8, 2].map((channels) =>
      made.convolution(map, channels, { kernel: [1, 1], zero: null }),
    );
    const name = `level${level}`;
    return made.add({ op: 'columns', name, inputs, widths: [4, 1] }, 5);
  });
  made.add({ op: 'rows', name: 'rows', inputs: levels }, 5);
  expectEqual(made, 12, 7);
});

describe('between convolutions', () => {
  test('maps are joined where they were computed, and used apart', () => {
    const made = new RandomGraph();
    const zero = { zero: 40 };
    const first = made.convolution('image', 16, zero);
    const second = made.convolution(first, 24, zero);
    const joined = made.add({ op: 'concat', name: 'joined', inputs: [second, first] }, 40);
    const third = made.convolution(joined, 8, zero);
    made.add({ op: 'concat', name: 'again', inputs: [joined, third] }, 48);
    expectEqual(withHead(made, made.convolution('again', 32, { strides: [2, 2] })), 20, 11);
  });

  test.each(['maxPool', 'averagePool'] as const)('%s', (op) => {
    for (const [kernel, strides, padding] of [
      [
        [3, 3],
        [2, 2],
        [1, 1, 1, 1],
      ],
      [[2, 2], [2, 2], 'same'],
      [
        [3, 2],
        [1, 2],
        [0, 0, 0, 0],
      ],
    ] as const) {
      const made = new RandomGraph();
      const channels = integer(1, 40);
      const first = made.convolution('image', channels);
      const window = {
        kernel,
        strides,
        padding: op === 'averagePool' ? ([0, 0, 0, 0] as const) : padding,
      };
      made.add({ op, name: 'pooled', input: first, ...window }, channels);
      expectEqual(withHead(made, 'pooled'), 4 * integer(2, 5), 2 * integer(3, 9));
    }
  });

  test('enlarging and shrinking', () => {
    for (const stride of [1, 2, 4, 8]) {
      const made = new RandomGraph();
      const channels = integer(1, 20);
      const first = made.convolution('image', channels, { strides: [4, 4] });
      made.add({ op: 'resize', name: 'resized', input: first, stride }, channels);
      expectEqual(withHead(made, 'resized'), 24, 16);
    }
  });

  test('sums of maps with different scales', () => {
    for (let round = 0; round < 6; round++) {
      const made = new RandomGraph();
      const channels = integer(1, 30);
      const first = made.convolution('image', channels);
      const second = made.convolution(first, channels);
      const [a, b, rest] = [random(), random() * 2, 80 * random() - 60].map(Math.fround);
      made.add(
        {
          ...{ op: 'add', name: 'sum', inputs: [first, second], zero: integer(0, 100) },
          ...{ factors: [a!, b!], rest: rest! },
        },
        channels,
      );
      expectEqual(withHead(made, made.convolution('sum', 8)), 4 * integer(1, 5), integer(3, 9));
    }
  });

  test('rows of several maps lie one below the other', () => {
    const made = new RandomGraph();
    const first = made.convolution('image', 8);
    const second = made.convolution(first, 16, { strides: [2, 2] });
    const heads = [first, second].map((input) =>
      made.convolution(input, 45, { kernel: [1, 1], zero: null }),
    );
    made.add({ op: 'rows', name: 'rows', inputs: heads }, 45);
    expectEqual(made, 12, 10);
  });
});

test.each(['nanodet-person', 'coco-ssd-person'])(
  '%s as set-up writes it, whole, to the bit',
  async (model) => {
    const folder = `/models/${model}/`;
    const { graph, file } = {
      graph: (await (await fetch(`${folder}int8.json`)).json()) as Int8Graph,
      file: await (await fetch(`${folder}int8.bin`)).arrayBuffer(),
    };
    expectEqual({ graph, file }, 32, 64);
  },
);

test('sizes take turns on the memory of the largest, each as if it had its own', async () => {
  const folder = '/models/nanodet-person/';
  const graph = (await (await fetch(`${folder}int8.json`)).json()) as Int8Graph;
  const file = await (await fetch(`${folder}int8.bin`)).arrayBuffer();
  const start = () => {
    const arena = new Arena();
    const kernels = startKernels({ module: relaxed!, sums: 'pairs' }, arena.memory);
    return { arena, kernels, packed: packWeights(graph, file, { kernels, arena }, true) };
  };
  const run = (
    network: ReturnType<typeof compileNetwork>,
    { width, height }: Size,
    arena: Arena,
  ) => {
    const { address, line } = network.image;
    for (let y = 0; y < height; y++) {
      const row = arena.bytes(address + y * line, 4 * width);
      row.forEach((_, x) => {
        row[x] = (13 * x + 7 * y) % 128;
      });
    }
    return [...network.run()];
  };
  const whole = { width: 128, height: 96 };
  const parts = [whole, { width: 32, height: 96 }, { width: 96, height: 64 }, whole];
  const workshop = start();
  const networks = new SizedNetworks(graph, whole, workshop);
  const bytes = workshop.arena.memory.buffer.byteLength;
  for (const size of [...parts, ...parts]) {
    const own = start();
    const alone = run(compileNetwork(graph, size, own), size, own.arena);
    expect(run(networks.of(size), size, workshop.arena)).toEqual(alone);
  }
  expect(workshop.arena.memory.buffer.byteLength).toBe(bytes);
  expect(() => networks.of({ width: 160, height: 128 })).toThrow(RangeError);
});

test.each([
  [
    'a map in two joins',
    (made: RandomGraph, first: string) => {
      const second = made.convolution(first, 8);
      made.add({ op: 'concat', name: 'one', inputs: [first, second] }, 16);
      made.add({ op: 'concat', name: 'two', inputs: [second, first] }, 16);
      return 'two';
    },
    /part of two joins/,
  ],
  [
    'a border of two kinds',
    (made: RandomGraph, first: string) => {
      made.convolution(first, 8);
      const window = { kernel: [3, 3], strides: [1, 1], padding: 'same' } as const;
      return made.add({ op: 'maxPool', name: 'pool', input: first, ...window }, 8);
    },
    /two borders/,
  ],
  [
    'maps of two sizes joined',
    (made: RandomGraph, first: string) => {
      const second = made.convolution(first, 8, { strides: [2, 2] });
      return made.add({ op: 'concat', name: 'joined', inputs: [first, second] }, 16);
    },
    /joins maps of different sizes/,
  ],
])('%s is refused', (_, make, message) => {
  const made = new RandomGraph();
  const { graph, file } = withHead(made, make(made, made.convolution('image', 8, { zero: 9 })));
  const arena = new Arena();
  const kernels = startKernels({ module: relaxed!, sums: 'dot' }, arena.memory);
  const workshop = { kernels, arena, packed: packWeights(graph, file, { kernels, arena }, false) };
  expect(() => compileNetwork(graph, { width: 8, height: 8 }, workshop)).toThrow(message);
});

test('a model that has no such form says so when it is asked for', async () => {
  const manifestUrl = '/models/coco-ssd-person/manifest.json';
  const { int8, ...manifest } = await (await fetch(manifestUrl)).json();
  expect(int8).toBeDefined();
  vi.spyOn(window, 'fetch').mockImplementation(async () => Response.json(manifest));
  const video = { width: 64, height: 64 };
  await expect(createDetectorPool({ manifestUrl, video, backend: 'int8' })).rejects.toMatchObject({
    kind: 'backend-unavailable',
    message: expect.stringMatching(/coco-ssd-person has no form in 8-bit integers/),
  });
  vi.restoreAllMocks();
});
