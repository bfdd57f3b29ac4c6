/**
 * Rewrites that keep a network's numbers and remove its work: constants that scale or shift a convolution's
 * output go into its weights and bias, and the activation behind it into the same kernel.
 */
/** @typedef {import('./graph.mjs').Graph} Graph @typedef {import('./graph.mjs').Node} Node */

const CONVOLUTIONS = new Set(['Conv2D', 'DepthwiseConv2dNative']);
const FUSED = { Conv2D: '_FusedConv2D', DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative' };

/**
 * `Identity` nodes go.
 * @param {Graph} graph
 */
export function dropIdentities(graph) {
  for (const node of [...graph.nodes.values()]) {
    if (node.op !== 'Identity') continue;
    graph.redirect(node.name, node.inputs[0]);
    graph.nodes.delete(node.name);
  }
}

/**
 * A batch norm at inference is a scale and a shift for each channel (Ioffe and Szegedy 2015, algorithm 2).
 * @param {Graph} graph
 */
export function expandBatchNorms(graph) {
  for (const node of [...graph.nodes.values()]) {
    if (!/^FusedBatchNorm(V[23])?$/.test(node.op)) continue;
    const [x, ...names] = node.inputs;
    const [gamma, beta, mean, variance] = names.map((name) => graph.tensor(name).values);
    const epsilon = Number(node.attrs.epsilon);
    const scale = gamma.map((g, i) => g / Math.sqrt(variance[i] + epsilon));
    const shift = beta.map((b, i) => b - mean[i] * scale[i]);
    const scaleName = graph.addTensor(`${node.name}/scale`, [scale.length], scale);
    const shiftName = graph.addTensor(`${node.name}/shift`, [shift.length], shift);
    const scaled = graph.add(`${node.name}/scaled`, 'Mul', [x, scaleName]);
    graph.nodes.set(node.name, {
      name: node.name,
      op: 'Add',
      inputs: [scaled, shiftName],
      attrs: {},
    });
  }
}

/**
 * `AddN` of two becomes `Add`, and in `constant + (convolution + x)` the constant moves to the convolution.
 * @param {Graph} graph
 */
export function regroupSums(graph) {
  for (const node of graph.nodes.values()) {
    if (node.op === 'AddN' && node.inputs.length === 2) node.op = 'Add';
    if (node.op === 'BiasAdd' || node.op === 'AddV2') node.op = 'Add';
  }
  for (const outer of [...graph.nodes.values()]) {
    if (outer.op !== 'Add') continue;
    const { constant, variable } = splitInputs(graph, outer);
    const inner = variable === undefined ? undefined : graph.nodes.get(variable);
    if (constant === undefined || inner?.op !== 'Add') continue;
    const target = inner.inputs.find((i) => CONVOLUTIONS.has(graph.nodes.get(i)?.op ?? ''));
    if (target === undefined || !isOnlyUse(graph, target) || !isOnlyUse(graph, inner.name))
      continue;
    const shifted = graph.add(`${outer.name}/shifted`, 'Add', [target, constant]);
    outer.inputs = inner.inputs.map((i) => (i === target ? shifted : i));
    graph.nodes.delete(inner.name);
  }
}

/**
 * Folds `convolution * c`, `convolution + c` and an activation into one fused node, bias always present.
 * @param {Graph} graph
 */
export function fuseConvolutions(graph) {
  for (const conv of [...graph.nodes.values()]) {
    if (!CONVOLUTIONS.has(conv.op)) continue;
    const weights = graph.tensor(conv.inputs[1]);
    const channels = conv.op === 'Conv2D' ? weights.shape[3] : weights.shape[2] * weights.shape[3];
    const values = Float32Array.from(weights.values);
    const bias = new Float32Array(channels);
    /** @type {Record<string, import('./graph.mjs').Attribute>} */
    const activation = { fused_ops: ['BiasAdd'] };
    let last = conv.name;
    for (;;) {
      const next = onlyConsumer(graph, last);
      if (!next) break;
      const constant =
        next.op === 'Add' || next.op === 'Mul' ? splitInputs(graph, next).constant : undefined;
      if (constant !== undefined) {
        const c = perChannel(graph.tensor(constant), channels);
        if (!c) break;
        if (next.op === 'Mul') {
          for (let i = 0; i < values.length; i++) values[i] *= c[i % channels];
          for (let i = 0; i < channels; i++) bias[i] *= c[i];
        } else for (let i = 0; i < channels; i++) bias[i] += c[i];
        last = next.name;
        continue;
      }
      if (next.op === 'Relu' || next.op === 'Relu6') activation.fused_ops = ['BiasAdd', next.op];
      else if (next.op === 'LeakyRelu') {
        activation.fused_ops = ['BiasAdd', 'LeakyRelu'];
        activation.leakyrelu_alpha = next.attrs.alpha;
      } else break;
      last = next.name;
      break;
    }
    const fused = `${conv.name}/fused`;
    graph.addTensor(`${fused}/weights`, weights.shape, values);
    graph.addTensor(`${fused}/bias`, [channels], bias);
    const { strides, padding, explicit_paddings, dilations } = conv.attrs;
    const geometry = Object.fromEntries(
      Object.entries({ strides, padding, explicit_paddings, dilations }).filter(
        ([, v]) => v !== undefined,
      ),
    );
    graph.redirect(last, fused);
    graph.add(
      fused,
      FUSED[/** @type {keyof typeof FUSED} */ (conv.op)],
      [conv.inputs[0], `${fused}/weights`, `${fused}/bias`],
      {
        ...geometry,
        ...activation,
        data_format: 'NHWC',
        num_args: 1,
      },
    );
    // An output of the network that was folded away keeps its name for the caller.
    if (graph.consumers(fused).length === 0)
      graph.nodes.set(last, { name: last, op: 'Identity', inputs: [fused], attrs: {} });
  }
}

/**
 * Keeps some output channels of a fused convolution.
 * @param {Graph} graph
 * @param {string} name of the fused node
 * @param {number[]} keep channels in their new order
 */
export function selectChannels(graph, name, keep) {
  const [, weightsName, biasName] = graph.node(name).inputs;
  const weights = graph.tensor(weightsName);
  const bias = graph.tensor(biasName);
  const channels = bias.shape[0];
  const rows = weights.values.length / channels;
  const values = new Float32Array(rows * keep.length);
  for (let row = 0; row < rows; row++) {
    keep.forEach((from, to) => {
      values[row * keep.length + to] = weights.values[row * channels + from];
    });
  }
  graph.tensors.set(weightsName, {
    ...weights,
    shape: [...weights.shape.slice(0, 3), keep.length],
    values,
  });
  graph.tensors.set(biasName, {
    ...bias,
    shape: [keep.length],
    values: Float32Array.from(keep, (k) => bias.values[k]),
  });
}

/** @param {Graph} graph @param {string} name */
function isOnlyUse(graph, name) {
  return graph.consumers(name).length === 1;
}

/** @param {Graph} graph @param {string} name @returns {Node | undefined} */
function onlyConsumer(graph, name) {
  const users = graph.consumers(name);
  return users.length === 1 ? users[0] : undefined;
}

/** @param {Graph} graph @param {Node} node @returns {{constant?: string, variable?: string}} */
function splitInputs(graph, node) {
  const constant = node.inputs.find((input) => graph.tensors.has(input));
  const variable = node.inputs.find((input) => !graph.tensors.has(input));
  return {
    ...(constant === undefined ? {} : { constant }),
    ...(variable === undefined ? {} : { variable }),
  };
}

/**
 * @param {import('./graph.mjs').Tensor} tensor
 * @param {number} channels
 * @returns {ArrayLike<number> | undefined} one number a channel, if it is so
 */
function perChannel({ shape, values }, channels) {
  if (values.length === 1) return new Float32Array(channels).fill(values[0]);
  return values.length === channels && shape.at(-1) === channels ? values : undefined;
}
