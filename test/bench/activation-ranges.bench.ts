/**
 * Measures how far the activations of a model reach on real pictures, for its form in 8-bit integers:
 *
 *   npm run bench:activation-ranges -- [--model nanodet-person] [--pictures 40] [--channels]
 *
 * Pictures of the project's sample and of the two CC BY clips in FOOTPATH_SHARED (default ../shared). Writes
 * scripts/model/ranges/MODEL.json, from which set-up quantises the model; of what is graded the sample alone is among the pictures. With `--channels`
 * each channel of a map is measured by itself, its mean too, as coco-ssd needs it (--model coco-ssd-person --pictures 14 --channels).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { chromiumSettings } from '../../cli/chromium.mjs';

const { values: options } = parseArgs({
  options: {
    model: { type: 'string', default: 'nanodet-person' },
    pictures: { type: 'string', default: '40' },
    channels: { type: 'boolean', default: false },
  },
});
const root = process.cwd();
const shared = resolve(root, process.env.FOOTPATH_SHARED ?? '../shared');
const clip = (name: string) => `/@fs${shared}/data/videos/${name}.mp4`;
const videos = [
  '/samples/footpath-sample.mp4',
  clip('one-by-one-person-detection'),
  clip('people-detection'),
];
const page = 'test/browser/bench/activation-ranges.html';
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  cacheDir: 'node_modules/.vite-bench',
  server: { port: 0, host: '127.0.0.1', fs: { allow: [root, shared] }, hmr: false, watch: null },
  optimizeDeps: { entries: [page] },
});
await server.listen();
const browser = await chromium.launch(chromiumSettings());
try {
  const open = async () => {
    const tab = await browser.newPage();
    tab.on('pageerror', (error) => console.error(String(error)));
    await tab.goto(`${server.resolvedUrls!.local[0]!}${page}`);
    await tab.waitForFunction(() => document.title === 'ready');
    return tab;
  };
  // The first visit may reload when packages are bundled.
  await (await open()).close();
  const ranges = await (await open()).evaluate((args) => window.measureRanges(...args), [
    options.model,
    videos,
    Number(options.pictures),
    options.channels,
  ] as const);
  const digits = options.channels ? 3 : 5;
  const rounded = Object.entries(ranges).map(([name, range]) => {
    const lists = range.map((values) => values.map((value) => Number(value.toPrecision(digits))));
    // Often every channel begins at 0.
    const isOne = (list: readonly number[]) => list.every((value) => value === list[0]);
    return [name, lists.map((list) => (isOne(list) ? list[0] : list))];
  });
  const folder = resolve(root, 'scripts/model/ranges');
  mkdirSync(folder, { recursive: true });
  const text = rounded.map(
    ([name, range]) => `  ${JSON.stringify(name)}: ${JSON.stringify(range)}`,
  );
  writeFileSync(resolve(folder, `${options.model}.json`), `{\n${text.join(',\n')}\n}\n`);
  console.log(`${rounded.length} ranges in scripts/model/ranges/${options.model}.json`);
} finally {
  await browser.close();
  await server.close();
}

declare const document: { title: string };
declare const window: {
  measureRanges(
    id: string,
    videos: readonly string[],
    pictures: number,
    byChannel: boolean,
  ): Promise<Record<string, [number[], number[], ...number[][]]>>;
};
