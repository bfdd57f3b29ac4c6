import { FILLED, type Track } from '../track/track.ts';

/**
 * Takes tracks from detection frames, the samples in which people were detected, to the whole grid: between two
 * neighbouring ones a box moves on a straight line, marked FILLED and with the lower score of the two. Where a person is
 * missing in a detection frame, nothing is filled around it.
 * @param tracks their `samples` count detection frames
 * @param every detection frames are every so many samples of the grid, from the first; at least 1
 * @param timestampsMs of the whole grid, as far as the last detection frame
 * @returns tracks whose `samples` are ordinals in the grid
 */
export function fillBetweenDetections(
  tracks: readonly Track[],
  every: number,
  timestampsMs: Float64Array,
): Track[] {
  if (every === 1) return [...tracks];
  return tracks.map((track) => spread(track, every, timestampsMs));
}

function spread(track: Track, every: number, timestampsMs: Float64Array): Track {
  const { samples: detected } = track;
  let pairs = 0;
  for (let i = 1; i < detected.length; i++) if (detected[i]! - detected[i - 1]! === 1) pairs++;
  const length = detected.length + pairs * (every - 1);
  const samples = new Int32Array(length);
  const boxes = new Float32Array(4 * length);
  const scores = new Float32Array(length);
  const flags = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < detected.length; i++) {
    const sample = detected[i]! * every;
    if (i > 0 && detected[i]! - detected[i - 1]! === 1) {
      const before = sample - every;
      const span = timestampsMs[sample]! - timestampsMs[before]!;
      for (let between = before + 1; between < sample; between++) {
        // Two detection frames in one millisecond show one place.
        const share = span > 0 ? (timestampsMs[between]! - timestampsMs[before]!) / span : 0;
        samples[at] = between;
        for (let k = 0; k < 4; k++) {
          const from = track.boxes[4 * (i - 1) + k]!;
          boxes[4 * at + k] = from + share * (track.boxes[4 * i + k]! - from);
        }
        scores[at] = Math.min(track.scores[i - 1]!, track.scores[i]!);
        flags[at++] = FILLED;
      }
    }
    samples[at] = sample;
    boxes.set(track.boxes.subarray(4 * i, 4 * i + 4), 4 * at);
    scores[at] = track.scores[i]!;
    flags[at++] = track.flags[i]!;
  }
  return { index: track.index, samples, boxes, scores, flags };
}
