import type { Detections } from '../track/detections.ts';
import { BLOCK, type ChangedBlocks, hasChanged } from './changed-blocks.ts';
import { type Edges, edgesOf, overlap } from './edges.ts';
import type { Size } from './input-size.ts';
import { pickDetections } from './pick-detections.ts';

/** A part of a picture, in whole pixels. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * Pixels around what has changed that the network sees besides. With half of them it saw who stands there otherwise than in the whole picture, which
 * once a second it sees: one box in four a little elsewhere, and now and then somebody not at all.
 */
const CONTEXT = 48;
/** Blocks without a change between two that still belong together: a coat of one colour that moves changes at its edges. */
const JOINED_BLOCKS = 2;
/** What any part costs besides its pixels, in pixels that the network looks at in that time. */
const PART_COST = 4800;
/** Share of what the whole picture costs from which detecting in parts is not worth their edges. */
const MOST_OF_PICTURE = 0.75;

/**
 * Height of a region, in pixels of the largest input, up to which nobody in it is so large that a smaller input sees them better: some
 * 110 pixels and what is around them.
 */
const SMALL_REGION = 112 + 2 * CONTEXT;

/** Score from which a part reaches around somebody known: around boxes that are hardly anybody it would soon be most of the picture. */
export const LEAST_SCORE = 0.3;

/** Pixels from an edge of a part within which a box ends that the edge has cut. */
const CUT = 4;

/**
 * Where to detect people anew in a picture of which parts have changed since people were detected in all of it: each changed part,
 * with everybody known whom it touches as a whole, and some pixels around.
 * @param blocks what has changed
 * @param known people of before, their boxes XyxyPx of the picture
 * @param size of the picture, whole multiples of `multiple`
 * @param multiple what the network's input must be whole multiples of
 * @returns parts; none where nothing has changed; `all` where they would be most of the picture
 */
export function chooseRegions(
  blocks: ChangedBlocks,
  { count, boxes, scores }: Detections,
  size: Size,
  multiple: number,
): readonly Region[] | 'all' {
  const most = MOST_OF_PICTURE * costOf(size);
  const changed = blocks.changed.reduce((sum, one) => sum + one, 0);
  // Parts would be no less than what has changed: in a busy picture nothing more is to be found out.
  if (BLOCK * BLOCK * changed > most) return 'all';
  const parts = changedParts(blocks);
  for (let i = 0; i < count; i++) {
    if (!(scores[i]! >= LEAST_SCORE)) continue;
    const person = edgesOf(boxes, i);
    if (hasChanged(blocks, person)) parts.push(person);
  }
  const whole = joinWhile(parts, overlap).map((part) => withContext(part, size));
  const cost = (part: Edges) => costOf(regionAround(part, size, multiple));
  const pays = (a: Edges, b: Edges) => cost(union(a, b)) <= cost(a) + cost(b);
  const regions = joinWhile(whole, pays).map((part) => regionAround(part, size, multiple));
  return regions.reduce((sum, region) => sum + costOf(region), 0) > most ? 'all' : regions;
}

/** Whether somebody in one of the regions may be so large that smaller inputs see them better. */
export function needSmallerInputs(regions: readonly Region[]): boolean {
  return regions.some(({ height }) => height > SMALL_REGION);
}

/**
 * Those found in a part of a picture whom its edges do not cut: the others are seen in part, and known as a whole.
 * @param found XyxyPx of the part
 * @param region the part
 * @param picture size of the whole
 */
export function withoutCut(found: Detections, region: Region, picture: Size): Detections {
  const { left, top, width, height } = region;
  const inside = {
    left: left > 0 ? CUT : Number.NEGATIVE_INFINITY,
    top: top > 0 ? CUT : Number.NEGATIVE_INFINITY,
    right: left + width < picture.width ? width - CUT : Number.POSITIVE_INFINITY,
    bottom: top + height < picture.height ? height - CUT : Number.POSITIVE_INFINITY,
  };
  const whole = Array.from({ length: found.count }, (_, i) => i).filter((i) => {
    const { left, top, right, bottom } = edgesOf(found.boxes, i);
    return (
      left >= inside.left && top >= inside.top && right <= inside.right && bottom <= inside.bottom
    );
  });
  return pickDetections(found, whole);
}

/** Groups of changed blocks that lie together, in pixels. */
function changedParts({ columns, rows, changed }: ChangedBlocks): Edges[] {
  const isTaken = new Uint8Array(changed.length);
  const parts: Edges[] = [];
  for (let first = 0; first < changed.length; first++) {
    if (!changed[first] || isTaken[first]) continue;
    isTaken[first] = 1;
    const part = { left: columns, top: rows, right: 0, bottom: 0 };
    for (const open = [first]; open.length > 0; ) {
      const block = open.pop()!;
      const [x, y] = [block % columns, Math.floor(block / columns)];
      part.left = Math.min(part.left, x);
      part.top = Math.min(part.top, y);
      part.right = Math.max(part.right, x + 1);
      part.bottom = Math.max(part.bottom, y + 1);
      const [fromX, toX] = [
        Math.max(0, x - JOINED_BLOCKS),
        Math.min(columns - 1, x + JOINED_BLOCKS),
      ];
      const [fromY, toY] = [Math.max(0, y - JOINED_BLOCKS), Math.min(rows - 1, y + JOINED_BLOCKS)];
      for (let v = fromY; v <= toY; v++) {
        for (let u = fromX; u <= toX; u++) {
          const next = v * columns + u;
          if (!changed[next] || isTaken[next]) continue;
          isTaken[next] = 1;
          open.push(next);
        }
      }
    }
    parts.push({
      left: BLOCK * part.left,
      top: BLOCK * part.top,
      right: BLOCK * part.right,
      bottom: BLOCK * part.bottom,
    });
  }
  return parts;
}

/** Joins two parts, the first two found, as long as there are two that belong together. */
function joinWhile(
  parts: readonly Edges[],
  belongTogether: (a: Edges, b: Edges) => boolean,
): Edges[] {
  const joined: Edges[] = [];
  for (let part of parts) {
    for (let i = 0; i < joined.length; ) {
      if (belongTogether(joined[i]!, part)) {
        part = union(joined[i]!, part);
        joined.splice(i, 1);
        // The larger one may belong together with those that the smaller did not.
        i = 0;
      } else i++;
    }
    joined.push(part);
  }
  return joined;
}

function union(a: Edges, b: Edges): Edges {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

function withContext({ left, top, right, bottom }: Edges, { width, height }: Size): Edges {
  return {
    left: Math.max(0, left - CONTEXT),
    top: Math.max(0, top - CONTEXT),
    right: Math.min(width, right + CONTEXT),
    bottom: Math.min(height, bottom + CONTEXT),
  };
}

/** The smallest region around a part that the network takes; its cells lie where they lie in the whole picture. */
function regionAround(part: Edges, size: Size, multiple: number): Region {
  const [left, width] = spanAround(part.left, part.right, size.width, multiple);
  const [top, height] = spanAround(part.top, part.bottom, size.height, multiple);
  return { left, top, width, height };
}

function spanAround(from: number, to: number, length: number, multiple: number) {
  const first = Math.floor(from / BLOCK) * BLOCK;
  const span = Math.min(length, Math.ceil((to - first) / multiple) * multiple);
  const spare = Math.floor((span - (to - first)) / 2 / BLOCK) * BLOCK;
  return [Math.max(0, Math.min(length - span, first - spare)), span] as const;
}

/** What a picture or a part of it costs the network, in pixels. */
function costOf({ width, height }: Size): number {
  return PART_COST + width * height;
}
