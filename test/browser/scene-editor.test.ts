/** Names over a picture, in real Chromium. */
import { expect, onTestFinished, test } from 'vitest';
import { parseScene, type Scene } from '../../src/analytics/scene.ts';
import type { SceneEditor } from '../../src/app/counting/scene-editor.ts';
import '../../src/app/counting/scene-editor.ts';

/** Upright lines at these places of the picture, from a height. */
const scene = (places: readonly number[], top: number) =>
  parseScene({
    version: 1,
    lines: places.map((x, i) => ({
      id: `${i}`,
      name: `Entrance ${i + 1} of the market`,
      points: [
        [x, top],
        [x, 0.9],
      ],
    })),
  });

test.each([
  ['in the middle', [0.5, 0.53, 0.56], 0.5],
  ['at the upper edge', [0.5, 0.53, 0.56], 0.02],
  ['with no room above for all', [0.3, 0.31, 0.32, 0.33, 0.34], 0.2],
  ['far apart', [0.2, 0.8], 0.5],
])('names of lines close together do not cover each other: %s', async (_, places, top) => {
  const picture = document.createElement('div');
  picture.style.cssText = 'position: relative; width: 640px; height: 360px';
  const editor: SceneEditor = document.createElement('scene-editor');
  editor.scene = scene(places, top);
  picture.append(editor);
  document.body.append(picture);
  onTestFinished(() => picture.remove());
  await editor.updateComplete;
  // As the theme has it for whoever wants little motion.
  const calm = document.createElement('style');
  calm.textContent = '* { transition-duration: 0.01ms !important; }';
  editor.shadowRoot!.append(calm);
  const check = () => {
    const all = [...editor.shadowRoot!.querySelectorAll('.label')];
    const boxes = all.map((label) => label.getBoundingClientRect());
    const room = picture.getBoundingClientRect();
    for (const [i, a] of boxes.entries()) {
      expect(a.top, `${i} is in the picture`).toBeGreaterThanOrEqual(room.top);
      expect(a.bottom, `${i} is in the picture`).toBeLessThanOrEqual(room.bottom);
      for (const [k, b] of boxes.entries()) {
        if (k <= i) continue;
        const apart = a.right <= b.left || b.right <= a.left;
        expect(apart || a.bottom <= b.top || b.bottom <= a.top, `${i} and ${k}`).toBe(true);
      }
    }
  };
  check();
  editor.requestUpdate();
  await editor.updateComplete;
  check();
  picture.style.width = '360px';
  picture.style.height = '203px';
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  check();
});

test('the name of a line is in the picture, however small that is beside the letters', async () => {
  const picture = document.createElement('div');
  picture.style.cssText = 'position: relative; width: 320px; height: 90px';
  const editor: SceneEditor = document.createElement('scene-editor');
  editor.scene = scene([0.5], 0.2);
  picture.append(editor);
  document.body.append(picture);
  onTestFinished(() => picture.remove());
  await editor.updateComplete;
  const name = editor.shadowRoot!.querySelector('.label')!.getBoundingClientRect();
  expect(name.top).toBeGreaterThanOrEqual(picture.getBoundingClientRect().top);
});

test.each(['line', 'zone'] as const)('a new %s has no name that another has', (kind) => {
  const editor: SceneEditor = document.createElement('scene-editor');
  const names: string[] = [];
  editor.addEventListener('scene-change', (event) => {
    const drawn = (event as CustomEvent<Scene>).detail;
    const shapes = kind === 'line' ? drawn.lines : drawn.zones;
    names.push(shapes.at(-1)!.name);
    // The first goes once there are two.
    const left = shapes.slice(-1);
    editor.scene = { ...drawn, ...(kind === 'line' ? { lines: left } : { zones: left }) } as Scene;
  });
  for (let i = 0; i < 3; i++) editor.putInMiddle(kind);
  expect(new Set(names.slice(0, 2)).size).toBe(2);
  expect(names[2]).not.toBe(names[1]);
});
