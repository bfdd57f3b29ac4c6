/** How well a result counts people: one number a person, whole visits, and no number for two. */
import { solveAssignment } from '../track/association/assignment.ts';
import { type Alignment, align, MATCH_OVERLAP } from './alignment.ts';
import type { MotRows } from './mot-text.ts';
import { EPSILON } from './overlap.ts';

/** Seconds out of the truth after which the same person comes for another visit. */
const VISIT_GAP_SECONDS = 1;
/** Seconds by which a visit's begin and end may be missed. */
const EDGE_SECONDS = 0.5;
/** Share of a number's matched boxes, and seconds of them, from which a second person counts as held by it. */
const MIXED_SHARE = 0.2;
const MIXED_SECONDS = 0.5;

/** What was counted; the counts of several sequences add up. */
export interface CountScore {
  /** People of the truth, and the numbers that the result has. */
  readonly people: number;
  readonly numbers: number;
  /** Visits of the truth: stretches of one person without a gap of more than a second. */
  readonly visits: number;
  /** Those that one number has from within half a second of their begin to within half a second of their end. */
  readonly wholeVisits: number;
  /** Numbers that hold two people or more: at least a fifth of their boxes, and half a second, lie on another person. */
  readonly mixedNumbers: number;
  /** Numbers of which no box lies on anybody. */
  readonly falseNumbers: number;
  /** People on whom no box lies. */
  readonly missedPeople: number;
}

/** Counts under the names that the table has. */
export interface CountFigures {
  readonly People: number;
  readonly Numbers: number;
  readonly Visits: number;
  readonly Whole: number;
  readonly Mixed: number;
  readonly False: number;
  readonly Missed: number;
}

interface Stretch {
  readonly first: number;
  last: number;
}

/**
 * Counts one sequence. In each frame results lie on the truth with the largest total overlap, never below 0.5.
 * @param truth ground truth, as `parseMotTruth` reads it; one id a person, however often they come
 * @param results the tracker's rows, each id at most once a frame
 * @param frameCount frames of the sequence
 * @param frameRate frames a second
 * @param isMot20 whether MOT20's rule on non-motorised vehicles applies
 * @throws MotDataError when a frame is outside the sequence or an id occurs twice in a frame
 */
export function scoreCounts(
  truth: MotRows,
  results: MotRows,
  frameCount: number,
  frameRate: number,
  isMot20 = false,
): CountScore {
  const alignment = align(truth, results, frameCount, isMot20);
  const { held, matches } = pairUp(alignment);
  const people = new Set<number>();
  let mixedNumbers = 0;
  for (const boxes of held.values()) {
    const counts = [...boxes.values()].sort((a, b) => b - a);
    const all = counts.reduce((sum, count) => sum + count, 0);
    const second = counts[1] ?? 0;
    if (second >= MIXED_SHARE * all && second >= MIXED_SECONDS * frameRate) mixedNumbers++;
    for (const person of boxes.keys()) people.add(person);
  }
  const visits = visitsOf(alignment, VISIT_GAP_SECONDS * frameRate);
  const edge = EDGE_SECONDS * frameRate;
  let wholeVisits = 0;
  let count = 0;
  for (const [person, stretches] of visits.entries()) {
    count += stretches.length;
    for (const visit of stretches) if (isWhole(visit, matches[person]!, edge)) wholeVisits++;
  }
  return {
    people: alignment.truth.idCount,
    numbers: alignment.results.idCount,
    visits: count,
    wholeVisits,
    mixedNumbers,
    falseNumbers: alignment.results.idCount - held.size,
    missedPeople: alignment.truth.idCount - people.size,
  };
}

/** Adds up the counts of several sequences. */
export function combineCounts(scores: readonly CountScore[]): CountScore {
  const sum = (of: (score: CountScore) => number) =>
    scores.reduce((total, score) => total + of(score), 0);
  return {
    people: sum(({ people }) => people),
    numbers: sum(({ numbers }) => numbers),
    visits: sum(({ visits }) => visits),
    wholeVisits: sum(({ wholeVisits }) => wholeVisits),
    mixedNumbers: sum(({ mixedNumbers }) => mixedNumbers),
    falseNumbers: sum(({ falseNumbers }) => falseNumbers),
    missedPeople: sum(({ missedPeople }) => missedPeople),
  };
}

/** The figures of a score. */
export function countFigures(score: CountScore): CountFigures {
  return {
    People: score.people,
    Numbers: score.numbers,
    Visits: score.visits,
    Whole: score.wholeVisits,
    Mixed: score.mixedNumbers,
    False: score.falseNumbers,
    Missed: score.missedPeople,
  };
}

/** A frame in which a number lies on a person. */
interface Match {
  readonly frame: number;
  readonly number: number;
}

/** Boxes that each number has on each person, and the frames in which each person has a number. */
function pairUp({ truth, results, similarity, similarityStart, frameCount }: Alignment) {
  const held = new Map<number, Map<number, number>>();
  const matches: Match[][] = Array.from({ length: truth.idCount }, () => []);
  for (let frame = 0; frame < frameCount; frame++) {
    const people = truth.ids.subarray(truth.start[frame], truth.start[frame + 1]);
    const numbers = results.ids.subarray(results.start[frame], results.start[frame + 1]);
    if (people.length === 0 || numbers.length === 0) continue;
    const offset = similarityStart[frame]!;
    const cost = similarity
      .slice(offset, offset + people.length * numbers.length)
      .map((overlap) => (overlap < MATCH_OVERLAP - EPSILON ? 0 : -overlap));
    const match = new Int32Array(people.length);
    solveAssignment(cost, people.length, numbers.length, match);
    for (const [row, person] of people.entries()) {
      const column = match[row]!;
      if (column < 0 || cost[row * numbers.length + column] === 0) continue;
      const number = numbers[column]!;
      const boxes = held.get(number) ?? new Map<number, number>();
      boxes.set(person, (boxes.get(person) ?? 0) + 1);
      held.set(number, boxes);
      matches[person]!.push({ frame, number });
    }
  }
  return { held, matches };
}

/** Stretches in which each person is there. */
function visitsOf({ truth, frameCount }: Alignment, gap: number): Stretch[][] {
  const visits: Stretch[][] = Array.from({ length: truth.idCount }, () => []);
  for (let frame = 0; frame < frameCount; frame++) {
    for (const person of truth.ids.subarray(truth.start[frame], truth.start[frame + 1])) {
      const last = visits[person]!.at(-1);
      if (last && frame - last.last - 1 <= gap) last.last = frame;
      else visits[person]!.push({ first: frame, last: frame });
    }
  }
  return visits;
}

/** Whether one number has a visit from its begin to its end. */
function isWhole({ first, last }: Stretch, matches: readonly Match[], edge: number): boolean {
  const within = matches.filter(({ frame }) => frame >= first && frame <= last);
  const begun = new Set(
    within.filter(({ frame }) => frame - first <= edge).map(({ number }) => number),
  );
  return within.some(({ frame, number }) => last - frame <= edge && begun.has(number));
}
