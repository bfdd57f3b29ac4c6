import { Failure } from '../contract/failure.ts';

/** How much time to spend on finding the far and the small. */
export type Quality = 'fast' | 'balanced' | 'accurate';

/** A file of a model, relative to its manifest. */
export interface ModelFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256, 64 lower-case hexadecimal characters. */
  readonly sha256: string;
}

/** What a network takes in: one image, [1, height, width, 3], values `(pixel - mean) / std` of pixels 0 to 255. */
export interface ModelInput {
  /** Name of the graph's input. */
  readonly node: string;
  /** Order of the channels. */
  readonly channels: 'rgb' | 'bgr';
  /** For each channel in that order. */
  readonly mean: readonly [number, number, number];
  /** For each channel in that order. */
  readonly std: readonly [number, number, number];
  /** The frame fills the input, or keeps its shape with a margin right and below. */
  readonly fit: 'stretch' | 'letterbox';
  /** Shade of the margin, 0 (black) to 255. Default 0. */
  readonly margin?: number;
  /** Width and height are multiples of this many pixels. */
  readonly multiple: number;
  /**
   * Pixels in the input for each quality; its shape follows the video's. Several numbers: several input
   * scales, because a network finds people best at the size it was trained on.
   */
  readonly areas: Readonly<Record<Quality, readonly number[]>>;
  /** Inputs [rows, columns] that tell the graph the size of its own feature maps, input / stride. */
  readonly mapSizes?: readonly { readonly node: string; readonly stride: number }[];
}

/**
 * Single-shot detector (Liu et al. 2016, arXiv 1512.02325, section 2.2): an output [1, anchors, 5] of box encoding
 * (y, x, height, width) relative to an anchor and the person's logit.
 */
export interface SsdDecode {
  readonly kind: 'ssd';
  /** The encodings are divided by these: y, x, height, width. */
  readonly scale: readonly [number, number, number, number];
  /** In the order of the output. */
  readonly levels: readonly {
    /** The feature map halves the input this many times, rounding up. */
    readonly halvings: number;
    /** Width and height of each anchor of a cell, in pixels of the input. */
    readonly sizes: readonly (readonly [number, number])[];
  }[];
}

/**
 * Anchor-free head with distributed distances (Li et al. 2020, arXiv 2006.04388): an output [1, cells, 1 + 4 x bins] of
 * the person's logit and for left, top, right and bottom the logits of the distance in cells.
 */
export interface GflDecode {
  readonly kind: 'gfl';
  /** Pixels of the input from cell to cell, in the order of the output. */
  readonly strides: readonly number[];
  /** The distances 0 to bins - 1. */
  readonly bins: number;
}

/**
 * YOLOX (Ge et al. 2021, arXiv 2107.08430, section 2.1), exported without decoding: an output [1, cells, 5 + classes] of
 * centre and logarithmic size in cells, objectness and class scores, both 0 to 1; person is the first class.
 */
export interface YoloxDecode {
  readonly kind: 'yolox';
  /** Pixels of the input from cell to cell, in the order of the output. */
  readonly strides: readonly number[];
}

/** A network that decodes and suppresses itself (RTMDet's exports): rows of left, top, right, bottom, score. */
export interface RowsDecode {
  readonly kind: 'rows';
  /** Output with each row's class, when there are several; person is 0. */
  readonly labels?: string;
}

/** How a network's output becomes boxes. */
export type Decode = SsdDecode | GflDecode | YoloxDecode | RowsDecode;

/** manifest.json of a model. */
export interface ModelManifest {
  readonly format: 1;
  /** For example `coco-ssd-person`. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** SPDX identifier of the weights' licence. */
  readonly licence: string;
  /** What runs it. `tfjs`: a graph model in `model.json` and `weights.bin`; `onnx`: one `.onnx` file. */
  readonly runtime: 'tfjs' | 'onnx';
  readonly files: readonly ModelFile[];
  /** Names of those `files` that are the network in 8-bit integers (see int8-graph.ts), if it has that form. */
  readonly int8?: { readonly graph: string; readonly weights: string };
  readonly input: ModelInput;
  /** Name of the graph's output. */
  readonly output: string;
  readonly decode: Decode;
  /**
   * Score from which a detection of this network is sure, between 0 and 1: the tracker's `scoreThreshold`. Networks
   * differ in how high they score, so it belongs to the model.
   */
  readonly scoreThreshold: number;
}

/**
 * Checks what was read from a manifest's URL: every member, its type and its bounds.
 * @param value parsed JSON
 * @param url where it came from, for the message
 * @returns the same value, typed
 * @throws Failure `model-damaged` naming the URL and the first member that is wrong
 */
export function parseManifest(value: unknown, url: string): ModelManifest {
  const wrong = (what: string): never => {
    throw new Failure(
      'model-damaged',
      `The model's manifest ${url} is not usable: ${what}. Run "npm run setup" again.`,
    );
  };
  const text = (member: string, v: unknown) => {
    if (typeof v !== 'string' || v === '') wrong(`${member} must be a text`);
  };
  const number = (member: string, v: unknown, rule: string, fits: (n: number) => boolean) => {
    if (typeof v !== 'number' || !Number.isFinite(v) || !fits(v))
      wrong(`${member} must be ${rule}`);
  };
  const whole = (member: string, v: unknown, min: number, max: number) =>
    number(
      member,
      v,
      `a whole number from ${min} to ${max}`,
      (n) => Number.isInteger(n) && n >= min && n <= max,
    );
  const list = (member: string, v: unknown, length?: number): unknown[] => {
    const rule = length === undefined ? 'a list that is not empty' : `${length} numbers`;
    if (!Array.isArray(v) || v.length === 0 || v.length > LIST_MAX)
      wrong(`${member} must be ${rule}`);
    if (length !== undefined && (v as unknown[]).length !== length)
      wrong(`${member} must be ${rule}`);
    return v as unknown[];
  };
  const record = (member: string, v: unknown): Record<string, unknown> => {
    if (typeof v === 'object' && v !== null && !Array.isArray(v))
      return v as Record<string, unknown>;
    return wrong(`${member} is no object`);
  };
  const strides = (member: string, v: unknown) => {
    for (const stride of list(member, v)) whole(`each of ${member}`, stride, 1, PIXELS_MAX);
  };

  const manifest = record('it', value);
  if (manifest.format !== 1) wrong('format must be 1');
  for (const member of ['id', 'name', 'licence', 'output']) text(member, manifest[member]);
  number('scoreThreshold', manifest.scoreThreshold, 'between 0 and 1', (n) => n > 0 && n < 1);

  const paths = list('files', manifest.files).map((entry) => {
    const { path, sha256, bytes } = record('a file', entry);
    text('path of a file', path);
    if (!/^[\w-]+(\.[\w-]+)*$/.test(path as string))
      wrong(`the file name ${path} is not a plain name`);
    if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
      wrong(`${path} has no SHA-256`);
    whole(`the size of ${path}`, bytes, 1, FILE_MAX_BYTES);
    return path as string;
  });
  const needed = Object.entries({
    tfjs: [/^model\.json$/, /^weights\.bin$/],
    onnx: [/\.onnx$/],
  }).find(([runtime]) => runtime === manifest.runtime)?.[1];
  if (!needed) return wrong('runtime must be tfjs or onnx');
  for (const name of needed) {
    if (!paths.some((path) => name.test(path))) wrong(`files must hold ${name.source}`);
  }
  if (manifest.int8 !== undefined) {
    const { graph, weights } = record('int8', manifest.int8);
    for (const [member, path] of Object.entries({ graph, weights })) {
      if (!paths.some((known) => known === path)) wrong(`int8.${member} must be one of the files`);
    }
  }

  const input = record('input', manifest.input);
  text('input.node', input.node);
  if (input.channels !== 'rgb' && input.channels !== 'bgr') {
    wrong('input.channels must be rgb or bgr');
  }
  if (input.fit !== 'stretch' && input.fit !== 'letterbox') {
    wrong('input.fit must be stretch or letterbox');
  }
  for (const mean of list('input.mean', input.mean, 3)) {
    number('each of input.mean', mean, 'a number', () => true);
  }
  for (const std of list('input.std', input.std, 3)) {
    number('each of input.std', std, 'a number above 0', (n) => n > 0);
  }
  if (input.margin !== undefined) whole('input.margin', input.margin, 0, 255);
  whole('input.multiple', input.multiple, 1, PIXELS_MAX);
  const areas = record('input.areas', input.areas);
  for (const quality of ['fast', 'balanced', 'accurate']) {
    for (const area of list(`input.areas.${quality}`, areas[quality])) {
      whole(`each of input.areas.${quality}`, area, 1, PIXELS_MAX ** 2);
    }
  }
  if (input.mapSizes !== undefined) {
    for (const entry of list('input.mapSizes', input.mapSizes)) {
      const { node, stride } = record('each of input.mapSizes', entry);
      text('node of input.mapSizes', node);
      whole('stride of input.mapSizes', stride, 1, PIXELS_MAX);
    }
  }

  const decode = record('decode', manifest.decode);
  switch (decode.kind) {
    case 'ssd':
      for (const scale of list('decode.scale', decode.scale, 4)) {
        number('each of decode.scale', scale, 'a number above 0', (n) => n > 0);
      }
      for (const level of list('decode.levels', decode.levels)) {
        const { halvings, sizes } = record('each of decode.levels', level);
        whole('halvings of decode.levels', halvings, 0, 16);
        for (const size of list('sizes of decode.levels', sizes)) {
          for (const length of list('each of the sizes of decode.levels', size, 2)) {
            number('each length of decode.levels', length, 'a number above 0', (n) => n > 0);
          }
        }
      }
      break;
    case 'gfl':
      strides('decode.strides', decode.strides);
      whole('decode.bins', decode.bins, 2, 256);
      break;
    case 'yolox':
      strides('decode.strides', decode.strides);
      break;
    case 'rows':
      if (decode.labels !== undefined) text('decode.labels', decode.labels);
      break;
    default:
      wrong(`decode.kind ${JSON.stringify(decode.kind)?.slice(0, 40)} is not known`);
  }
  return value as ModelManifest;
}

/** Bounds that no network comes near: a damaged number must not cost the memory or the time that it names. */
const LIST_MAX = 256;
const PIXELS_MAX = 8192;
const FILE_MAX_BYTES = 2 ** 32;
