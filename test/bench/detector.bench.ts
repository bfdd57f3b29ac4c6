/**
 * Quality and speed of the detectors side by side, in a real Chromium:
 *
 *   npm run bench:detector -- [--backend int8] [--most 1000] [--turns 8] [--frames 32] [--only TEXT]
 *     [--onnx] [--tiles] [--skip-quality]
 *
 * NanoDet runs on `backend` and, where that is int8, in single precision too. `--onnx` adds the ONNX detectors of FOOTPATH_SHARED, `--tiles` two overlapping tiles against one input of as many pixels.
 * Quality on the videos with ground truth in FOOTPATH_SHARED (default ../shared), at most `most` frames of each, evenly
 * spread. Speed on the first of them: each detector and coco-ssd's own `detect()` take turns of a few `frames` each, and
 * the speed is the median over the turns of one against its neighbours of the other.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';
import { chromiumSettings } from '../../cli/chromium.mjs';
import {
  combineDetections,
  detectionFigures,
  scoreDetections,
} from '../../src/metrics/detection-score.ts';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import { median } from './statistics.ts';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'int8' },
    most: { type: 'string', default: '1000' },
    turns: { type: 'string', default: '8' },
    frames: { type: 'string', default: '32' },
    only: { type: 'string', default: '' },
    onnx: { type: 'boolean', default: false },
    tiles: { type: 'boolean', default: false },
    'skip-quality': { type: 'boolean', default: false },
  },
});
const root = process.cwd();
const shared = resolve(root, process.env.FOOTPATH_SHARED ?? '../shared');
const videos = resolve(shared, 'data/videos');
const truths = resolve(videos, 'truth');
const sequences = existsSync(truths) ? readdirSync(truths).sort() : [];
if (sequences.length === 0) {
  console.error(
    `No videos with ground truth in ${truths}; name their folder with FOOTPATH_SHARED.`,
  );
  process.exit(1);
}

interface Row {
  readonly name: string;
  readonly detector: {
    readonly kind: string;
    readonly options?: Record<string, unknown>;
    readonly [more: string]: unknown;
  };
}
const { backend } = options;
/** What runs in single precision: all that has no form in 8-bit integers, and NanoDet for comparison. */
const real = backend === 'int8' ? 'wasm' : backend;
const pool = (name: string, model: object, more: object, tiles = 1): Row => ({
  name,
  detector: {
    kind: 'pool',
    model,
    tiles,
    options: { backend: real, threads: 1, ...more },
  },
});
const prepared = (id: string) => ({ manifestUrl: `/models/${id}/manifest.json` });
const cocoSsd = prepared('coco-ssd-person');
const nanoDet = prepared('nanodet-person');
const square = { width: 300, height: 300 };
const onnx = (file: string, family: string) => ({
  onnx: `/@fs${shared}/data/models/${file}.onnx`,
  family,
});
const rows: Row[] = [
  { name: 'coco-ssd detect()', detector: { kind: 'coco-ssd', backend: real } },
  pool('coco-ssd-person 300x300', cocoSsd, { inputSize: square }),
  pool('coco-ssd-person 300x300, 2 threads', cocoSsd, { inputSize: square, threads: 2 }),
  pool('coco-ssd-person balanced', cocoSsd, { quality: 'balanced' }),
  pool('coco-ssd-person accurate', cocoSsd, { quality: 'accurate' }),
  ...(['fast', 'balanced', 'accurate'] as const).flatMap((quality) => [
    pool(`nanodet-person ${quality}`, nanoDet, { quality, backend }),
    pool(`nanodet-person ${quality}, 2 threads`, nanoDet, { quality, backend, threads: 2 }),
    ...(backend === real
      ? []
      : [pool(`nanodet-person ${quality}, single precision`, nanoDet, { quality })]),
  ]),
  ...(options.onnx
    ? [
        pool('yolox-nano 416', onnx('yolox_nano_416', 'yolox'), {}),
        pool('yolox-nano 480x640', onnx('yolox_nano_480x640', 'yolox'), {}),
        pool('rtmdet-nano', onnx('rtmdet_nano_person', 'rtmdet'), {
          inputSize: { width: 320, height: 320 },
        }),
      ]
    : []),
  ...(options.tiles
    ? [
        pool('nanodet-person 2 tiles', nanoDet, { inputSize: { width: 224, height: 288 } }, 2),
        pool('nanodet-person one input', nanoDet, { inputSize: { width: 416, height: 320 } }),
      ]
    : []),
].filter(({ name }, i) => i === 0 || name.includes(options.only));

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  cacheDir: 'node_modules/.vite-bench',
  server: { port: 0, host: '127.0.0.1', fs: { allow: [root, shared] }, hmr: false, watch: null },
  optimizeDeps: { entries: ['test/browser/bench/detector.html', 'workers/detector.worker.ts'] },
});
await server.listen();
const browser = await chromium.launch(chromiumSettings());
try {
  const origin = server.resolvedUrls!.local[0]!;
  const newPage = async () => {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(String(error)));
    await page.goto(`${origin}test/browser/bench/detector.html`);
    await page.waitForFunction(() => document.title === 'ready');
    return page;
  };
  // The first visit may reload when packages are bundled.
  await (await newPage()).close();
  const url = (sequence: string) => `/@fs${videos}/${sequence}.mp4`;

  const speedPage = await newPage();
  const times = await speedPage.evaluate((args) => window.bench.time(...args), [
    rows.map((row) => row.detector),
    url(sequences[0]!),
    Number(options.turns),
    Number(options.frames),
  ] as [object[], string, number, number]);
  await speedPage.close();

  console.log(
    `Every ${sequences.map((s) => `${stepOf(s)}. frame of ${s}`).join(', ')}; speed on ${sequences[0]}; recall at half a false box a frame.\n`,
  );
  console.log(
    `| detector | input | backend | ms a frame | speed | ${sequences.map((s) => `${s} AP50 | recall`).join(' | ')} | all AP50 | AP50:95 | score |`,
  );
  console.log(
    `| --- | --- | --- | ---: | ---: |${' ---: | ---: |'.repeat(sequences.length + 1)} ---: |`,
  );
  for (const [i, { name, detector }] of rows.entries()) {
    const { own, base, backend: ranOn = real } = times[i]!;
    const ratio = median(own.map((ms, turn) => base[turn]! / ms));
    const cells = [median(own).toFixed(1), `${ratio.toFixed(2)}x`];
    let input = '';
    if (detector.options?.threads !== 2 && !options['skip-quality']) {
      const scores = [];
      for (const sequence of sequences) {
        const page = await newPage();
        const graded = await page.evaluate(
          ([d, video, step]) => window.bench.grade(d, video, step),
          [
            // A curve needs the boxes that a job would not keep.
            { ...detector, options: { ...detector.options, threads: 2, minScore: 0.02 } },
            url(sequence),
            stepOf(sequence),
          ] as const,
        );
        await page.close();
        input = graded.inputs;
        const score = gradeText(sequence, graded.text, stepOf(sequence));
        scores.push(score);
        const { AP50, Recall } = detectionFigures(score);
        cells.push(...[AP50, Recall].map((value) => (value ?? 0).toFixed(1)));
      }
      const all = detectionFigures(combineDetections(scores));
      cells.push(...[all.AP50, all['AP50:95']].map((value) => (value ?? 0).toFixed(1)));
      // What leaves half a false box a frame on all of them.
      cells.push((all.Score ?? 0).toFixed(2));
    }
    console.log(`| ${name} | ${input} | ${ranOn} | ${cells.join(' | ')} |`);
  }
} finally {
  await browser.close();
  await server.close();
}

function lengthOf(sequence: string): number {
  const text = readFileSync(resolve(truths, sequence, 'seqinfo.ini'), 'utf8');
  return Number(/seqLength=(\d+)/.exec(text)![1]);
}

function stepOf(sequence: string): number {
  return Math.ceil(lengthOf(sequence) / Number(options.most));
}

/** Frames that were left out are left out of the truth as well. */
function gradeText(sequence: string, text: string, step: number) {
  const folder = resolve(truths, sequence);
  const thin = (lines: string) =>
    lines
      .split('\n')
      .flatMap((line) => {
        const [frame, ...rest] = line.split(',');
        const index = (Number(frame) - 1) / step;
        return line.trim() !== '' && Number.isInteger(index) ? [[index + 1, ...rest].join()] : [];
      })
      .join('\n');
  const truth = parseMotTruth(thin(readFileSync(`${folder}/gt/gt.txt`, 'utf8')), sequence);
  return scoreDetections(
    truth,
    parseMot(thin(text), sequence),
    Math.ceil(lengthOf(sequence) / step),
  );
}

declare const document: { title: string };
declare const window: {
  bench: {
    time(
      detectors: readonly object[],
      video: string,
      turns: number,
      turnFrames: number,
    ): Promise<{ backend?: string; own: number[]; base: number[] }[]>;
    grade(detector: object, video: string, step: number): Promise<{ text: string; inputs: string }>;
  };
};
