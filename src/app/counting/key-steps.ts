import type { Point } from '../../analytics/geometry.ts';

/** How far an arrow key moves, in ratios of the frame; with shift. */
const KEY_STEP = 0.01;
const KEY_STEP_FAR = 0.05;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How far a key moves a place, in ratios of the frame; undefined for keys that move nothing. */
export function stepOf(event: KeyboardEvent): Point | undefined {
  const arrow = ARROWS[event.key];
  const length = event.shiftKey ? KEY_STEP_FAR : KEY_STEP;
  return arrow && [arrow[0] * length, arrow[1] * length];
}
