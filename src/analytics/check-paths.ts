import type { AnalysedPath } from './analysed-path.ts';

/** A box that lies further outside of the frame, in frames, is one in pixels, or no box. */
export const FURTHEST = 10;

/**
 * Refuses paths whose numbers are none of a video: times that do not ascend, boxes in pixels. With what is no number, or without end,
 * counting would have no end either.
 * @throws RangeError naming the first such number
 */
export function checkPaths(paths: readonly AnalysedPath[]): void {
  paths.forEach(({ timestampsMs, boxes }, p) => {
    let before = 0;
    for (let k = 0; k < timestampsMs.length; k++) {
      const time = timestampsMs[k]!;
      if (!(time >= before && time < Number.POSITIVE_INFINITY))
        throw refusal(
          `paths[${p}].timestampsMs[${k}]`,
          'finite and not below the one before it or 0',
          time,
        );
      before = time;
    }
    for (let i = 0; i < 4 * timestampsMs.length; i++) {
      const side = boxes[i];
      if (!(side !== undefined && side >= -FURTHEST && side <= FURTHEST))
        throw refusal(
          `paths[${p}].boxes[${i}]`,
          `a ratio of the frame, from -${FURTHEST} to ${FURTHEST}`,
          side,
        );
    }
  });
}

function refusal(name: string, rule: string, value: number | undefined): RangeError {
  return new RangeError(`${name} must be ${rule}; it is ${value}.`);
}
