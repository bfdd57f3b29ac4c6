/**
 * Channels-first networks that were converted to TensorFlow carry two transposes around every convolution. Here the
 * whole network becomes channels-last, and they go.
 */
/** @typedef {import('./graph.mjs').Graph} Graph */

/** Where the axis of a channels-first tensor (batch, channel, row, column) is in a channels-last one. */
const TO_LAST = [0, 3, 1, 2];

/**
 * Drops the transposes and turns what was written for channels-first: paddings and the axis of joins. The graph's
 * input must be declared channels-last by the caller. Operations that work number by number do not care.
 * @param {Graph} graph pruned
 * @throws {Error} at a transpose that does something else
 */
export function toChannelsLast(graph) {
  for (const node of [...graph.nodes.values()]) {
    if (node.op === 'Transpose') {
      const order = [...graph.tensor(node.inputs[1]).values].join();
      if (order !== '0,2,3,1' && order !== '0,3,1,2') {
        throw new Error(`${node.name} transposes by ${order}: that is no change of layout.`);
      }
      graph.redirect(node.name, node.inputs[0]);
      graph.nodes.delete(node.name);
    } else if (node.op === 'Pad' || node.op === 'PadV2') {
      const { values } = graph.tensor(node.inputs[1]);
      const turned = new Int32Array(8);
      TO_LAST.forEach((to, from) => {
        turned.set(values.subarray(2 * from, 2 * from + 2), 2 * to);
      });
      node.inputs[1] = graph.addTensor(`${node.name}/last`, [4, 2], turned);
    } else if (node.op === 'ConcatV2') {
      const axis = graph.tensor(/** @type {string} */ (node.inputs.at(-1))).values[0];
      const turned = graph.addTensor(`${node.name}/last`, [], Int32Array.of(TO_LAST[axis]));
      node.inputs[node.inputs.length - 1] = turned;
    }
  }
}

/**
 * Zero padding in front of a convolution becomes the convolution's own.
 * @param {Graph} graph channels-last
 */
export function foldPadding(graph) {
  for (const conv of graph.nodes.values()) {
    if (conv.op !== 'Conv2D' || conv.attrs.padding !== 'VALID') continue;
    const pad = graph.nodes.get(conv.inputs[0]);
    if (pad?.op !== 'Pad') continue;
    conv.inputs[0] = pad.inputs[0];
    conv.attrs.padding = 'EXPLICIT';
    conv.attrs.explicit_paddings = [...graph.tensor(pad.inputs[1]).values];
  }
}
