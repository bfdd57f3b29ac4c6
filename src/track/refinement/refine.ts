import { COLOURS, type EmbeddingKind } from '../appearance/embedding-kind.ts';
import { FULL_VIEW } from '../appearance/visible-share.ts';
import { writeBox } from '../box.ts';
import { AXIS } from '../filter/kalman.ts';
import type { History } from '../history.ts';
import { TIME_EPSILON } from '../time.ts';
import { FILLED, type Track } from '../track.ts';
import { type AppearanceEvidence, associateTracklets } from './associate-tracklets.ts';
import { dropBoxesOverTwo } from './boxes-over-two.ts';
import { numberTracks } from './confirmed-tracks.ts';
import { dropDoubles } from './doubles.ts';
import { AppearanceMeter } from './measure-appearance.ts';
import { calmness, type MeasuredNoise, NoiseMeter } from './measure-noise.ts';
import { measureRevisits } from './measure-revisits.ts';
import { Reach } from './reach.ts';
import { REFINE_DEFAULTS, type RefineOptions } from './refine-options.ts';
import { retrack } from './retrack.ts';
import type { AxisStates } from './smooth.ts';
import { smoothSides } from './smooth-sides.ts';
import { type EmbeddedTracklet, splitTracklets } from './split-tracklets.ts';
import type { Tracklet } from './tracklet.ts';
import { noteUnsureEnds } from './unsure-ends.ts';
import { windowEmbeddings } from './windowed-embeddings.ts';

/**
 * Share of the way from the adaptive threshold to the typical score below which a track's mean score is low: it keeps its
 * detections above the threshold only.
 */
const LOW_TRACK_SHARE = 0.1;
/** Such a track keeps what is seen before its first detection above the threshold and after its last for so long, in seconds. */
const EDGE_SECONDS = 1;
/** What is left of a double, and was joined to nobody, is somebody more from so many seconds on. */
const LONE_REMAINDER_SECONDS = 1;
/** No track need be longer than this share of its video: else nobody would be in one of a few frames. */
const VIDEO_SHARE = 0.5;
/** A gap is filled up to this share of the time the person was seen in all. */
const FILL_SHARE = 0.5;

/**
 * Refines a stored job, which an online tracker cannot do for want of the future: measures how this video's people
 * move and look and how its boxes shake, tracks anew with that, follows tracks backward before their first detection of high
 * confidence, drops boxes over two and doubles, splits tracks where the person looks like somebody else from then on (by colours, and by a network where one
 * looked at people), associates tracklets across gaps, drops short tracks of low confidence, smooths over time and fills
 * gaps. The history is read three times in order, twice more where a network looked at people, a chunk at a time; time and
 * memory grow with the job's length only, memory by the finished tracks (37 bytes an element), one embedding of each kind, of
 * four bytes a number, for every half second of a person, and 8 bytes a sample.
 * @param history the stored job
 * @param options knobs; what is left out is {@link REFINE_DEFAULTS}
 * @returns people from 0 without gaps in order of first appearance
 */
export async function refineTracks(
  history: History,
  options: Partial<RefineOptions> = {},
): Promise<Track[]> {
  const chosen = { ...REFINE_DEFAULTS, ...options };
  if (history.chunkCount === 0) return [];
  const { noise, kinds, hasEmbeddings } = await measure(history, [
    COLOURS,
    ...(chosen.reid ? [{ from: 'reid', spreads: chosen.reid } as const] : []),
  ]);
  // From frame to frame a network's embeddings tell no more than colours, which every detection has.
  const tracked = await retrack(history, noise, kinds[0]!.appearance, chosen);
  const { times, typicalScore, adaptiveThreshold } = tracked;
  const reach = new Reach(times, noise);
  const most = VIDEO_SHARE * (times.at(-1)! - times[0]!);
  const settings = { ...chosen, minimumSeconds: Math.min(chosen.minimumSeconds, most) };
  let parts: EmbeddedTracklet[] = [];
  let tracklets: readonly Tracklet[] = dropDoubles(
    dropBoxesOverTwo(tracked.tracklets),
    times,
    adaptiveThreshold,
    settings.minimumSeconds,
  );
  // By motion alone nobody can tell whether they are still there or come out elsewhere.
  if (hasEmbeddings) {
    noteUnsureEnds(tracklets, times, adaptiveThreshold, settings.minimumSeconds);
  }
  const gathered = async ({ from }: EmbeddingKind): Promise<EmbeddedTracklet[]> => {
    const embeddings = await windowEmbeddings(history, tracklets, times, from);
    return tracklets.map((tracklet, i) => ({ tracklet, embeddings: embeddings[i]! }));
  };
  for (const { kind, appearance } of kinds) {
    parts = splitTracklets(
      await gathered(kind),
      times,
      appearance,
      settings.splitEvidence,
      settings.minimumSeconds,
    );
    tracklets = parts.map(({ tracklet }) => tracklet);
  }
  const evidence: AppearanceEvidence[] = [];
  for (const [i, { kind, appearance }] of kinds.entries()) {
    // The last kind's are those of the parts already.
    const embedded = i === kinds.length - 1 ? parts : await gathered(kind);
    const embeddings = embedded.map((part) => part.embeddings);
    const long = measureRevisits(embedded, reach, kind.spreads, settings.mostEvidence);
    evidence.push({ embeddings, short: appearance, long });
  }
  const people = associateTracklets(tracklets, times, reach, evidence, settings);
  const range = Math.max(0.05, typicalScore - adaptiveThreshold);
  const finished: Omit<Track, 'index'>[] = [];
  for (const person of people) {
    if (!isKept(person, times, noise, settings, adaptiveThreshold, range)) continue;
    if (person.meanScore < adaptiveThreshold + LOW_TRACK_SHARE * range) {
      if (!isSureByItself(person, adaptiveThreshold)) continue;
      dropUnsure(person, times, adaptiveThreshold);
    }
    finished.push(finish(person, times, noise, settings));
  }
  return numberTracks(finished);
}

/** How people move in this video, and what embeddings of each kind tell. */
async function measure(history: History, kinds: readonly EmbeddingKind[]) {
  const first = await history.chunk(0);
  const noise = new NoiseMeter(first.times);
  const meters = kinds.map((kind) => new AppearanceMeter(kind));
  let hasEmbeddings = kinds.length > 1;
  for (let c = 0; c < history.chunkCount; c++) {
    const chunk = c === 0 ? first : await history.chunk(c);
    if (!noise.isEnough) noise.add(chunk);
    for (const meter of meters) meter.add(chunk);
    hasEmbeddings ||= chunk.features !== undefined;
    if (noise.isEnough && (!hasEmbeddings || meters.every(({ isEnough }) => isEnough))) break;
  }
  return {
    hasEmbeddings,
    noise: noise.measure(),
    kinds: kinds.map((kind, i) => ({ kind, appearance: meters[i]!.measure() })),
  };
}

/**
 * How long a single sight counts, in seconds: where samples are further apart than the least length of a track, for
 * all the time up to the next one.
 */
function shareOfSample({ stepSeconds }: MeasuredNoise, { minimumSeconds }: RefineOptions): number {
  return stepSeconds >= minimumSeconds - TIME_EPSILON ? stepSeconds : 0;
}

function isKept(
  person: Tracklet,
  times: Float64Array,
  noise: MeasuredNoise,
  settings: RefineOptions,
  adaptiveThreshold: number,
  range: number,
): boolean {
  // While they lie on somebody else nothing speaks for one more person; where they are merely unsure, their scores do.
  const free = times[person.freeLast]! - times[person.freeFirst]! + shareOfSample(noise, settings);
  const least = person.isRemainder ? LONE_REMAINDER_SECONDS : settings.minimumSeconds;
  const cuts = Number(person.freeFirst === 0) + Number(person.freeLast === times.length - 1);
  // Whom the video's beginning or end cuts was there for longer than is seen; for how long, nobody knows of whom both do.
  const seconds = cuts === 2 ? Infinity : (1 + cuts) * free;
  if (seconds < least - TIME_EPSILON) return false;
  // A track of a moment must be as confident as is typical, a longer one less so in proportion.
  const needed = Math.max(0, 1 - seconds / settings.shortSeconds);
  return needed === 0 || person.freeMeanScore >= adaptiveThreshold + needed * range;
}

/** Whether anything of somebody is above the adaptive threshold where they lie on nobody surer: on others a box of the background is, too. */
function isSureByItself(person: Tracklet, adaptiveThreshold: number): boolean {
  const { scores, coveredStart, length, coveredEnd } = person;
  return scores
    .subarray(coveredStart, length - coveredEnd)
    .some((score) => score >= adaptiveThreshold);
}

/**
 * Drops detections below the adaptive threshold, but for those by which somebody in full view comes in and goes out: a detector
 * is unsure of whoever is half in the picture, and whoever is hidden is followed on to what is nobody.
 */
function dropUnsure(person: Tracklet, times: Float64Array, adaptiveThreshold: number): void {
  const timeOf = (element: number) => times[person.samples[element]!]!;
  const scores = person.scores.slice(0, person.length);
  const first = scores.findIndex((score) => score >= adaptiveThreshold);
  const last = scores.findLastIndex((score) => score >= adaptiveThreshold);
  const from = first < 0 ? Infinity : timeOf(first) - EDGE_SECONDS - TIME_EPSILON;
  const to = first < 0 ? Infinity : timeOf(last) + EDGE_SECONDS + TIME_EPSILON;
  person.filter((element) => {
    if (scores[element]! >= adaptiveThreshold) return true;
    const isInside = element >= first && element <= last;
    const isNear = timeOf(element) >= from && timeOf(element) <= to;
    return !isInside && isNear && person.visible[element]! >= FULL_VIEW;
  });
}

/** Smooths and fills; the result's arrays have exact length. */
function finish(
  person: Tracklet,
  times: Float64Array,
  noise: MeasuredNoise,
  settings: RefineOptions,
): Omit<Track, 'index'> {
  const axes = smoothSides(person, times, noise);
  // The brisker people are, the less the smoothed path knows of their turns.
  if (settings.smooth) moveBoxes(person, axes, calmness(noise));
  const seenSeconds = person.length * noise.stepSeconds;
  const longest = Math.min(settings.fillSeconds, FILL_SHARE * seenSeconds) + TIME_EPSILON;
  const isFilled = (element: number) =>
    person.samples[element]! - person.samples[element - 1]! > 1 &&
    times[person.samples[element]!]! - times[person.samples[element - 1]!]! <= longest;
  let length = person.length;
  for (let i = 1; i < person.length; i++) {
    if (isFilled(i)) length += person.samples[i]! - person.samples[i - 1]! - 1;
  }
  const track = {
    samples: new Int32Array(length),
    boxes: new Float32Array(4 * length),
    scores: new Float32Array(length),
    flags: new Uint8Array(length),
  };
  let at = 0;
  for (let i = 0; i < person.length; i++) {
    if (i > 0 && isFilled(i)) {
      const score = Math.min(person.scores[i]!, person.scores[i - 1]!);
      for (let sample = person.samples[i - 1]! + 1; sample < person.samples[i]!; sample++) {
        track.samples[at] = sample;
        fillBox(person, axes, i, sample, times, track.boxes, at);
        track.scores[at] = score;
        track.flags[at++] = FILLED;
      }
    }
    track.samples[at] = person.samples[i]!;
    for (let k = 0; k < 4; k++) track.boxes[4 * at + k] = person.boxes[4 * i + k]!;
    track.scores[at] = person.scores[i]!;
    track.flags[at++] = person.flags[i]!;
  }
  return track;
}

function moveBoxes(person: Tracklet, axes: readonly AxisStates[], share: number): void {
  const smoothed = new Float32Array(4);
  for (let i = 0; i < person.length; i++) {
    const o = AXIS * i;
    writePath(
      smoothed,
      0,
      axes.map((states) => states[o]!),
    );
    for (let k = 0; k < 4; k++) {
      const detected = person.boxes[4 * i + k]!;
      person.boxes[4 * i + k] = detected + share * (smoothed[k]! - detected);
    }
  }
}

/** A box at least a pixel wide and high, from the values of the four axes. */
function writePath(
  boxes: Float32Array,
  box: number,
  [x, y, width, height]: readonly number[],
): void {
  writeBox(boxes, box, x!, y!, Math.max(1, width!), Math.max(1, height!));
}

/**
 * The box at a sample between elements `after - 1` and `after`: the cubic through both places and velocities, the
 * likeliest path under random acceleration.
 */
function fillBox(
  person: Tracklet,
  axes: readonly AxisStates[],
  after: number,
  sample: number,
  times: Float64Array,
  out: Float32Array,
  box: number,
): void {
  const start = times[person.samples[after - 1]!]!;
  const gap = times[person.samples[after]!]! - start;
  const u = (times[sample]! - start) / gap;
  const values = axes.map((states) => {
    const a = AXIS * (after - 1);
    const b = AXIS * after;
    const u2 = u * u;
    const u3 = u2 * u;
    return (
      (2 * u3 - 3 * u2 + 1) * states[a]! +
      (u3 - 2 * u2 + u) * gap * states[a + 1]! +
      (3 * u2 - 2 * u3) * states[b]! +
      (u3 - u2) * gap * states[b + 1]!
    );
  });
  writePath(out, box, values);
}
