import { ManifestChecks } from './manifest-checks.ts';

/** How much time to spend on finding the far and the small: from least to most. */
export const QUALITIES = ['fast', 'balanced', 'accurate'] as const;

/** One of {@link QUALITIES}. */
export type Quality = (typeof QUALITIES)[number];

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
  const checks = new ManifestChecks(url);
  const manifest = checks.record('it', value);
  if (manifest.format !== 1) checks.wrong('format must be 1');
  for (const member of ['id', 'name', 'licence', 'output']) checks.text(member, manifest[member]);
  checks.number(
    'scoreThreshold',
    manifest.scoreThreshold,
    'between 0 and 1',
    (n) => n > 0 && n < 1,
  );

  const paths = checks.files(manifest);
  if (manifest.int8 !== undefined) {
    const { graph, weights } = checks.record('int8', manifest.int8);
    for (const [member, path] of Object.entries({ graph, weights })) {
      if (!paths.some((known) => known === path))
        checks.wrong(`int8.${member} must be one of the files`);
    }
  }

  checkInput(checks.record('input', manifest.input), checks);
  checkDecode(checks.record('decode', manifest.decode), checks);
  return value as ModelManifest;
}

/** A member of the manifest that is an object, as far as it is known. */
type Members = Readonly<Record<string, unknown>>;

function checkInput(input: Members, checks: ManifestChecks): void {
  checks.text('input.node', input.node);
  checks.channels(input);
  if (input.fit !== 'stretch' && input.fit !== 'letterbox') {
    checks.wrong('input.fit must be stretch or letterbox');
  }
  if (input.margin !== undefined) checks.whole('input.margin', input.margin, 0, 255);
  checks.whole('input.multiple', input.multiple, 1, PIXELS_MAX);
  const areas = checks.record('input.areas', input.areas);
  for (const quality of QUALITIES) {
    for (const area of checks.list(`input.areas.${quality}`, areas[quality])) {
      checks.whole(`each of input.areas.${quality}`, area, 1, PIXELS_MAX ** 2);
    }
  }
  if (input.mapSizes !== undefined) {
    for (const entry of checks.list('input.mapSizes', input.mapSizes)) {
      const { node, stride } = checks.record('each of input.mapSizes', entry);
      checks.text('node of input.mapSizes', node);
      checks.whole('stride of input.mapSizes', stride, 1, PIXELS_MAX);
    }
  }
}

function checkDecode(decode: Members, checks: ManifestChecks): void {
  const checkStrides = () => {
    for (const stride of checks.list('decode.strides', decode.strides))
      checks.whole('each of decode.strides', stride, 1, PIXELS_MAX);
  };

  switch (decode.kind) {
    case 'ssd':
      for (const scale of checks.list('decode.scale', decode.scale, 4)) {
        checks.number('each of decode.scale', scale, 'a number above 0', (n) => n > 0);
      }
      for (const level of checks.list('decode.levels', decode.levels)) {
        const { halvings, sizes } = checks.record('each of decode.levels', level);
        checks.whole('halvings of decode.levels', halvings, 0, 16);
        for (const size of checks.list('sizes of decode.levels', sizes)) {
          for (const length of checks.list('each of the sizes of decode.levels', size, 2)) {
            checks.number('each length of decode.levels', length, 'a number above 0', (n) => n > 0);
          }
        }
      }
      break;
    case 'gfl':
      checkStrides();
      checks.whole('decode.bins', decode.bins, 2, 256);
      break;
    case 'yolox':
      checkStrides();
      break;
    case 'rows':
      if (decode.labels !== undefined) checks.text('decode.labels', decode.labels);
      break;
    default:
      checks.wrong(`decode.kind ${JSON.stringify(decode.kind)?.slice(0, 40)} is not known`);
  }
}

/** A bound that no network comes near: a damaged number must not cost the memory or the time that it names. */
const PIXELS_MAX = 8192;
