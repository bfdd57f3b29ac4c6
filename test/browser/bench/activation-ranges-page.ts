/** The page that measures how far a network's activations reach on real pictures. */
import '@tensorflow/tfjs-backend-wasm';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import wasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { chooseInputSizes } from '../../../src/detect/input-size.ts';
import { openVideo } from '../../../src/media/open-video.ts';
import { loadModel } from '../../../workers/detector/pool/load-model.ts';
import { createFrameReader } from '../../../workers/detector/thread/frame-reader.ts';

/** Least and greatest value by the node's name, of the whole map or of each of its channels; then also their mean. */
type Ranges = Record<string, [number[], number[], ...means: number[][]]>;

/**
 * @param id of a prepared model
 * @param videos their addresses
 * @param pictures taken of each, evenly spread
 * @param byChannel measure each channel of a map by itself
 * @returns the range of every node of the graph that computes something, over all pictures and the inputs of `balanced` and `accurate`, by channel of `fast` instead,
 *   and with the mean over all of them; a list of one number each where not by channel
 */
async function measure(
  id: string,
  videos: readonly string[],
  pictures: number,
  byChannel: boolean,
): Promise<Ranges> {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmUrl,
    'tfjs-backend-wasm-simd.wasm': wasmUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmUrl,
  });
  setThreadsCount(1);
  await tf.setBackend('wasm');
  const folder = `/models/${id}/`;
  const network = await loadGraphModel(`${folder}model.json`);
  const { manifest } = await loadModel(`${folder}manifest.json`, 'real');
  const topology = await (await fetch(`${folder}model.json`)).json();
  const nodes: string[] = topology.modelTopology.node
    .filter(({ op }: { op: string }) => !['Const', 'Placeholder', 'PadV2', 'Reshape'].includes(op))
    .map(({ name }: { name: string }) => name);
  const ranges: Ranges = {};
  let looked = 0;
  for (const url of videos) {
    // By channel there is much more to measure: of one picture a second, at the inputs that are used the most.
    const source = await openVideo({ url }, { sampleRate: byChannel ? 1 : 'all' });
    const { info } = source;
    const { input } = manifest;
    const looks = (['balanced', byChannel ? 'fast' : 'accurate'] as const)
      .flatMap((quality) => chooseInputSizes(input, quality, info))
      .map((size) => ({ size, reader: createFrameReader(input, size) }));
    const every = Math.ceil(info.expectedSamples / pictures);
    for await (const { sample, image } of source.samples(new AbortController().signal)) {
      if (sample % every === 0) {
        for (const { size, reader } of looks) {
          const { values } = (await reader.take(image)).read();
          looked++;
          tf.tidy(() => {
            const sizes = Object.fromEntries(
              (input.mapSizes ?? []).map(({ node, stride }) => [
                node,
                tf.tensor1d([size.height / stride, size.width / stride], 'int32'),
              ]),
            );
            const picture = tf.tensor(values, [1, size.height, size.width, 3]);
            const outputs = network.execute({ [input.node]: picture, ...sizes }, nodes);
            for (const [i, output] of (outputs as tf.Tensor[]).entries()) {
              // Rows of the result, cut out of maps that are measured.
              if (byChannel && output.rank !== 4) continue;
              const axes = byChannel ? [0, 1, 2] : undefined;
              const [least, greatest] = [tf.min(output, axes), tf.max(output, axes)].map((t) => [
                ...t.dataSync(),
              ]);
              const [low, high, sums = []] = ranges[nodes[i]!] ?? [[], []];
              const means = axes && [...tf.mean(output, axes).dataSync()];
              ranges[nodes[i]!] = [
                least!.map((value, channel) => Math.min(low[channel] ?? 0, value)),
                greatest!.map((value, channel) => Math.max(high[channel] ?? 0, value)),
                ...(means ? [means.map((value, channel) => (sums[channel] ?? 0) + value)] : []),
              ];
            }
          });
        }
      }
      image.frame.close();
    }
    await source.close();
  }
  for (const [, , sums] of Object.values(ranges)) {
    for (const [channel, sum] of sums?.entries() ?? []) sums![channel] = sum / looked;
  }
  return ranges;
}

/** What the bench calls. */
export type MeasureRanges = typeof measure;
Object.assign(window, { measureRanges: measure });
document.title = 'ready';
