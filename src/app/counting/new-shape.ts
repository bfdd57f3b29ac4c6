import type { Point } from '../../analytics/geometry.ts';
import type { Scene } from '../../analytics/scene.ts';
import { addLine, addZone, type LineNames } from './scene-edits.ts';

/** A press that goes less far than this, in ratios of the frame, draws a shape of the usual size. */
const LEAST_DRAG = 0.02;
/** Half the size of a shape that is put down, not drawn. */
const USUAL = { line: [0, 0.3], zone: [0.2, 0.2] } as const;
/** A scene with a shape more: as drawn from one place to another, or of the usual size where that was but a press. */
export function newShape(
  scene: Scene,
  kind: 'line' | 'zone',
  from: Point,
  to: Point,
  names: LineNames,
): { scene: Scene; id: string } {
  const isDrawn =
    kind === 'line'
      ? Math.hypot(to[0] - from[0], to[1] - from[1]) >= LEAST_DRAG
      : Math.min(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) >= LEAST_DRAG;
  const [dx, dy] = USUAL[kind];
  const a: Point = isDrawn ? from : [from[0] - dx, from[1] - dy];
  const b: Point = isDrawn ? to : [from[0] + dx, from[1] + dy];
  return kind === 'line' ? addLine(scene, a, b, names) : addZone(scene, a, b, names.name);
}
