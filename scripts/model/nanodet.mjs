/** How NanoDet-g becomes a person detector that takes any input size. */
import { readGraph } from './graph.mjs';
import { foldPadding, toChannelsLast } from './layout.mjs';
import { fuseConvolutions, regroupSums, selectChannels } from './passes.mjs';

const CLASSES = 80;
const PERSON = 0;
/** Each side's distance is a distribution over 0 to 10 cells (reg_max 10). */
const BINS = 11;
/** The head's last sums, finest level first. */
const HEADS = ['PartitionedCall/Add_29', 'PartitionedCall/Add_33', 'PartitionedCall/Add_37'];

/**
 * The prepared graph: inputs `image` [1, h, w, 3], `size8` and `size16`, both [rows, columns] of the feature maps
 * that halve the image 3 and 4 times; output `raw` [1, cells, 45] with the person's logit and for left, top, right
 * and bottom the 11 logits of its distance.
 * @param {any} model parsed model.json
 * @param {Uint8Array} weights
 */
export function prepareNanoDet(model, weights) {
  const graph = readGraph(model, weights);
  graph.cutInput('input_1', 'image', [1, -1, -1, 3]);
  graph.prune(HEADS);
  toChannelsLast(graph);
  foldPadding(graph);
  regroupSums(graph);
  freeSizes(graph);
  // Shaders have no infinity to pad with before a maximum; no activation is as low as this.
  graph.tensor('PartitionedCall/PadV2/constant_values').values.fill(-65504);
  fuseConvolutions(graph);
  const keep = [PERSON, ...Array.from({ length: 4 * BINS }, (_, i) => CLASSES + i)];
  const shape = graph.addTensor('row', [3], Int32Array.of(1, -1, keep.length));
  const rows = HEADS.map((head, level) => {
    const fused = graph.node(head).inputs[0];
    selectChannels(graph, fused, keep);
    return graph.add(`level${level}`, 'Reshape', [fused, shape]);
  });
  const axis = graph.addTensor('axis', [], Int32Array.of(1));
  graph.add('raw', 'ConcatV2', [...rows, axis], { N: rows.length });
  graph.prune(['raw']);
  return graph;
}

/**
 * The pyramid doubles and halves its maps to sizes that were written down for 416 pixels. Doubling takes the size from
 * an input; halving, with half-pixel centres and no antialiasing, is the mean of 2 x 2.
 * @param {import('./graph.mjs').Graph} graph
 */
function freeSizes(graph) {
  const names = new Map([
    [52, 'size8'],
    [26, 'size16'],
  ]);
  let last = 0;
  for (const node of [...graph.nodes.values()]) {
    if (node.op !== 'ResizeBilinear') continue;
    const [size] = graph.tensor(node.inputs[1]).values;
    if (size > last) {
      const name = names.get(size);
      if (!name) throw new Error(`${node.name} doubles to ${size}: not expected.`);
      if (!graph.nodes.has(name))
        graph.add(name, 'Placeholder', [], { shape: [2], dtype: 'int32' });
      node.inputs[1] = name;
    } else {
      node.op = 'AvgPool';
      node.inputs.pop();
      node.attrs = {
        ksize: [1, 2, 2, 1],
        strides: [1, 2, 2, 1],
        padding: 'VALID',
        data_format: 'NHWC',
      };
    }
    last = size;
  }
}
