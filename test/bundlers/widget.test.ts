/** The widget in a fresh React app, and its types in React's JSX and in Vue's templates: `npm run test:bundlers`. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { chromiumSettings } from '../../cli/chromium.mjs';
import { PackedProject, run } from '../fixtures/packed-project.ts';
import { type Site, startSite } from '../fixtures/site.ts';
import { runWidget } from '../fixtures/widget-page.ts';

const root = inject('root');
const PACKAGES = [
  'vite@8',
  'react@19',
  'react-dom@19',
  '@types/react@19',
  '@types/react-dom@19',
  'vue@3',
  'vue-tsc@3',
  'typescript@5',
];
let browser: Browser;
let project: PackedProject;
let site: Site;

beforeAll(async () => {
  project = await PackedProject.create();
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...PACKAGES];
  await run('npm', install, project.folder, { NODE_ENV: 'development' });
  await project.footpath('copy-assets', 'public/footpath');
  await mkdir(join(project.folder, 'public/videos'), { recursive: true });
  await copyFile(
    join(root, 'public/samples/footpath-sample.mp4'),
    join(project.folder, 'public/videos/footpath-sample.mp4'),
  );
  await project.write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'esnext',
        moduleResolution: 'bundler',
        lib: ['es2022', 'dom', 'dom.iterable'],
        jsx: 'react-jsx',
        strict: true,
        noEmit: true,
        types: [],
      },
      include: ['react', 'vue'],
    }),
  );
  browser = await chromium.launch(chromiumSettings());
}, 600_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await project?.close();
});

test('React 19, built by Vite, sets properties, hears events and finds the people', async () => {
  await project.write(
    'react/main.tsx',
    `import 'footpath/element/define';
import type { PersonPath } from 'footpath';
import type {} from 'footpath/element/react';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';

function App() {
  const [paths, setPaths] = useState<readonly PersonPath[]>([]);
  return (
    <main>
      <footpath-tracker
        src="/videos/footpath-sample.mp4"
        assets="/footpath/"
        settings={{ quality: 'fast', sampleRate: 2 }}
        autostart
        onfootpath-complete={(event) => setPaths(event.detail.paths)}
      />
      <p id="count">{paths.length}</p>
      <footpath-viewer paths={paths} durationMs={20_000} frameWidth={640} frameHeight={360} />
    </main>
  );
}

createRoot(document.querySelector('#app')!).render(<App />);
`,
  );
  await project.write(
    'index.html',
    '<!doctype html><html lang="en"><title>React</title><div id="app"></div><script type="module" src="/react/main.tsx"></script></html>',
  );
  await run('npx', ['vite', 'build'], project.folder, { NODE_ENV: 'production' });
  site = await startSite({ folders: { '/': join(project.folder, 'dist') } });
  const end = await runWidget(browser, site.url);
  expect(end.detail).toMatchObject({ status: 'SUCCEEDED' });
  expect(end.detail.people).toBeGreaterThan(2);
  expect(end.errors).toEqual([]);
  expect(end.foreign).toEqual([]);
});

test('the types are right in React’s JSX and in Vue’s templates, and wrong where they should be', async () => {
  await project.write(
    'react/types.tsx',
    `import type {} from 'footpath/element/react';
export const right = <footpath-tracker lang="de" quality="fast" file={null} onfootpath-select={({ detail }) => detail.index} />;
// @ts-expect-error: there is no such quality
export const wrong = <footpath-tracker quality="splendid" />;
// @ts-expect-error: the person is a number
export const alsoWrong = <footpath-tracker onfootpath-select={({ detail }) => detail.index?.length} />;
export const scene = <footpath-tracker scene='{ "version": 1 }' assets={null} />;
export const viewer = <footpath-viewer startsAt="2026-01-01T08:00:00Z" src={null} />;
export const ref = <footpath-tracker ref={(element) => void element?.start()} />;
`,
  );
  const vue = (attributes: string) =>
    `<script setup lang="ts">
import type {} from 'footpath/element/vue';
const said = (event: CustomEvent<{ index: number | null }>) => event.detail.index;
</script>
<template><footpath-tracker ${attributes} @footpath-select="said" /></template>
`;
  await project.write('vue/Right.vue', vue('quality="fast" :file="null"'));
  const check = () => run('npx', ['vue-tsc', '-p', '.'], project.folder);
  expect(await check()).toBe('');
  await project.write('vue/Wrong.vue', vue('quality="splendid"'));
  await expect(check()).rejects.toThrow(/Wrong\.vue.*splendid/s);
});
