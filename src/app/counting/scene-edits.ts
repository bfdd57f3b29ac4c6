import type { Point } from '../../analytics/geometry.ts';
import { parseScene, type Scene, type SceneLine, type SceneZone } from '../../analytics/scene.ts';
import { SceneError } from '../../analytics/scene-error.ts';

/** What may be changed of a line or a zone besides its places. */
export interface ShapeNames {
  readonly name?: string;
  readonly left?: string;
  readonly right?: string;
  readonly inside?: 'left' | 'right';
}

/** Names of a new line and of its sides. */
export interface LineNames {
  readonly name: string;
  readonly inside: string;
  readonly outside: string;
}

/** Places of a shape: at least so many. */
const LEAST_POINTS = { line: 2, zone: 3 };

/**
 * A scene with one line more. Whichever way it was drawn, its inside is below a level line, where people come towards a camera
 * that looks at a door, and to the left of an upright one.
 */
export function addLine(
  scene: Scene,
  from: Point,
  to: Point,
  { name, inside, outside }: LineNames,
): { scene: Scene; id: string } {
  const id = freeId(scene, 'line');
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const isRight = Math.abs(dx) > Math.abs(dy) ? dx > 0 : dy >= 0;
  const line: SceneLine = {
    id,
    name,
    points: [kept(from), kept(to)],
    left: isRight ? outside : inside,
    right: isRight ? inside : outside,
    inside: isRight ? 'right' : 'left',
  };
  return { scene: { ...scene, lines: [...scene.lines, line] }, id };
}

/** A scene with one zone more: the upright rectangle between two corners. */
export function addZone(
  scene: Scene,
  corner: Point,
  opposite: Point,
  name: string,
): { scene: Scene; id: string } {
  const id = freeId(scene, 'zone');
  const [left, top] = kept(corner);
  const [right, bottom] = kept(opposite);
  const points: Point[] = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
  return { scene: { ...scene, zones: [...scene.zones, { id, name, points }] }, id };
}

/** A scene with one place of a shape moved, kept inside the picture. */
export function movePoint(scene: Scene, id: string, at: number, to: Point): Scene {
  return withPoints(scene, id, (points) => points.map((it, k) => (k === at ? kept(to) : it)));
}

/** A scene with a whole shape moved, as far as it stays inside the picture. */
export function moveShape(scene: Scene, id: string, [dx, dy]: Point): Scene {
  return withPoints(scene, id, (points) => {
    const x = within(dx, ...range(points.map((point) => point[0])));
    const y = within(dy, ...range(points.map((point) => point[1])));
    return points.map(([px, py]): Point => [px + x, py + y]);
  });
}

/** A scene with one place more in a shape, between `after` and the next. */
export function insertPoint(scene: Scene, id: string, after: number, point: Point): Scene {
  return withPoints(scene, id, (points) => points.toSpliced(after + 1, 0, kept(point)));
}

/** A scene with one place less in a shape; nothing changes where the shape needs them all. */
export function removePoint(scene: Scene, id: string, at: number): Scene {
  const least = LEAST_POINTS[scene.lines.some((line) => line.id === id) ? 'line' : 'zone'];
  return withPoints(scene, id, (points) =>
    points.length > least ? points.toSpliced(at, 1) : points,
  );
}

/** A scene in which a shape is called otherwise. Empty names are left as they were. */
export function nameShape(scene: Scene, id: string, names: ShapeNames): Scene {
  const change = Object.fromEntries(Object.entries(names).filter(([, value]) => value !== ''));
  return {
    ...scene,
    lines: scene.lines.map((line) => (line.id === id ? { ...line, ...change } : line)),
    zones: scene.zones.map((zone) =>
      zone.id === id && names.name ? { ...zone, name: names.name } : zone,
    ),
  };
}

/** A scene in which the other side of a line is its inside. */
export function swapSides(scene: Scene, id: string): Scene {
  return {
    ...scene,
    lines: scene.lines.map((line) =>
      line.id === id
        ? { ...line, left: line.right, right: line.left, inside: other(line.inside) }
        : line,
    ),
  };
}

/** A scene without a shape. */
export function removeShape(scene: Scene, id: string): Scene {
  return {
    ...scene,
    lines: scene.lines.filter((line) => line.id !== id),
    zones: scene.zones.filter((zone) => zone.id !== id),
  };
}

/** Every line and zone of a scene. */
export function shapesOf({ lines, zones }: Scene): (SceneLine | SceneZone)[] {
  return [...lines, ...zones];
}

/** Whether two scenes count alike, whatever camera they are of. */
export function isSameScene(a: Scene, b: Scene): boolean {
  const text = (scene: Scene) => {
    const { camera: _camera, startsAt: _startsAt, ...rest } = parseScene(scene);
    return JSON.stringify(rest);
  };
  return text(a) === text(b);
}

/** Whether a scene keeps the rules of scenes. */
export function isScene(scene: Scene): boolean {
  try {
    parseScene(scene);
    return true;
  } catch (error) {
    if (error instanceof SceneError) return false;
    throw error;
  }
}

function other(side: 'left' | 'right'): 'left' | 'right' {
  return side === 'left' ? 'right' : 'left';
}

function freeId(scene: Scene, kind: string): string {
  const taken = new Set(shapesOf(scene).map((shape) => shape.id));
  let n = 1;
  while (taken.has(`${kind}-${n}`)) n++;
  return `${kind}-${n}`;
}

function withPoints(
  scene: Scene,
  id: string,
  change: (points: readonly Point[]) => readonly Point[],
): Scene {
  const changed = <T extends { id: string; points: readonly Point[] }>(shape: T): T =>
    shape.id === id ? { ...shape, points: change(shape.points) } : shape;
  return { ...scene, lines: scene.lines.map(changed), zones: scene.zones.map(changed) };
}

/** A place inside the picture, in steps of a ten thousandth: nobody reads more digits of a file. */
function kept([x, y]: Point): Point {
  return [rounded(within(x, 0, 1)), rounded(within(y, 0, 1))];
}

function range(values: readonly number[]): [least: number, most: number] {
  return [Math.min(0, -Math.min(...values)), Math.max(0, 1 - Math.max(...values))];
}

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));
const rounded = (value: number) => Math.round(value * 10_000) / 10_000;
