import { LEAST_VISIBLE, type Look, toLook } from '../appearance/appearance.ts';
import { visibleShare } from '../appearance/visible-share.ts';
import type { History, HistoryChunk } from '../history.ts';
import type { Tracklet } from './tracklet.ts';

/** Length of a glance in seconds: short enough to find a mix-up, long enough to even out a step and a shadow. */
export const GLANCE_SECONDS = 0.5;

/** How somebody looks for about {@link GLANCE_SECONDS}. */
export interface Glance {
  /** Element of the tracklet that it begins with. */
  readonly element: number;
  /** Sum of descriptors, each weighed by how much of the person is visible; 0 when hidden all the time. */
  readonly sum: Float32Array;
}

/**
 * Gathers how the people of tracklets look.
 * @param history the stored job, read once, in order
 * @param tracklets of it
 * @param times of all samples in seconds
 * @returns glances of each tracklet in order of time; none where the detector gave no descriptors
 */
export async function gatherGlances(
  history: History,
  tracklets: readonly Tracklet[],
  times: ArrayLike<number>,
): Promise<Glance[][]> {
  const glances: Glance[][] = tracklets.map(() => []);
  const waiting = tracklets.map((_, index) => index);
  waiting.sort((a, b) => tracklets[b]!.first - tracklets[a]!.first);
  /** Next element of each tracklet. */
  const cursor = new Int32Array(tracklets.length);
  let present: number[] = [];
  for (let c = 0; c < history.chunkCount && waiting.length + present.length > 0; c++) {
    const chunk = await history.chunk(c);
    const end = chunk.firstSample + chunk.times.length;
    while (waiting.length > 0 && tracklets[waiting[waiting.length - 1]!]!.first < end) {
      present.push(waiting.pop()!);
    }
    for (const index of present) {
      const tracklet = tracklets[index]!;
      let element = cursor[index]!;
      for (; element < tracklet.length && tracklet.samples[element]! < end; element++) {
        glance(chunk, tracklet, element, times, glances[index]!);
      }
      cursor[index] = element;
    }
    present = present.filter((index) => cursor[index]! < tracklets[index]!.length);
  }
  return glances;
}

function glance(
  chunk: HistoryChunk,
  tracklet: Tracklet,
  element: number,
  times: ArrayLike<number>,
  glances: Glance[],
): void {
  if (chunk.features === undefined) return;
  const length = chunk.features.length / chunk.scores.length;
  const time = times[tracklet.samples[element]!]!;
  let last = glances[glances.length - 1];
  if (!last || time - times[tracklet.samples[last.element]!]! >= GLANCE_SECONDS - 1e-9) {
    last = { element, sum: new Float32Array(length) };
    glances.push(last);
  }
  const sample = tracklet.samples[element]! - chunk.firstSample;
  addFeature(chunk, sample, tracklet.detections[element]!, last.sum);
}

/**
 * Adds the descriptor of a detection to a sum, weighed by how much of the person is visible.
 * @param chunk with descriptors
 * @param sample within the chunk
 * @param detection within the sample
 * @param sum as long as a descriptor
 */
export function addFeature(
  chunk: HistoryChunk,
  sample: number,
  detection: number,
  sum: Float32Array,
): void {
  const { boxes, scores, offsets, features } = chunk;
  const from = offsets[sample]!;
  const row = from + detection;
  const visible = visibleShare(boxes, scores, from, offsets[sample + 1]!, row);
  if (visible < LEAST_VISIBLE) return;
  const o = sum.length * row;
  for (let k = 0; k < sum.length; k++) sum[k]! += visible * features![o + k]!;
}

/**
 * The mean look of several glances.
 * @param glances of one tracklet
 * @param from first
 * @param to one behind the last
 * @returns undefined where nothing of the person was visible
 */
export function meanLook(
  glances: readonly Pick<Glance, 'sum'>[],
  from: number,
  to: number,
): Look | undefined {
  if (from >= to) return undefined;
  const sum = glances[from]!.sum.slice();
  for (let i = from + 1; i < to; i++) {
    const other = glances[i]!.sum;
    for (let k = 0; k < sum.length; k++) sum[k]! += other[k]!;
  }
  return toLook(sum);
}
