import { Appearance, embeddingDistance, type Spread } from '../appearance/appearance.ts';
import type { EmbeddingSpreads } from '../appearance/embedding-kind.ts';
import { TIME_EPSILON } from '../time.ts';
import { median, robustDeviation } from './median.ts';
import type { Reach } from './reach.ts';
import type { EmbeddedTracklet } from './split-tracklets.ts';
import { meanEmbedding } from './windowed-embeddings.ts';

/** Windows of a part from which its beginning and its end tell how one person's appearance changes: three seconds. */
const FEWEST_WINDOWS = 6;
/** Seconds two must be there together to be two people. */
const TOGETHER_SECONDS = 1;
/** Values of each kind below which a video tells nothing: of two, neither says which is the exception. */
const FEWEST = 3;
/** Few values do not tell how they scatter: the usual deviation counts like as many of them. */
const ASSUMED_VALUES = 4;
/** Standard errors by which two people must differ more than one from themselves. */
const SURE_ERRORS = 2;
/** Deviation of a median of normal values over that of their mean. */
const MEDIAN_ERROR = 1.2533;
/** Parts that somebody is compared with: those that begin next. */
const MOST_COMPARED = 50;

/**
 * Measures what appearance tells from one visit to another: how far the beginning of somebody's path lies from its end, as
 * whoever returns shows another side in another light, and how far people lie apart who are there together.
 * @param people parts of tracks in any order
 * @param reach of people in this video
 * @param usual spreads of such embeddings: how they scatter where few values tell
 * @param mostEvidence that appearance ever gives, in nats
 * @returns undefined where there is too little to measure, or people do not differ from each other by more than one
 *   from themselves, as surely as the values are many: then nobody can be re-identified by appearance
 */
export function measureRevisits(
  people: readonly EmbeddedTracklet[],
  reach: Reach,
  usual: EmbeddingSpreads,
  mostEvidence: number,
): Appearance | undefined {
  const ordered = [...people].sort(
    ({ tracklet: a }, { tracklet: b }) => a.first - b.first || a.boxes[0]! - b.boxes[0]!,
  );
  const same: number[] = [];
  const different: number[] = [];
  const means = ordered.map(({ embeddings }) => meanEmbedding(embeddings, 0, embeddings.length));
  for (const [i, { tracklet, embeddings }] of ordered.entries()) {
    const third = Math.floor(embeddings.length / 3);
    if (embeddings.length >= FEWEST_WINDOWS) {
      const start = meanEmbedding(embeddings, 0, third);
      const end = meanEmbedding(embeddings, embeddings.length - third, embeddings.length);
      if (start && end) same.push(embeddingDistance(start, end));
    }
    const compared = Math.min(ordered.length, i + 1 + MOST_COMPARED);
    for (let j = i + 1; j < compared && ordered[j]!.tracklet.first <= tracklet.last; j++) {
      if (reach.together(tracklet, ordered[j]!.tracklet) < TOGETHER_SECONDS - TIME_EPSILON)
        continue;
      const [x, y] = [means[i], means[j]];
      if (x && y) different.push(embeddingDistance(x, y));
    }
  }
  if (same.length < FEWEST || different.length < FEWEST) return undefined;
  const a = spreadOf(same, usual.long);
  const b = spreadOf(different, usual.different);
  const error = Math.sqrt(a.error * a.error + b.error * b.error);
  if (b.median - a.median < SURE_ERRORS * error) return undefined;
  const excess = excessOf(new Appearance(a, b, mostEvidence), different);
  return new Appearance(a, b, mostEvidence, excess);
}

/**
 * By how much evidence tells too much for one person. The mean likelihood ratio over pairs of two people is 1, whatever their looks;
 * where it is more, two look as alike as one more often than a straight line between two spreads knows of.
 */
function excessOf(appearance: Appearance, different: readonly number[]): number {
  const ratios = different.map((distance) => Math.exp(appearance.logLikelihoodRatio(distance)));
  return Math.max(0, Math.log(ratios.reduce((sum, ratio) => sum + ratio) / ratios.length));
}

/** The spread of values, its deviation drawn to the usual one and widened by how unsure the median is. */
function spreadOf(values: readonly number[], usual: Spread): Spread & { error: number } {
  const center = median(values);
  const measured = robustDeviation(values, center);
  const count = values.length;
  const variance =
    (ASSUMED_VALUES * usual.deviation * usual.deviation + count * measured * measured) /
    (ASSUMED_VALUES + count);
  const error = MEDIAN_ERROR * Math.sqrt(variance / count);
  return { median: center, deviation: Math.sqrt(variance + error * error), error };
}
