/** What npm would publish: whole, nothing too much, understood by compilers and checkers, licences included. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { packageOf } from '../../scripts/third-party.mjs';
import { int8Module } from '../../workers/detector/wasm/int8/module.ts';
import { realModule } from '../../workers/detector/wasm/real/module.ts';
import { installTools, PackedProject, run, type Tools } from '../fixtures/packed-project.ts';

const root = inject('root');
const LICENCES = 'THIRD-PARTY-LICENSES.txt';
/** Bytes of the library's entry with all that it imports, compressed: what a page pays before its first job. */
const ENTRY_BUDGET = 32 * 1024;
/** The same of the elements: what a page pays before a video is given. */
const ELEMENT_BUDGET = 60 * 1024;
/** Bytes of the loader of a frame, compressed. */
const EMBED_BUDGET = 2 * 1024;

let project: PackedProject;
let installed: string;
let files: string[];
let tools: Tools | string;

beforeAll(async () => {
  project = await PackedProject.create();
  tools = await installTools();
  installed = join(project.folder, 'node_modules/footpath');
  const entries = await readdir(installed, { recursive: true, withFileTypes: true });
  files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}, 600_000);

afterAll(async () => {
  await project?.close();
});

const read = (file: string) => readFile(join(installed, file), 'utf8');

test('holds what is needed, once, and nothing of the workshop', () => {
  for (const file of [
    'dist/lib/index.js',
    'dist/lib/index.js.map',
    'dist/lib/types/index.d.ts',
    'dist/cli/main.js.map',
    'dist/app/index.html',
    'dist/app/engine/job.worker.js',
    'dist/app/models/nanodet-person/weights.bin',
    'CHANGELOG.md',
    'LICENSE',
    'NOTICE',
    'README.md',
  ]) {
    expect(files).toContain(file);
  }
  const workshop = /^(test|src|workers|scripts|public)\/|tsbuildinfo|\.test\.|\.built-|\.bench\./;
  expect(files.filter((file) => workshop.test(file))).toEqual([]);
  expect(files.filter((file) => /ort-.*\.wasm$/.test(file))).toHaveLength(1);
});

test('brings no package along', async () => {
  const names = await readdir(join(project.folder, 'node_modules'));
  expect(names.filter((name) => !name.startsWith('.'))).toEqual(['footpath']);
});

test('its threads have their kernels as the bytes that this source writes', async () => {
  const engine = files.filter((file) => /^dist\/app\/engine\/.*\.js$/.test(file));
  const scripts = await Promise.all(engine.map(read));
  const modules = scripts.flatMap((script) => script.match(/\bAGFzbQ[\w+/]+=*/g) ?? []);
  const written = [int8Module('relaxed'), int8Module('plain'), realModule()].map((bytes) =>
    Buffer.from(bytes).toString('base64'),
  );
  expect([...new Set(modules)].sort()).toEqual(written.sort());
});

test('the links of its documents lead somewhere', async () => {
  const documents = files.filter((file) => file.endsWith('.md'));
  expect(documents).toContain('docs/api.md');
  const dead: string[] = [];
  for (const document of documents) {
    for (const [, link] of (await read(document)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|#)/.test(link!)) continue;
      const target = normalize(join(dirname(document), link!.replace(/#.*/, '')));
      if (!files.includes(target.replaceAll('\\', '/'))) dead.push(`${document}: ${link}`);
    }
  }
  expect(dead).toEqual([]);
});

test.each([
  ['index.js', ENTRY_BUDGET],
  ['element-define.js', ELEMENT_BUDGET],
])('its entry %s stays small', async (entry, budget) => {
  const loaded = [entry];
  let bytes = 0;
  for (const name of loaded) {
    const script = await read(`dist/lib/${name}`);
    bytes += gzipSync(script).byteLength;
    // What is loaded later, by `import(…)`, counts not.
    for (const [, imported] of script.matchAll(/(?:from|import) ?["'`]\.\/([^"'`]+)["'`]/g)) {
      if (!loaded.includes(imported!)) loaded.push(imported!);
    }
  }
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(budget);
});

test('the script for sites without a build is as small as a picture of a button', async () => {
  expect(gzipSync(await read('dist/app/embed.js')).byteLength).toBeLessThan(EMBED_BUDGET);
});

test('publint finds nothing', async ({ skip }) => {
  if (typeof tools === 'string') return skip(tools);
  const { publint } = await tools.load<{ publint(options: object): Promise<object> }>('publint');
  const tarball = new Uint8Array(await readFile(project.tarball)).buffer;
  expect(await publint({ pack: { tarball }, strict: true })).toMatchObject({ messages: [] });
});

test('are the types wrong? They are not', async ({ skip }) => {
  if (typeof tools === 'string') return skip(tools);
  const attw = join(tools.folder, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  // A package of modules alone, as every browser library: `require` is none of its doors.
  const args = [
    project.tarball,
    '--profile',
    'esm-only',
    '--format',
    'ascii',
    '--no-definitely-typed',
  ];
  expect(await run(attw, args, project.folder)).toContain('"footpath"');
});

test.for(['5.0', 'the project’s'])(
  'TypeScript %s takes its types, checked whole',
  async (version, { skip }) => {
    if (typeof tools === 'string' && version === '5.0') return skip(tools);
    const place = version === '5.0' ? (tools as Tools).folder : root;
    const compiler = join(place, 'node_modules/typescript');
    const { version: actual } = JSON.parse(await readFile(join(compiler, 'package.json'), 'utf8'));
    if (version === '5.0') expect(actual).toMatch(/^5\.0\./);
    const [, lines] = /```ts\n(import [^`]*createPersonTracking[^`]*)```/.exec(
      await read('README.md'),
    )!;
    await project.write(
      'types.ts',
      `${lines}
import { FootpathTracker, PathViewer, addLanguage } from 'footpath/element';
import type { TrackerEventMap, TrackerProperty, ViewerProperty } from 'footpath/element';
import type { JobSummary, PersonTrackingEventMap, SdkHttpResponse } from 'footpath';
declare const file: File;
export const left: number | undefined = Persons[0]?.Person?.BoundingBox?.Left;
export const width: number | undefined = VideoMetadata?.FrameWidth;
export const summary: JobSummary = await tracking.getJob(JobId);
export const onProgress = (event: PersonTrackingEventMap['progress']): number => event.detail.samplesDone;
export const body = (response: SdkHttpResponse): Uint8Array => response.body;
export const tracker: FootpathTracker | null = document.querySelector('footpath-tracker');
export const started: Promise<string | undefined> | undefined = tracker?.start();
export const viewer: PathViewer = document.createElement('footpath-viewer');
viewer.showAnswer({});
const scene: Pick<FootpathTracker, TrackerProperty>['scene'] = '{ "version": 1 }';
const startsAt: Pick<PathViewer, ViewerProperty>['startsAt'] = null;
Object.assign(viewer, { scene, startsAt });
tracking.addEventListener('progress', onProgress);
tracking.removeEventListener('progress', onProgress);
tracker?.addEventListener('footpath-complete', ({ detail }) => detail.paths.length);
document.addEventListener('footpath-error', ({ detail }) => detail.kind);
viewer.addEventListener('person-choose', ({ detail }) => detail?.toFixed());
const onSelect = ({ detail }: TrackerEventMap['footpath-select']) => detail.index;
tracker?.addEventListener('footpath-select', onSelect);
tracker?.removeEventListener('footpath-select', onSelect);
addLanguage('fr', { 'tracker.choose': 'Choisir une vidéo' });
export const title: string = new FootpathTracker().title;
// @ts-expect-error: there is no such quality
new FootpathTracker().quality = 'splendid';
// @ts-expect-error: there is no such tracker
await tracking.startPersonTracking({ Video: {} }, { tracker: 'none' });
`,
    );
    // Every entry whose types need no other package, whole.
    const { exports } = JSON.parse(await read('package.json')) as {
      exports: Record<string, unknown>;
    };
    const entries = Object.keys(exports)
      .filter((entry) => !/[*]|json$|react$|vue$/.test(entry))
      .map((entry) => entry.replace('.', 'footpath'));
    expect(entries).toContain('footpath/manifest');
    await project.write('entries.ts', entries.map((entry) => `import '${entry}';\n`).join(''));
    // What a page of the widget alone imports.
    await project.write(
      'defined.ts',
      `import 'footpath/element/define';
document.querySelector('footpath-tracker')?.addEventListener('footpath-complete', ({ detail }) => detail.job);
document.createElement('footpath-viewer').showAnswer({});
`,
    );
    for (const [module, resolution] of [
      ['esnext', 'bundler'],
      ['nodenext', 'nodenext'],
    ]) {
      const options = [
        '--noEmit',
        '--strict',
        '--exactOptionalPropertyTypes',
        '--skipLibCheck',
        'false',
        // The compiler's own library is not ours to check, and takes most of the time.
        '--skipDefaultLibCheck',
      ];
      const kind = ['--target', 'es2022', '--module', module!, '--moduleResolution', resolution!];
      const lib = ['--lib', 'es2022,dom,dom.iterable'];
      const args = [...options, ...kind, ...lib];
      const compile = (file: string) =>
        run(join(compiler, 'bin/tsc'), [...args, file], project.folder);
      expect(await compile('types.ts')).toBe('');
      expect(await compile('defined.ts')).toBe('');
      expect(await compile('entries.ts')).toBe('');
    }
  },
);

test('says of every package that is in it under which licence it is', async () => {
  const list = async (folder: string) => {
    const text = await read(`dist/${folder}/${LICENCES}`);
    return [...text.matchAll(/^(\S+) [\d.]+ \(/gm)].map((match) => match[1]!);
  };
  // What the sources import by name is bundled, with all that it imports in turn.
  const [app, lib, cli] = await Promise.all([list('app'), list('lib'), list('cli')]);
  const imported = await bareImports(['src', 'workers']);
  expect(imported).toEqual(expect.arrayContaining(['lit', 'idb', 'mediabunny', 'onnxruntime-web']));
  expect(app).toEqual(expect.arrayContaining(imported));
  for (const within of [
    '@lit/reactive-element',
    'lit-html',
    'long',
    'seedrandom',
    'workbox-core',
  ]) {
    expect(app).toContain(within);
  }
  // Source maps name every module.
  // All that lit's own module does is to hand on what its parts export, which leaves no line of it.
  expect([...lib].sort()).toEqual([...(await mapped('dist/lib')), 'lit'].sort());
  expect(cli).toEqual(await mapped('dist/cli'));
  expect(lib.length).toBeGreaterThan(0);
  expect(cli).toContain('hono');
});

test.for(['app', 'lib', 'cli'])('licences lie in dist/%s, with their texts', async (folder) => {
  const [licence, notice, list] = await Promise.all(
    ['LICENSE', 'NOTICE', LICENCES].map((name) => read(`dist/${folder}/${name}`)),
  );
  expect(licence).toContain('Apache License');
  expect(notice).toMatch(/nanodet-person.*NanoDet.*Apache-2.0/s);
  expect(notice).toMatch(/footpath-sample\.mp4/);
  expect(list).toMatch(/Permission is hereby granted|Apache License/);
  if (folder !== 'app') return;
  expect(list).toMatch(/mediabunny [\d.]+ \(MPL-2\.0\), source: https:.*Mozilla Public License/s);
  const script = files.find((file) => /^dist\/app\/assets\/index-.*\.js$/.test(file))!;
  expect(await read(script)).toContain(`href="${LICENCES}"`);
});

/** Packages that sources import, types aside. */
async function bareImports(folders: string[]): Promise<string[]> {
  const names = new Set<string>();
  for (const folder of folders) {
    for (const file of await readdir(join(root, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const text = await readFile(join(root, folder, file), 'utf8');
      const found = text.matchAll(
        /^(?!import type).*?(?:^import|\bfrom|\bimport\() ?'([@a-z][\w@/.-]*)'/gm,
      );
      for (const [, name] of found) {
        const parts = name!.split('/');
        names.add(parts[0]!.startsWith('@') ? `${parts[0]}/${parts[1]}` : parts[0]!);
      }
    }
  }
  return [...names].sort();
}

/** Packages that the source maps of a folder name. */
async function mapped(folder: string): Promise<string[]> {
  const names = new Set<string>();
  for (const file of files.filter((name) => name.startsWith(folder) && name.endsWith('.map'))) {
    const { sources } = JSON.parse(await read(file)) as { sources: string[] };
    for (const source of sources) {
      const found = packageOf(normalize(join(root, dirname(file), source)));
      if (!found) continue;
      await stat(found);
      names.add(JSON.parse(await readFile(join(found, 'package.json'), 'utf8')).name);
    }
  }
  return [...names].sort();
}
