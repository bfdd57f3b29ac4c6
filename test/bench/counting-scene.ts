import type { Point } from '../../src/analytics/geometry.ts';
import type { SceneLine, SceneZone } from '../../src/analytics/scene.ts';
import type { Trajectory } from '../../src/analytics/trajectory.ts';

/** Lines and zones by the ranges of the truth's feet. */
export function sceneOf(truth: readonly Trajectory[]): { lines: SceneLine[]; zones: SceneZone[] } {
  const feet = truth.flatMap(({ y }) => [...y]).sort((a, b) => a - b);
  const edge = Math.floor(feet.length / 20);
  const low = feet[edge]!;
  const high = feet[feet.length - 1 - edge]!;
  const level = (k: number) => low + ((high - low) * k) / 4;
  const line = (id: string, points: Point[]): SceneLine => ({
    id,
    name: id,
    points,
    left: 'left',
    right: 'right',
    inside: 'right',
  });
  const lines = [1, 2, 3].flatMap((k) => [
    line(`upright ${k}`, [
      [k / 4, -2],
      [k / 4, 3],
    ]),
    line(`level ${k}`, [
      [-2, level(k)],
      [3, level(k)],
    ]),
  ]);
  const zones = [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
  ].map(([right, below]) => {
    const x = right ? [0.5, 3] : [-2, 0.5];
    const y = below ? [level(2), 3] : [-2, level(2)];
    return {
      id: `zone ${right} ${below}`,
      name: '',
      points: [
        [x[0]!, y[0]!],
        [x[1]!, y[0]!],
        [x[1]!, y[1]!],
        [x[0]!, y[1]!],
      ] as Point[],
    };
  });
  return { lines, zones };
}
