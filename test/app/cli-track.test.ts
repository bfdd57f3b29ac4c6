import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import type { GetPersonTrackingResponse } from '../../src/contract/types.ts';
import { parseMot, parseMotTruth } from '../../src/metrics/mot-text.ts';
import { scoreTracking, trackingFigures } from '../../src/metrics/tracking-score.ts';
import { runFootpath, runFootpathIn } from './run-footpath.ts';

const root = inject('root');
const shared = inject('shared');
const sample = resolve(root, 'public/samples/footpath-sample.mp4');
const truth = resolve(root, 'public/samples/footpath-sample');
const folder = mkdtempSync(join(tmpdir(), 'footpath-cli-'));
const track = (...args: string[]) => runFootpath(root, 'track', ...args);
const inFolder = (name: string) => join(folder, name);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Rows of the frames that 5 samples a second take of 25, counted anew. */
function everyFifth(rows: string): string {
  return rows
    .trim()
    .split('\n')
    .map((row) => row.split(','))
    .filter(([frame]) => (Number(frame) - 1) % 5 === 0)
    .map(([frame, ...rest]) => [(Number(frame) - 1) / 5 + 1, ...rest].join())
    .join('\n');
}

describe('footpath track', () => {
  test('writes MOTChallenge rows that follow the people of the sample', async () => {
    const out = inFolder('sample.txt');
    const ended = await track(sample, '--sample-rate', '5', '--format', 'mot', '--out', out);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toMatch(/tracking \d+ %/);
    const text = readFileSync(out, 'utf8');
    expect(text.split('\n')[0]).toMatch(/^\d+,1(,-?\d+\.\d\d){4},[01]\.\d{4},-1,-1,-1$/);
    const people = readFileSync(join(truth, 'gt/gt.txt'), 'utf8');
    const { HOTA, MOTA } = trackingFigures(
      scoreTracking(
        parseMotTruth(everyFifth(people), 'gt.txt'),
        parseMot(everyFifth(text), out),
        90,
      ),
    );
    expect(HOTA).toBeGreaterThan(40);
    expect(MOTA).toBeGreaterThan(50);
  });

  test('writes the merged answer of GetPersonTracking, on standard output too', async () => {
    const out = inFolder('sample.json');
    const settings = ['--sample-rate', '2', '--quality', 'fast'];
    const scene = inFolder('hedge.scene.json');
    const lines = [
      {
        id: 'line',
        points: [
          [0.5, 0],
          [0.5, 1],
        ],
      },
    ];
    writeFileSync(scene, JSON.stringify({ version: 1, camera: 'Hedge', lines }));
    const ended = await track(sample, ...settings, '--out', out, '--scene', scene);
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    // Beside the result are its counts, as counting it afterwards has them.
    const counts = JSON.parse(readFileSync(inFolder('sample.counts.json'), 'utf8'));
    const later = await runFootpath(root, 'count', out, '--scene', scene);
    expect(later.code, later.stderr).toBe(0);
    const [{ result, ...counted }] = JSON.parse(later.stdout);
    expect(result).toBe(out);
    expect(counts).toEqual(counted);
    expect(counts.camera).toBe('Hedge');
    const answer: GetPersonTrackingResponse = JSON.parse(readFileSync(out, 'utf8'));
    expect(answer).toMatchObject({
      JobStatus: 'SUCCEEDED',
      VideoMetadata: {
        Codec: 'h264',
        Format: 'QuickTime / MOV',
        FrameRate: 25,
        FrameWidth: 640,
        FrameHeight: 360,
        DurationMillis: 18000,
      },
    });
    expect(answer.NextToken).toBeUndefined();
    const times = answer.Persons.map(({ Timestamp }) => Timestamp);
    expect(times.length).toBeGreaterThan(36);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(answer.Persons[0]?.Person.Index).toBe(0);

    // The same video by the same settings, with one thread, to the other place: the same people. And by a name that the locale of a bare
    // container does not know.
    const named = inFolder('Straße früh.mp4');
    copyFileSync(sample, named);
    const more = ['--workers', '1', '--report'];
    const again = await runFootpathIn({ LC_ALL: 'C' }, root, 'track', named, ...settings, ...more);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout).Persons).toEqual(answer.Persons);
    expect(again.stderr).toMatch(/"concurrency": 1/);
    expect(again.stderr).toMatch(new RegExp(`, ${answer.Persons.length} boxes\n$`));
  });

  test('finds people with the model asked for', async () => {
    const ended = await track(
      sample,
      '--sample-rate',
      '1',
      '--model',
      'coco-ssd-person',
      '--report',
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('"model": "coco-ssd-person"');
  });

  test.skipIf(shared === '')(
    'finds people with an ONNX file (skipped: no folder of models)',
    async () => {
      const model = resolve(shared, 'data/models/yolox_nano_416.onnx');
      const own = ['--model', model, '--model-family', 'yolox'];
      const ended = await track(sample, '--sample-rate', '1', ...own, '--report');
      expect(ended.code, ended.stderr).toBe(0);
      expect(ended.stderr).toContain('"model": "yolox_nano_416.onnx"');
      expect(JSON.parse(ended.stdout).Persons.length).toBeGreaterThan(10);
    },
  );

  test('a file that is no video fails with words for people, and leaves a result that says so', async () => {
    const notes = inFolder('notes.mp4');
    writeFileSync(notes, 'Bread, milk, eggs.\n'.repeat(100));
    const ended = await track(notes);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/not a video that can be read here/);
    expect(JSON.parse(ended.stdout)).toMatchObject({ JobStatus: 'FAILED', Persons: [] });
  });

  test('a video cut off fails, and keeps the people up to there', async () => {
    const cut = inFolder('cut.mp4');
    // Everything but the last third; this file's table of contents stands at its start.
    const bytes = readFileSync(sample);
    writeFileSync(cut, bytes.subarray(0, Math.floor((2 * bytes.length) / 3)));
    const ended = await track(cut, '--sample-rate', '2', '--quality', 'fast');
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/cut off/);
    const answer: GetPersonTrackingResponse = JSON.parse(ended.stdout);
    expect(answer.JobStatus).toBe('FAILED');
    expect(answer.StatusMessage).toMatch(/cut off/);
    expect(answer.Persons.length).toBeGreaterThan(10);
  });

  test('an output that cannot be written is an error, before any work', async () => {
    const ended = await track(sample, '--sample-rate', '1', '--out', inFolder('none/there.json'));
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/none\/there\.json/);
    expect(ended.stderr).not.toMatch(/tracking/);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'an output that takes no more is told of in one line (skipped: no disk that is full)',
    async () => {
      const ended = await track(sample, '--sample-rate', '0.5', '--out', '/dev/full');
      expect(ended.code).toBe(1);
      const [last, ...before] = ended.stderr.trimEnd().split('\n').reverse();
      expect(last).toMatch(/^footpath track: \/dev\/full cannot be written: ENOSPC/);
      expect(before.join()).not.toMatch(/ at |Error/);
    },
  );

  test('a file whose name says nothing is read by what is in it', async () => {
    const plain = inFolder('recording without extension');
    copyFileSync(sample, plain);
    const ended = await track(plain, '--sample-rate', '0.5', '--quality', 'fast');
    expect(ended.code, ended.stderr).toBe(0);
  });
});
