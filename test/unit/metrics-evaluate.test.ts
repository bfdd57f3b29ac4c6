import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { evaluate } from '../../cli/evaluate.ts';
import { FIGURES, FRAME_COUNT, RESULTS_TEXT, TRUTH_TEXT } from '../fixtures/graded-case.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'footpath-evaluate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string) {
  const full = join(folder, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
}

function writeSequence(path: string, truth = TRUTH_TEXT) {
  const info = `[Sequence]\nname=x\nframeRate=7\nseqLength=${FRAME_COUNT}\nimWidth=640\nimHeight=480\n`;
  write(`${path}/seqinfo.ini`, info);
  write(`${path}/gt/gt.txt`, truth);
}

async function run(...args: string[]) {
  const written = { out: '', error: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.out += text;
    return true;
  });
  const error = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.error += text;
    return true;
  });
  try {
    return { code: await evaluate(args), ...written };
  } finally {
    out.mockRestore();
    error.mockRestore();
  }
}

const grade = (...more: string[]) =>
  run('--truth', join(folder, 'truth'), '--results', join(folder, 'results'), ...more);

test('prints figures per sequence and combined, as JSON and as a table', async () => {
  writeSequence('truth/street');
  writeSequence('truth/square');
  write('results/street.txt', RESULTS_TEXT);
  write('results/square.txt', RESULTS_TEXT);
  const json = await grade('--json');
  expect(json).toMatchObject({ code: 0, error: '' });
  const figures = JSON.parse(json.out);
  expect(Object.keys(figures)).toEqual(['sequences', 'COMBINED']);
  expect(Object.keys(figures.sequences)).toEqual(['square', 'street']);
  expect(figures.sequences.street.HOTA).toBeCloseTo(FIGURES.HOTA, 9);
  expect(figures.COMBINED).toMatchObject({ GTids: 4, IDSW: 2, fps: null });

  const table = await grade();
  expect(table.code).toBe(0);
  const lines = table.out.trimEnd().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[0]).toMatch(/^Sequence +HOTA +DetA +AssA +LocA +MOTA/);
  expect(lines[3]).toMatch(new RegExp(`^COMBINED +${FIGURES.HOTA.toFixed(2)} `));
});

test('grades detections by their scores when asked to', async () => {
  writeSequence('truth/street');
  write('results/street.txt', '1,-1,0,0,10,10,0.9\n1,-1,100,0,10,10,0.8\n');
  const json = await grade('--detections', '--json');
  expect(json.code).toBe(0);
  const { COMBINED } = JSON.parse(json.out);
  expect(COMBINED).toMatchObject({ Score: 0.8, GT: 7, GTfar: 7, GTnear: 0, AP50near: null });
  expect(COMBINED.Recall).toBeCloseTo(200 / 7, 9);
  const table = await grade('--detections');
  expect(table.out).toMatch(/^Sequence +AP50 +AP50:95 +Recall +Score/);
  expect((await grade()).error).toContain('id -1 occurs more than once in frame 1');
});

test('grades a folder of suites as suites', async () => {
  writeSequence('truth/indoors/hall');
  writeSequence('truth/outdoors/street');
  writeSequence('truth/unused/street');
  write('results/indoors/hall.txt', RESULTS_TEXT);
  write('results/outdoors/street.txt', RESULTS_TEXT);
  const { code, out } = await grade('--json');
  expect(code).toBe(0);
  const suites = JSON.parse(out);
  expect(Object.keys(suites)).toEqual(['indoors', 'outdoors']);
  expect(suites.indoors.COMBINED).toEqual(suites.indoors.sequences.hall);
});

test('says what was not graded', async () => {
  writeSequence('truth/street');
  writeSequence('truth/square');
  write('results/street.txt', RESULTS_TEXT);
  write('results/beach.txt', RESULTS_TEXT);
  const { code, error } = await grade();
  expect(code).toBe(0);
  expect(error).toBe(
    'Not graded, without results: square\nNot graded, without a sequence: beach\n',
  );
});

test('wrong usage is told from bad input by the exit code', async () => {
  expect((await run('--help')).code).toBe(0);
  expect((await run()).code).toBe(2);
  expect((await run('--truth', 'a', '--results', 'b', '--fast')).error).toContain("'--fast'");
  expect((await grade()).code).toBe(1);
});

test('each bad input has its own message', async () => {
  expect((await grade()).error).toContain('truth: this folder cannot be read');
  writeSequence('truth/street');
  expect((await grade()).error).toContain('results: this folder cannot be read');
  write('results/beach.txt', RESULTS_TEXT);
  expect((await grade()).error).toContain('no results for any of the sequences street');
  write('results/street.txt', `${RESULTS_TEXT}1,2,3\n`);
  expect((await grade()).error).toContain('street.txt:9: 3 columns');
  write('results/street.txt', '9,1,0,0,1,1,1\n');
  expect((await grade()).error).toContain('street, results: frame 9 is not in the sequence');
  rmSync(join(folder, 'truth/street/gt/gt.txt'));
  expect((await grade()).error).toContain('gt.txt: this file cannot be read');
  write('truth/street/seqinfo.ini', '[Sequence]\nframeRate=7\n');
  expect((await grade()).error).toContain('seqLength is missing');
  rmSync(join(folder, 'truth/street'), { recursive: true });
  expect((await grade()).error).toContain('no sequence here');
});

test('grades how people are counted with --counts', async () => {
  writeSequence('truth/street');
  write('results/street.txt', RESULTS_TEXT);
  const json = await grade('--counts', '--json');
  expect(JSON.parse(json.out).COMBINED).toMatchObject({
    People: 2,
    Numbers: 4,
    Missed: 0,
    False: 1,
  });
  expect((await grade('--counts')).out).toMatch(/^Sequence +People +Numbers +Visits +Whole/);
  expect(await grade('--counts', '--detections')).toMatchObject({ code: 2 });
});
