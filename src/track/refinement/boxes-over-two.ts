import { boxArea, boxCoordinate, HEIGHT, intersectionArea, iou } from '../box.ts';
import type { Tracklet } from './tracklet.ts';

/** Share of a box that lies within another which holds it. */
const HELD = 0.8;
/** Overlap (IoU) from which two boxes are of the same person. */
const SAME = 0.75;
/** Overlap of a box with the smallest one around two others from which it is over both. */
const OVER_BOTH = 0.75;
/** How far both the head and the feet of one who stands behind another are above theirs, in heights of the box over both. */
const BEHIND = 0.1;

/** A tracklet's element. */
type Element = readonly [tracklet: Tracklet, element: number];

/**
 * Drops the boxes over two: where one stands behind another, a detector finds each of them and, as a third, one with the head of the one
 * and the feet of the other. Time grows with the elements and, per moment, with the people who are on each other.
 * @param tracklets of one video; boxes over two others are taken out of them
 * @returns those of which anything is left, in the same order
 */
export function dropBoxesOverTwo(tracklets: readonly Tracklet[]): Tracklet[] {
  const byStart = [...tracklets].sort((a, b) => a.first - b.first);
  const over = new Map<Tracklet, Set<number>>();
  /** Who is there, and up to which element they were looked at. */
  let open: { tracklet: Tracklet; element: number }[] = [];
  for (let next = 0; next < byStart.length || open.length > 0; ) {
    let sample = byStart[next]?.first ?? Number.POSITIVE_INFINITY;
    for (const { tracklet, element } of open) sample = Math.min(sample, tracklet.samples[element]!);
    for (; byStart[next]?.first === sample; next++)
      open.push({ tracklet: byStart[next]!, element: 0 });
    const now = open.filter(({ tracklet, element }) => tracklet.samples[element] === sample);
    const here = now.map(({ tracklet, element }): Element => [tracklet, element]);
    for (const each of here) {
      if (!isOverTwo(each, here)) continue;
      const [tracklet, element] = each;
      const elements = over.get(tracklet);
      if (elements) elements.add(element);
      else over.set(tracklet, new Set([element]));
    }
    for (const it of now) it.element++;
    open = open.filter(({ tracklet, element }) => element < tracklet.length);
  }
  for (const [tracklet, elements] of over) tracklet.filter((element) => !elements.has(element));
  return tracklets.filter(({ length }) => length > 0);
}

function isOverTwo(it: Element, here: readonly Element[]): boolean {
  const [{ boxes }, i] = it;
  const held = here.filter((other) => {
    const [{ boxes: theirs }, j] = other;
    return (
      other !== it &&
      intersectionArea(boxes, i, theirs, j) > HELD * boxArea(theirs, j) &&
      iou(boxes, i, theirs, j) < SAME
    );
  });
  const least = BEHIND * boxCoordinate(boxes, i, HEIGHT);
  return held.some(([{ boxes: a }, j]) =>
    held.some(([{ boxes: b }, k]) => {
      const isBehind =
        b[4 * k + 1]! - a[4 * j + 1]! > least && b[4 * k + 3]! - a[4 * j + 3]! > least;
      if (!isBehind) return false;
      const both = Float64Array.of(
        Math.min(a[4 * j]!, b[4 * k]!),
        a[4 * j + 1]!,
        Math.max(a[4 * j + 2]!, b[4 * k + 2]!),
        b[4 * k + 3]!,
      );
      return iou(both, 0, boxes, i) > OVER_BOTH;
    }),
  );
}
