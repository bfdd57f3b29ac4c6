import type { Detections } from '../track/detections.ts';
import { blocksUnder, type ChangedBlocks } from './changed-blocks.ts';
import { LEAST_SCORE } from './detection-regions.ts';
import { type Edges, edgesOf, overlap } from './edges.ts';

/**
 * Height of somebody, in pixels of the largest input, from which a smaller input alone sees them well: there they are still some 60
 * pixels high or more.
 */
const TALL = 128;
/** Pixels around somebody that change with them: hands, bags, a shadow. */
const MARGIN = 12;
/** How far somebody walks at most between two pictures that are compared, in their heights: at most a second lies between them. */
const FARTHEST = 1;
/** Within this share of somebody's height of somebody else they may hide each other, where the largest input sees more. */
const FREE = 0.25;
/** Least share of one height in another for both to be one person's. */
const SAME_HEIGHT = 0.75;

/**
 * What has changed beyond what tall people explain who were surely found: where they are now, and where they were. Nothing is explained
 * where somebody smaller or less sure is, now or before, nor by whoever comes near somebody else: of two who hide each other the largest input
 * finds boxes that tracking tells apart better.
 * @param blocks what has changed
 * @param before people of the picture that this one is compared with, their boxes XyxyPx of the largest input
 * @param now people found in this one by the smaller inputs, in the same pixels
 * @param sure score from which somebody is surely there, 0 to 1
 * @returns a copy with fewer blocks changed
 */
export function unexplainedChanges(
  blocks: ChangedBlocks,
  before: Detections,
  now: Detections,
  sure: number,
): ChangedBlocks {
  const there = peopleOf(now);
  const earlier = peopleOf(before);
  const tall: Person[] = [];
  const left: Person[] = [];
  for (const person of there) {
    if (!isTall(person, sure)) continue;
    const same = nearest(person, earlier, sure);
    const others = [...there, ...earlier].filter((one) => one !== person && one !== same);
    if (!others.every((other) => standsFree(person, other))) continue;
    tall.push(person);
    if (same) left.push(same);
  }
  const { columns, rows } = blocks;
  const isExplained = new Uint8Array(blocks.changed.length);
  const mark = (person: Person, margin: number, value: 0 | 1) => {
    for (const [from, to] of blocksUnder(blocks, around(person, margin)))
      isExplained.fill(value, from, to);
  };
  for (const person of [...tall, ...left]) mark(person, MARGIN, 1);
  for (const person of [...there, ...earlier]) {
    if (!tall.includes(person) && !left.includes(person)) mark(person, 0, 0);
  }
  return { columns, rows, changed: blocks.changed.map((one, i) => (isExplained[i] ? 0 : one)) };
}

interface Person extends Readonly<Edges> {
  readonly score: number;
}

function peopleOf({ count, boxes, scores }: Detections): Person[] {
  return Array.from({ length: count }, (_, i) => ({
    ...edgesOf(boxes, i),
    score: scores[i]!,
  })).filter(({ score }) => score >= LEAST_SCORE);
}

const heightOf = ({ top, bottom }: Person): number => bottom - top;

function isTall(person: Person, sure: number): boolean {
  return person.score >= sure && heightOf(person) >= TALL;
}

function standsFree(person: Person, other: Person): boolean {
  return !overlap(around(person, FREE * heightOf(person)), other);
}

function around({ left, top, right, bottom }: Person, margin: number): Edges {
  return {
    left: left - margin,
    top: top - margin,
    right: right + margin,
    bottom: bottom + margin,
  };
}

/** Who of the picture before may have been this one. */
function nearest(person: Person, before: readonly Person[], sure: number): Person | undefined {
  const height = heightOf(person);
  const distance = (other: Person) =>
    Math.hypot(
      (other.left + other.right - person.left - person.right) / 2,
      other.bottom - person.bottom,
    );
  const may = before.filter((other) => {
    const ratio = heightOf(other) / height;
    return (
      other.score >= sure &&
      Math.min(ratio, 1 / ratio) >= SAME_HEIGHT &&
      distance(other) <= FARTHEST * height
    );
  });
  return may.sort((a, b) => distance(a) - distance(b))[0];
}
