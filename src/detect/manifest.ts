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
   * Pixels in the input for each quality; its shape follows the video's. Several numbers: the frame is looked at in
   * several sizes, because a network finds people best at the size it was trained on.
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
 * Checks what was read from a manifest's URL.
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
  const isRecord = (v: unknown): v is Record<string, unknown> =>
    typeof v === 'object' && v !== null;
  const isNumbers = (v: unknown, length: number): boolean =>
    Array.isArray(v) && v.length === length && v.every((n) => Number.isFinite(n));
  if (!isRecord(value)) return wrong('it is no object');
  if (value.format !== 1) wrong(`format must be 1, it is ${JSON.stringify(value.format)}`);
  for (const member of ['id', 'name', 'licence', 'output']) {
    if (typeof value[member] !== 'string' || value[member] === '')
      wrong(`${member} must be a text`);
  }
  const { files, input, decode } = value;
  if (!Array.isArray(files)) return wrong('files must be a list');
  for (const file of files) {
    if (!isRecord(file) || typeof file.path !== 'string') return wrong('a file has no path');
    if (!/^[\w-]+(\.[\w-]+)*$/.test(file.path))
      wrong(`the file name ${file.path} is not a plain name`);
    if (!/^[0-9a-f]{64}$/.test(String(file.sha256))) wrong(`${file.path} has no SHA-256`);
    if (!Number.isInteger(file.bytes)) wrong(`${file.path} has no size`);
  }
  const needed = { tfjs: [/^model\.json$/, /^weights\.bin$/], onnx: [/\.onnx$/] }[
    value.runtime as 'tfjs' | 'onnx'
  ];
  if (!needed) return wrong('runtime must be tfjs or onnx');
  for (const name of needed) {
    if (!files.some((file) => name.test(file.path))) wrong(`files must hold ${name.source}`);
  }
  if (!isRecord(input) || typeof input.node !== 'string') return wrong('input.node must be a text');
  if (input.channels !== 'rgb' && input.channels !== 'bgr')
    wrong('input.channels must be rgb or bgr');
  if (input.fit !== 'stretch' && input.fit !== 'letterbox') {
    wrong('input.fit must be stretch or letterbox');
  }
  if (!isNumbers(input.mean, 3) || !isNumbers(input.std, 3))
    wrong('input.mean and std must be 3 numbers');
  if (!Number.isInteger(input.multiple) || Number(input.multiple) < 1) {
    wrong('input.multiple must be a whole number from 1');
  }
  const { areas } = input;
  if (!isRecord(areas)) return wrong('input.areas is missing');
  for (const quality of ['fast', 'balanced', 'accurate']) {
    const list: unknown = areas[quality];
    if (!Array.isArray(list) || list.length === 0 || !list.every((area) => area > 0)) {
      wrong(`input.areas.${quality} must be numbers above 0`);
    }
  }
  if (!(Number(value.scoreThreshold) > 0 && Number(value.scoreThreshold) < 1)) {
    wrong('scoreThreshold must be a number between 0 and 1');
  }
  if (!isRecord(decode)) return wrong('decode is missing');
  if (decode.kind === 'ssd') {
    if (!isNumbers(decode.scale, 4)) wrong('decode.scale must be 4 numbers');
    if (!Array.isArray(decode.levels)) wrong('decode.levels must be a list');
  } else if (decode.kind === 'gfl') {
    if (!Array.isArray(decode.strides)) wrong('decode.strides must be a list');
    if (!(Number(decode.bins) > 1)) wrong('decode.bins must be above 1');
  } else if (decode.kind === 'yolox') {
    if (!Array.isArray(decode.strides)) wrong('decode.strides must be a list');
  } else if (decode.kind !== 'rows')
    wrong(`decode.kind ${JSON.stringify(decode.kind)} is not known`);
  return value as unknown as ModelManifest;
}
