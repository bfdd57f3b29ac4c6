/**
 * Which real number an activation of each map stands for, by the ranges that were measured on real pictures (npm run
 * bench:activation-ranges): `scale * (activation - zero)`, activations from 0 to 127. Jacob et al. 2018, arXiv 1712.05877.
 */
/** @typedef {import('./graph.mjs').Graph} Graph */
/**
 * @typedef {[least: number | number[], greatest: number | number[], mean?: number | number[]]} Range of a map, or of each of its
 *   channels; its mean only by channel
 * @typedef {(channel: number) => number} Means of a map's channels
 * @typedef {{scaleOf: (channel: number) => number, zero: number, most: number, isByChannel: boolean}} Quantisation a real number is
 *   `scale * (activation - zero)`, activations are at most `most`; whether each channel has a scale of its own
 */

export const MOST_ACTIVATION = 127;
/** Of maps that none but depthwise convolutions take: those multiply in 16 bits. */
const MOST_WIDE_ACTIVATION = 255;
/** The scale that would serve a whole map is at most so many times that of one of its channels. */
const FINEST_SHARE = 16;
/**
 * How many times further than in the pictures that were measured a channel may reach that is measured by itself. Only what a rectified
 * map finds goes so much further in other pictures. Sums and what is added to them are measured as one, in all places, and what is found in the
 * picture itself is the same in all: there, room is paid for with coarser steps.
 */
const HEADROOM = 2;
export const DEPTHWISE = 'FusedDepthwiseConv2dNative';
export const CONVOLUTIONS = new Set(['_FusedConv2D', DEPTHWISE]);
/** What does not change the numbers, so that its result has the quantisation of its input. */
const KEEPING = new Set(['PadV2', 'MaxPool', 'AvgPool', 'ResizeBilinear', 'ConcatV2']);

/**
 * One quantisation for all that must share one: what only moves numbers, and the inputs of joins. None for what leaves
 * the network as real numbers.
 * @param {Graph} graph
 * @param {Record<string, Range>} ranges
 * @returns {Map<string, Quantisation>}
 */
export function quantisationsOf(graph, ranges) {
  /** @type {Map<string, string>} */
  const parents = new Map();
  /** @param {string} name @returns {string} */
  const root = (name) => {
    const parent = parents.get(name);
    return parent === undefined ? name : root(parent);
  };
  const real = new Set(headsOf(graph));
  for (const { name, op, inputs } of graph.nodes.values()) {
    const isSum = op === 'Add' && isByChannel(ranges[name]);
    if ((!KEEPING.has(op) && !isSum) || real.has(name)) continue;
    const mapped = isSum ? inputs : op === 'ConcatV2' ? inputs.slice(0, -1) : inputs.slice(0, 1);
    for (const one of mapped) {
      const [from, to] = [root(one), root(name)];
      if (from !== to) parents.set(from, to);
    }
  }
  /** @type {Map<string, Range>} */
  const shared = new Map();
  /** @type {Set<string>} */
  const tight = new Set();
  const computing = [...graph.nodes.values()].filter(
    ({ name, op }) => (CONVOLUTIONS.has(op) || op === 'Add') && !real.has(name),
  );
  for (const { name, op, inputs, attrs } of computing) {
    const range = ranges[name];
    if (!range)
      throw new Error(`No range of ${name} was measured: run npm run bench:activation-ranges.`);
    shared.set(root(name), joined(shared.get(root(name)), range));
    const isRectified = op !== 'Add' && /** @type {string[]} */ (attrs.fused_ops).length > 1;
    if (!isRectified || inputs[0] === 'image') tight.add(root(name));
  }
  /** @type {Map<string, Quantisation>} */
  const found = new Map();
  for (const { name } of graph.nodes.values()) {
    const range = shared.get(root(name));
    if (!range) continue;
    const takers = graph.consumers(name);
    const isWide =
      isByChannel(range) && takers.length > 0 && takers.every(({ op }) => op === DEPTHWISE);
    const most = isWide ? MOST_WIDE_ACTIVATION : MOST_ACTIVATION;
    found.set(name, quantisation(range, most, tight.has(root(name)) ? 1 : HEADROOM));
  }
  return found;
}

/** Whether each channel has a range of its own. @param {Range | undefined} range */
function isByChannel(range) {
  return range?.some((end) => Array.isArray(end)) ?? false;
}

/** An end of a range, for each channel. @param {number | number[]} end @param {number | number[]} other */
function forChannels(end, other) {
  return Array.isArray(end) ? end : Array.from(/** @type {number[]} */ (other), () => end);
}

/** The range of two maps, real 0 in it. @param {Range | undefined} one @param {Range} other @returns {Range} */
function joined(one, other) {
  const [low, high] = other;
  if (!isByChannel(other)) {
    const [least, greatest] = one ?? [0, 0];
    return [Math.min(Number(least), Number(low)), Math.max(Number(greatest), Number(high))];
  }
  const [least, greatest] = /** @type {[number[], number[]]} */ (one ?? [[], []]);
  return [
    forChannels(low, high).map((value, i) => Math.min(least[i] ?? 0, value)),
    forChannels(high, low).map((value, i) => Math.max(greatest[i] ?? 0, value)),
  ];
}

/**
 * Of a map, or of each of its channels: then the zero, which is one for all, is where the scales are the finest on the whole.
 * (To scale channels by themselves is what Nagel et al. 2019 do to weights, arXiv 1906.04721; here the multipliers have room.)
 * @param {Range} range
 * @param {number} most greatest activation
 * @param {number} headroom how many times further than that a channel by itself may reach
 * @returns {Quantisation}
 */
function quantisation([low, high], most, headroom) {
  if (!Array.isArray(low) || !Array.isArray(high)) {
    const scale = (Number(high) - Number(low)) / most;
    return {
      scaleOf: () => scale,
      zero: Math.round(-Number(low) / scale),
      most,
      isByChannel: false,
    };
  }
  const widest = Math.max(...low.map((value, i) => high[i] - value));
  const finest = widest / most / FINEST_SHARE;
  // Other pictures reach further than those that were measured, in one channel seldom further than the map's furthest.
  const [least, greatest] = [Math.min(...low), Math.max(...high)];
  /** @param {number} zero */
  const scales = (zero) =>
    low.map((value, i) => {
      const [lowest, highest] = [
        Math.max(least, headroom * value),
        Math.min(greatest, headroom * high[i]),
      ];
      const below = lowest < 0 ? -lowest / zero : 0;
      const above = highest > 0 ? highest / (most - zero) : 0;
      return Math.max(below, above, finest);
    });
  const cost = (/** @type {number} */ zero) =>
    scales(zero).reduce((sum, scale) => sum + Math.log(scale), 0);
  let best = 0;
  for (let zero = 1; zero < most; zero++) if (cost(zero) < cost(best)) best = zero;
  const found = scales(best);
  return { scaleOf: (channel) => found[channel], zero: best, most, isByChannel: true };
}

/**
 * What the channels of a node's input are on average, by which its biases are corrected: a weight that is rounded is off by the same
 * for every picture, and that times the input's mean is a shift of the result (Nagel et al. 2019, arXiv 1906.04721, section 4.2, with means that
 * were measured). 0, for no correction, where none was measured.
 * @param {Record<string, Range>} ranges
 * @param {string | undefined} input
 * @returns {Means}
 */
export function meanOf(ranges, input) {
  const [, , mean] = (input !== undefined && ranges[input]) || [];
  if (mean === undefined) return () => 0;
  return Array.isArray(mean) ? (channel) => mean[channel] : () => mean;
}

/** What leaves the network as real numbers: convolutions, rows of theirs, and those side by side. @param {Graph} graph */
export function headsOf(graph) {
  /** @param {string} name @returns {string[]} */
  const leading = (name) => {
    const { op, inputs } = graph.node(name);
    if (op === 'Reshape') return [name, ...leading(inputs[0])];
    return op === 'ConcatV2' ? [name, ...inputs.slice(0, -1).flatMap(leading)] : [name];
  };
  return leading('raw');
}

/**
 * The picture's: an activation is a shade halved, so it stands for the shade 2 x activation + 0.5 on average.
 * @param {{channels: string, mean: number[], std: number[]}} input
 */
export function shadeQuantisation({ channels, mean, std }) {
  // The picture is red, green, blue whatever the network takes.
  const order = channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  return {
    order,
    scales: order.map((channel) => 2 / std[channel]),
    zeros: order.map((channel) => (mean[channel] - 0.5) / 2),
  };
}
