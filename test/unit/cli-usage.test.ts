/** Wrong usage of the commands, told before anything is started: each in this thread, since a program of its own takes a second. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { main } from '../../cli/main.ts';
import type { ResultManifest } from '../../src/export/result-manifest.ts';

const sample = resolve(inject('root'), 'public/samples/footpath-sample.mp4');
const folder = mkdtempSync(join(tmpdir(), 'fp-usage-'));
const inFolder = (name: string) => join(folder, name);
const file = inFolder('sample.manifest.json');
const manifest: ResultManifest = {
  footpathManifest: 1,
  footpath: '0.1.0',
  video: { name: 'door.mp4', bytes: 3, sha256: 'a'.repeat(64), width: 640, height: 360 },
  model: { name: 'nanodet-person', sha256: 'b'.repeat(64) },
  settings: {},
  computed: { backend: 'int8', inputs: [[384, 288]], notes: [], browser: 'Chromium' },
  skipped: { framesExpected: 9, framesDecoded: 9, framesDamaged: 0, damagedAtMs: [] },
  result: { status: 'SUCCEEDED', people: 2, boxes: 3, sha256: 'c'.repeat(64) },
};

beforeAll(() => writeFileSync(file, JSON.stringify(manifest)));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command and hears what it says. */
async function footpath(...args: string[]) {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += text;
      return true;
    }),
  );
  try {
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

test.each([
  [['missing.mp4'], 'there is no file missing.mp4'],
  [[], 'name one video file'],
  [[sample, sample], 'name one video file'],
  [[sample, '--format', 'xml'], '--format must be one of rekognition, mot, but is xml'],
  [[sample, '--sample-rate', '0'], '--sample-rate must be "all" or a number above 0'],
  [[sample, '--quality', 'best'], '--quality must be one of fast, balanced, accurate, auto'],
  [[sample, '--rejoin', 'soon'], '--rejoin must be a number from 0 to 3600'],
  [[sample, '--backend', 'cuda'], '--backend must be one of'],
  [[sample, '--tracker', 'magic'], '--tracker must be one of'],
  [[sample, '--detect-every', '11'], '--detect-every must be a whole number from 1 to 10'],
  [[sample, '--detect-every', '2', '--no-fill'], '--detect-every estimates boxes'],
  [[sample, '--model', 'best'], '--model must be one of nanodet-person, coco-ssd-person, or an'],
  [[sample, '--model', sample], 'needs --model-family: yolox or rtmdet'],
  [[sample, '--model-family', 'yolox'], '--model-family is for an ONNX file given by --model'],
  [[sample, '--scene', 'none.json', '--out', 'x.json'], '--scene none.json: ENOENT'],
  [[sample, '--scene', 'none.json'], '--scene needs --out FILE'],
  [[sample, '--scene', 'none.json', '--out', '-'], '--scene needs --out FILE'],
  [
    [sample, '--out', 'x.json', '--manifest', './x.json'],
    '--manifest ./x.json is where --out goes',
  ],
  [[sample, '--workers', '0'], '--workers must be an integer of at least 1'],
  [[sample, '--nonsense'], '--nonsense'],
])('track %j is wrong usage', async (args, message) => {
  const ended = await footpath('track', ...args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).toContain('Usage: footpath track');
});

test('track: a folder is no video file', async () => {
  const ended = await footpath('track', folder);
  expect(ended.code).toBe(2);
  expect(ended.stderr).toContain(`${folder} is a folder; name a file`);
});

test.each(['track', 'verify', 'detect', 'serve', 'associate', 'count', 'evaluate', 'copy-assets'])(
  '%s says how it is used, as the program itself does',
  async (command) => {
    const usage = expect.stringMatching(new RegExp(`^Usage: footpath ${command} `));
    for (const word of ['--help', '-h'])
      expect(await footpath(command, word)).toEqual({ code: 0, stdout: usage, stderr: '' });
    for (const word of ['--help', '-h', 'help'])
      expect((await footpath(word)).stdout).toMatch(/^Usage: footpath COMMAND/);
  },
);

test.each([
  [['--from-detections', folder, sample], 'takes the place of a video'],
  [['--from-detections', folder, '--quality', 'fast'], '--quality: people are not looked for anew'],
  [['--from-detections', folder, '--score-threshold', '2'], '--score-threshold must be'],
  [['--from-detections', folder, '--scene', file], 'count the result with footpath count'],
  [['--from-detections', folder, '--manifest', file], '--manifest is for a video'],
])('track again %j is wrong usage', async (args, message) => {
  const ended = await footpath('track', ...args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).toContain('Usage: footpath track');
});

test.each([
  [[], 'name one video file'],
  [[sample], '--out names the folder'],
  [[sample, '--out', folder], 'is no empty folder'],
  [[sample, '--out', inFolder('x'), '--from=-1'], '--from must be a number of seconds'],
  [[sample, '--out', inFolder('x'), '--from', '5', '--to', '5'], '--to must be behind --from 5'],
  [[sample, '--out', inFolder('x'), '--backend', 'cuda'], '--backend must be one of'],
  [[sample, '--out', inFolder('x'), '--detect-every', '11'], '--detect-every must be'],
  [[sample, '--out', inFolder('x'), '--part', '0/5'], '--part must be K/N'],
  [[sample, '--out', inFolder('x'), '--part', '1/5', '--to', '2'], 'takes the place of --from'],
])('detect %j is wrong usage', async (args, message) => {
  const ended = await footpath('detect', ...args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(message);
  expect(ended.stderr).toContain('Usage: footpath detect');
});

test.for([
  [['nowhere.json', sample], 'there is no file nowhere.json'],
  [[file], 'name a manifest and a video'],
  [[sample, sample], 'This is no manifest of Footpath: it is not JSON'],
  [[file, sample, '--model', sample], 'is for a detector of your own'],
  [[file, sample, '--workers', '0'], '--workers must be an integer'],
] as const)('verify %j is wrong usage: %s', async ([args, words]) => {
  const ended = await footpath('verify', ...args);
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(words);
});

test('what a name or a file would do to a terminal is shown instead', async () => {
  const hostile = '\u001b]0;title\u0007\u009b31m\u202egpj\rover';
  const shown = '\\u001b]0;title\\u0007\\u009b31m\\u202egpj\\u000dover';
  const scene = inFolder('scene.json');
  const line = {
    id: 'door',
    name: hostile,
    points: [
      [0, 0],
      [1, 1],
    ],
  };
  writeFileSync(scene, JSON.stringify({ version: 1, lines: [line] }));
  const missing = await footpath('count', `${hostile}.json`, '--scene', scene);
  expect(missing.stderr).toContain(`${shown}.json: this file cannot be read`);

  const result = inFolder('people.json');
  writeFileSync(result, `${hostile} is no JSON`);
  const noJson = await footpath('count', result, '--scene', scene);
  expect(noJson.stderr).toContain('\\u001b]');
  expect(noJson.stderr).not.toMatch(/[^\P{Cc}\n]/u);

  const VideoMetadata = { FrameWidth: 640, FrameHeight: 360, DurationMillis: 1000 };
  writeFileSync(result, JSON.stringify({ VideoMetadata, Persons: [] }));
  const { isTTY } = process.stdout;
  onTestFinished(() => {
    process.stdout.isTTY = isTTY;
  });
  const csv = (onTerminal: boolean) => {
    process.stdout.isTTY = onTerminal;
    return footpath('count', result, '--scene', scene, '--format', 'csv');
  };
  expect((await csv(true)).stdout).toMatch(/\r\n.*\r\n$/s);
  expect((await csv(true)).stdout).toContain(`${shown}: in`);
  // A file has what there is.
  expect((await csv(false)).stdout).toContain(`${hostile}: in`);
});

test('all that commands say goes by what keeps terminals from harm', () => {
  const cli = join(inject('root'), 'cli');
  const others = readdirSync(cli).filter(
    (name) =>
      name !== 'tell.ts' &&
      // What is written whole and by itself is a usage, or a result's own text.
      /process\.stderr\.write|process\.stdout\.write\(\s*`/.test(
        readFileSync(join(cli, name), 'utf8'),
      ),
  );
  expect(others).toEqual([]);
});
