import type { DecodeReport, SampledFrame } from './ports.ts';

/**
 * A report of decoding as it stood at a sample: without what was read ahead.
 * @param report of now
 * @param sample its frame's ordinal, time and lost frames before it
 */
export function decodedUpTo(
  report: DecodeReport,
  {
    frame,
    timestampMs,
    framesLost,
  }: Pick<SampledFrame<unknown>, 'frame' | 'timestampMs' | 'framesLost'>,
): DecodeReport {
  return {
    ...report,
    framesExpected: frame + 1,
    framesDecoded: frame + 1 - framesLost,
    framesDamaged: framesLost,
    damagedAtMs: report.damagedAtMs.filter((time) => time < timestampMs),
  };
}
