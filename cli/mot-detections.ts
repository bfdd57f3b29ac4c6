import { MotDataError, type MotRows } from '../src/metrics/mot-text.ts';
import { type Detections, NO_DETECTIONS } from '../src/track/detections.ts';

/** Pixels from a picture's corner: no picture is as large, so a box that reaches further is a mistake. */
const FURTHEST_EDGE = 65_535;

/**
 * Detections frame by frame, in the file's order within each.
 * @param rows as det/det.txt holds them, left, top, width, height, scores from 0 to 1
 * @param frameCount frames of the sequence
 * @param name of the file, for messages
 * @throws MotDataError with `name:line` when a frame is outside the sequence or a box beyond any picture
 */
export function detectionsByFrame(rows: MotRows, frameCount: number, name: string): Detections[] {
  const ofFrame: (number[] | undefined)[] = [];
  for (let row = 0; row < rows.count; row++) {
    const frame = rows.frames[row]! - 1;
    if (frame < 0 || frame >= frameCount) {
      throw new MotDataError(
        `${name}:${lineOf(rows, row)}: frame ${rows.frames[row]} is not in the sequence (1 to ${frameCount}).`,
      );
    }
    refuseAbsurdBox(rows, row, name);
    const list = ofFrame[frame];
    if (list === undefined) ofFrame[frame] = [row];
    else list.push(row);
  }
  return Array.from({ length: frameCount }, (_, frame) => {
    const list = ofFrame[frame];
    if (list === undefined) return NO_DETECTIONS;
    const boxes = new Float32Array(4 * list.length);
    const scores = new Float32Array(list.length);
    for (const [i, row] of list.entries()) {
      const left = rows.boxes[4 * row]!;
      const top = rows.boxes[4 * row + 1]!;
      boxes[4 * i] = left;
      boxes[4 * i + 1] = top;
      boxes[4 * i + 2] = left + rows.boxes[4 * row + 2]!;
      boxes[4 * i + 3] = top + rows.boxes[4 * row + 3]!;
      scores[i] = rows.scores[row]!;
    }
    return { count: list.length, boxes, scores };
  });
}

function lineOf(rows: MotRows, row: number): number {
  return rows.lines?.[row] ?? row + 1;
}

function refuseAbsurdBox(rows: MotRows, row: number, name: string): void {
  const [left, top, width, height] = rows.boxes.subarray(4 * row, 4 * row + 4);
  const edges = [left!, top!, left! + width!, top! + height!];
  if (edges.every((edge) => Math.abs(edge) <= FURTHEST_EDGE)) return;
  throw new MotDataError(
    `${name}:${lineOf(rows, row)}: the box ${left},${top},${width},${height} reaches beyond any picture (${FURTHEST_EDGE} pixels from its corner).`,
  );
}
