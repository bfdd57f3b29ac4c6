/** How the original coco-ssd graph (SSDLite on MobileNetV2) becomes a person detector. */
import { readGraph } from './graph.mjs';
import {
  dropIdentities,
  expandBatchNorms,
  fuseConvolutions,
  regroupSums,
  selectChannels,
} from './passes.mjs';

const LEVELS = 6;
/** The class head scores background and 90 classes; person is the first class. */
const CLASSES = 91;
const PERSON = 1;
/** Side of the square input that the network was trained on, pixels. */
const TRAINED_SIZE = 300;

/**
 * The prepared graph: input `image` [1, h, w, 3] with values in -1 to 1, output `raw` [1, anchors, 5] with
 * the box encoding (y, x, height, width) and the person's logit.
 * @param {any} model parsed model.json
 * @param {Uint8Array} weights joined weight files
 */
export function prepareCocoSsd(model, weights) {
  const graph = readGraph(model, weights);
  const anchors = graph.tensor('Postprocessor/ExpandDims').values;
  graph.cutInput('Preprocessor/sub', 'image', [1, -1, -1, 3]);
  const boxes = heads('BoxEncodingPredictor');
  const classes = heads('ClassPredictor');
  graph.prune([...boxes, ...classes]);
  dropIdentities(graph);
  expandBatchNorms(graph);
  regroupSums(graph);
  fuseConvolutions(graph);

  const rows = boxes.map((box, level) => {
    const scores = graph.node(classes[level]).inputs[0];
    const perCell = graph.tensor(graph.node(scores).inputs[2]).shape[0] / CLASSES;
    selectChannels(
      graph,
      scores,
      Array.from({ length: perCell }, (_, i) => i * CLASSES + PERSON),
    );
    const name = `level${level}`;
    const reshape = (
      /** @type {string} */ part,
      /** @type {string} */ from,
      /** @type {number} */ width,
    ) => {
      const shape = graph.addTensor(`${name}/${part}/shape`, [3], Int32Array.of(1, -1, width));
      return graph.add(`${name}/${part}`, 'Reshape', [from, shape]);
    };
    const inputs = [reshape('box', graph.node(box).inputs[0], 4), reshape('score', scores, 1)];
    return graph.add(name, 'ConcatV2', [...inputs, axis(graph, 2)], { N: 2 });
  });
  graph.add('raw', 'ConcatV2', [...rows, axis(graph, 1)], { N: rows.length });
  graph.prune(['raw']);
  return { graph, levels: anchorLevels(anchors) };
}

/** @param {string} kind */
const heads = (kind) =>
  Array.from({ length: LEVELS }, (_, i) => `BoxPredictor_${i}/${kind}/BiasAdd`);

/** @param {import('./graph.mjs').Graph} graph @param {number} value */
function axis(graph, value) {
  const name = `axis${value}`;
  return graph.tensors.has(name) ? name : graph.addTensor(name, [], Int32Array.of(value));
}

/**
 * The anchors' sizes a level, read from the table of all anchors and checked to give that table back.
 * @param {ArrayLike<number>} table 4 numbers an anchor: top, left, bottom, right as ratios of the input
 * @returns {{halvings: number, sizes: [number, number][]}[]} for each level: how often its feature map halves the
 *   input (rounding up), and width and height of its anchors in pixels of the input
 * @throws {Error} when the table is not a grid of that kind
 */
export function anchorLevels(table) {
  const levels = [];
  let row = 0;
  for (let level = 0; level < LEVELS; level++) {
    const halvings = 4 + level;
    let cells = TRAINED_SIZE;
    for (let i = 0; i < halvings; i++) cells = Math.ceil(cells / 2);
    const perCell = level === 0 ? 3 : 6;
    /** @type {[number, number][]} */
    const sizes = [];
    for (let i = 0; i < perCell; i++) {
      const [top, left, bottom, right] = Array.from(
        { length: 4 },
        (_, k) => table[4 * (row + i) + k],
      );
      sizes.push([round((right - left) * TRAINED_SIZE), round((bottom - top) * TRAINED_SIZE)]);
    }
    for (let y = 0; y < cells; y++) {
      for (let x = 0; x < cells; x++) {
        for (const [width, height] of sizes) {
          const [cx, cy] = [(x + 0.5) / cells, (y + 0.5) / cells];
          const [w, h] = [width / TRAINED_SIZE / 2, height / TRAINED_SIZE / 2];
          [cy - h, cx - w, cy + h, cx + w].forEach((expected, k) => {
            if (Math.abs(table[4 * row + k] - expected) > 2e-6) {
              throw new Error(`Anchor ${row} is not where the grid of level ${level} puts it.`);
            }
          });
          row++;
        }
      }
    }
    levels.push({ halvings, sizes });
  }
  if (4 * row !== table.length) throw new Error(`${table.length / 4} anchors, ${row} expected.`);
  return levels;
}

/** @param {number} value */
const round = (value) => Math.round(value * 1e4) / 1e4;
