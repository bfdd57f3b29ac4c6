import type { EmbeddingSpreads } from '../track/appearance/embedding-kind.ts';
import type { ModelFile } from './manifest.ts';
import { ManifestChecks } from './manifest-checks.ts';

/**
 * manifest.json of a network that knows people again: it takes pictures of people, [n, height, width, 3] (`tfjs`) or
 * [1, 3, height, width] (`onnx`), of values `(pixel - mean) / std` of pixels 0 to 255, and gives a row of numbers for each,
 * [n, length]: the smaller the angle between two, the more alike the people.
 */
export interface EmbeddingManifest {
  readonly format: 1;
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** SPDX identifier of the weights' licence. */
  readonly licence: string;
  /** What runs it. `tfjs`: a graph model in `model.json` and `weights.bin`; `onnx`: one `.onnx` file. */
  readonly runtime: 'tfjs' | 'onnx';
  readonly files: readonly ModelFile[];
  readonly input: {
    /** Name of the graph's input. */
    readonly node: string;
    /** Pixels that a person is scaled to, whatever their shape. */
    readonly width: number;
    readonly height: number;
    /** Order of the channels. */
    readonly channels: 'rgb' | 'bgr';
    /** For each channel in that order. */
    readonly mean: readonly [number, number, number];
    /** For each channel in that order. */
    readonly std: readonly [number, number, number];
  };
  /** Name of the graph's output. */
  readonly output: string;
  readonly spreads: EmbeddingSpreads;
}

const SIDE_MAX = 1024;

/**
 * Checks what was read from the address of an embedding network's manifest: every member, its type and its bounds.
 * @param value parsed JSON
 * @param url where it came from, for the message
 * @returns the same value, typed
 * @throws Failure `model-damaged` naming the URL and the first member that is wrong
 */
export function parseEmbeddingManifest(value: unknown, url: string): EmbeddingManifest {
  const checks = new ManifestChecks(url);
  const manifest = checks.record('it', value);
  if (manifest.format !== 1) checks.wrong('format must be 1');
  for (const member of ['id', 'name', 'licence', 'output']) checks.text(member, manifest[member]);
  checks.files(manifest);
  const input = checks.record('input', manifest.input);
  checks.text('input.node', input.node);
  checks.whole('input.width', input.width, 1, SIDE_MAX);
  checks.whole('input.height', input.height, 1, SIDE_MAX);
  checks.channels(input);
  const spreads = checks.record('spreads', manifest.spreads);
  for (const kind of ['short', 'long', 'different']) {
    const { median, deviation } = checks.record(`spreads.${kind}`, spreads[kind]);
    const isRatio = (n: number) => n > 0 && n <= 1;
    checks.number(`spreads.${kind}.median`, median, 'above 0, at most 1', isRatio);
    checks.number(`spreads.${kind}.deviation`, deviation, 'above 0, at most 1', isRatio);
  }
  return value as EmbeddingManifest;
}
