/** What SORT and OC-SORT count of a track: `hit_streak` and `time_since_update` of the authors' code. */
export interface Probation {
  /** Samples since the last match. */
  missed: number;
  /** Matches in a row since birth or the last miss. */
  streak: number;
}

/** Counts a sample in which the track was matched. */
export function countMatch(track: Probation): void {
  track.missed = 0;
  track.streak++;
}

/** Counts a sample in which the track was not matched. */
export function countMiss(track: Probation): void {
  track.missed++;
  track.streak = 0;
}

/**
 * Whether a track is past its probation. In the first samples nobody can have passed it yet: all are, as the authors do.
 * @param track just matched or begun
 * @param samples so far, this one included
 * @param minimumConsecutiveSamples matches in a row that it takes
 */
export function hasPassed(
  { streak }: Probation,
  samples: number,
  minimumConsecutiveSamples: number,
): boolean {
  return streak >= minimumConsecutiveSamples || samples <= minimumConsecutiveSamples;
}
