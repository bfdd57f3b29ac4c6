import { expect, test } from 'vitest';
import type { Point } from '../../src/analytics/geometry.ts';
import { EMPTY_SCENE, parseScene } from '../../src/analytics/scene.ts';
import {
  addLine,
  addZone,
  insertPoint,
  isScene,
  movePoint,
  moveShape,
  nameShape,
  removePoint,
  removeShape,
  swapSides,
} from '../../src/app/counting/scene-edits.ts';
import { arrowAcross, pathOf } from '../../src/app/counting/shape-outline.ts';
import { UndoHistory } from '../../src/app/counting/undo-history.ts';

const NAMES = { name: 'Door', inside: 'shop', outside: 'street' };

function door() {
  return addLine(EMPTY_SCENE, [0.5, 0.2], [0.5, 0.8], NAMES);
}

test('a line that is drawn keeps the rules of scenes, its inside on the right hand', () => {
  const { scene, id } = door();
  expect(parseScene(JSON.stringify(scene)).lines[0]).toEqual({
    id,
    name: 'Door',
    points: [
      [0.5, 0.2],
      [0.5, 0.8],
    ],
    left: 'street',
    right: 'shop',
    inside: 'right',
  });
});

test('ids are free ones, also after one was taken away', () => {
  const first = door();
  const second = addLine(first.scene, [0.1, 0.1], [0.2, 0.2], NAMES);
  const less = removeShape(second.scene, first.id);
  const third = addLine(less, [0.3, 0.3], [0.4, 0.4], NAMES);
  expect(new Set(third.scene.lines.map(({ id }) => id)).size).toBe(2);
  expect(isScene(third.scene)).toBe(true);
});

test('which way a line was drawn does not turn in and out', () => {
  const inside = (from: Point, to: Point) =>
    addLine(EMPTY_SCENE, from, to, NAMES).scene.lines.map((line) => [
      line.inside,
      line[line.inside],
    ]);
  // Below a level line, and to the left of an upright one.
  expect(inside([0.1, 0.5], [0.9, 0.6])).toEqual([['right', 'shop']]);
  expect(inside([0.9, 0.6], [0.1, 0.5])).toEqual([['left', 'shop']]);
  expect(inside([0.5, 0.1], [0.6, 0.9])).toEqual([['right', 'shop']]);
  expect(inside([0.6, 0.9], [0.5, 0.1])).toEqual([['left', 'shop']]);
});

test('places stay inside the picture, and a shape moves as a whole', () => {
  const { scene, id } = addZone(EMPTY_SCENE, [0.2, 0.2], [0.4, 0.5], 'Till');
  expect(movePoint(scene, id, 0, [-3, 0.1]).zones[0]!.points[0]).toEqual([0, 0.1]);
  const moved = moveShape(scene, id, [0.9, 0.1]).zones[0]!.points;
  expect(Math.max(...moved.map(([x]) => x))).toBeCloseTo(1);
  expect(moved[1]![0] - moved[0]![0]).toBeCloseTo(0.2);
  expect(moved[0]![1]).toBeCloseTo(0.3);
});

test('points are added and taken away as far as the shape needs none of them', () => {
  const { scene, id } = door();
  const more = insertPoint(scene, id, 0, [0.6, 0.5]);
  expect(more.lines[0]!.points[1]).toEqual([0.6, 0.5]);
  const less = removePoint(removePoint(more, id, 1), id, 1);
  expect(less.lines[0]!.points).toHaveLength(2);
  const zone = addZone(EMPTY_SCENE, [0, 0], [1, 1], 'All');
  const triangle = removePoint(removePoint(zone.scene, zone.id, 3), zone.id, 0);
  expect(triangle.zones[0]!.points).toHaveLength(3);
});

test('with the sides swapped the other side is inside, and keeps being called so', () => {
  const { scene, id } = door();
  const line = swapSides(scene, id).lines[0]!;
  expect(line.inside).toBe('left');
  expect(line[line.inside]).toBe('shop');
  expect(swapSides(swapSides(scene, id), id)).toEqual(scene);
});

test('names change, but not to nothing', () => {
  const { scene, id } = door();
  const named = nameShape(scene, id, { name: 'Gate', left: '' }).lines[0]!;
  expect(named).toMatchObject({ name: 'Gate', left: 'street' });
});

test('a change that breaks the rules is known', () => {
  const { scene, id } = door();
  expect(isScene(movePoint(scene, id, 1, [0.5, 0.2]))).toBe(false);
  const flat = addZone(EMPTY_SCENE, [0.2, 0.2], [0.2, 0.6], 'Flat');
  expect(isScene(flat.scene)).toBe(false);
});

test('undo goes back step by step, redo forth, and a new step ends what was undone', () => {
  const history = new UndoHistory('a');
  expect([history.canUndo, history.canRedo]).toEqual([false, false]);
  history.push('b');
  history.push('c');
  history.undo();
  history.undo();
  history.undo();
  expect(history.present).toBe('a');
  history.redo();
  expect(history.present).toBe('b');
  history.push('d');
  expect(history.canRedo).toBe(false);
  history.undo();
  expect(history.present).toBe('b');
});

test('the arrow of a line points to its inside', () => {
  // Downwards: the right hand is the left of the picture.
  const points = [
    [0.5, 0],
    [0.5, 1],
  ] as const;
  const tipX = (inside: 'left' | 'right') =>
    Number(/^M[\d.]+ [\d.]+L([\d.]+)/.exec(arrowAcross(points, inside, 2))![1]);
  expect(tipX('right')).toBeLessThan(1000);
  expect(tipX('left')).toBeGreaterThan(1000);
  expect(pathOf(points, 2, true)).toBe('M1000.0 0.0L1000.0 1000.0Z');
});
