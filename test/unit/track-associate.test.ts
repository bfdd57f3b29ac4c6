import { linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { associate } from '../../cli/associate.ts';
import { parseMot } from '../../src/metrics/mot-text.ts';

let folder = '';
let said = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'footpath-'));
  said = '';
  const keep = (text: string | Uint8Array) => {
    said += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** One person walks for two seconds at 30 frames/s and is not found for a third of a second in the middle. */
function writeWalk(score: (frame: number) => number = () => 0.9, end = '\n'): void {
  mkdirSync(join(folder, 'suite/walk/det'), { recursive: true });
  writeFileSync(
    join(folder, 'suite/walk/seqinfo.ini'),
    '[Sequence]\nname=walk\nframeRate=30\nseqLength=60\nimWidth=640\nimHeight=480\n',
  );
  const lines = Array.from({ length: 60 }, (_, i) => i)
    .filter((i) => i < 25 || i >= 35)
    .map((i) => `${i + 1},-1,${100 + 3 * i},100,40,120,${score(i)},-1,-1,-1${end}`);
  writeFileSync(join(folder, 'suite/walk/det/det.txt'), lines.join(''));
}

function run(...more: string[]): Promise<number> {
  const suite = join(folder, 'suite');
  return associate(['--detections', suite, '--out', join(folder, 'out'), ...more]);
}

function result() {
  const rows = parseMot(readFileSync(join(folder, 'out/walk.txt'), 'utf8'), 'walk.txt');
  return { frames: [...rows.frames], ids: new Set(rows.ids) };
}

test('footpath is refined: one person, the gap filled', async () => {
  writeWalk();
  expect(await run()).toBe(0);
  expect(result().ids).toEqual(new Set([1]));
  expect(result().frames).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  expect(said).toMatch(
    /walk: 60 frames, 1 person, tracking \d+ frames\/s, refinement \d+ frames\/s/,
  );
});

test('without refinement nothing is filled and no later frame is read', async () => {
  writeWalk();
  expect(await run('--no-refine')).toBe(0);
  expect(result().ids.size).toBe(1);
  expect(result().frames).toHaveLength(50);
  expect(said).not.toMatch('refinement');
});

test('the published trackers stay as they are', async () => {
  writeWalk();
  expect(await run('--tracker', 'sort')).toBe(0);
  expect(result().ids.size).toBe(2);
});

test('a threshold above every score finds nobody', async () => {
  writeWalk();
  expect(await run('--score-threshold', '0.95')).toBe(0);
  expect(result().frames).toEqual([]);
});

test('nobody is found in silence', async () => {
  writeWalk(() => 0.05);
  expect(await run()).toBe(0);
  expect(said).toMatch(
    /det\.txt: nobody, of 50 detections: none has the score 0\.5 .*highest is 0\.05/,
  );
});

test.each([
  ['per cent', () => 90, /divided by 90/],
  ['per cent with outliers', (i: number) => (i === 3 ? 100 : 60 + (i % 20)), /divided by 100/],
  ['none', () => -1, /-1 throughout/],
  ['log-odds', (i: number) => 3 + Math.sin(i) - (i === 9 ? 5 : 0), /log-odds/],
  ['from -1 to 100', (i: number) => (i === 9 ? -1 : 80 + (i % 21)), /linearly/],
  ['tiny steps above 1', (i: number) => 1000 + 1e-6 * i, /divided by/],
])('scores of another scale find the person all the same: %s', async (_, score, rule) => {
  writeWalk(score);
  expect(await run()).toBe(0);
  expect(said).toMatch(rule);
  expect(result().ids).toEqual(new Set([1]));
  expect(result().frames.length).toBeGreaterThan(55);
});

test('carriage returns alone end lines too', async () => {
  writeWalk(undefined, '\r');
  expect(await run()).toBe(0);
  expect(result().frames).toHaveLength(60);
});

test.each([
  ['1,-1,1e9,1,10,10,0.9', /det\.txt:2: the box 1000000000,1,10,10 reaches beyond any picture/],
  ['1,-1,1,-70000,10,10,0.9', /det\.txt:2: .*beyond any picture/],
  ['1,-1,1,1,10,1e30,0.9', /det\.txt:2: .*beyond any picture/],
  ['1,-1,1,1,10,10,NaN', /det\.txt:2: score "NaN" is not a number/],
  ['1,-1,1,1,10,10,Infinity', /det\.txt:2: score "Infinity" is not a number/],
])('the detection %j is refused by its line', async (line, message) => {
  writeWalk();
  writeFileSync(join(folder, 'suite/walk/det/det.txt'), `1,-1,1,1,10,10,0.9\n${line}\n`);
  expect(await run()).toBe(1);
  expect(said).toMatch(message);
});

test.each([
  ['seqLength=60.5', /seqinfo\.ini:4: seqLength must be a whole number from 1 .*but is 60\.5/],
  ['seqLength=0', /seqLength must be/],
  ['seqLength=-60', /seqLength must be/],
  ['seqLength=6e1', /seqLength must be/],
  ['seqLength=0x3c', /seqLength must be/],
  ['seqLength=Infinity', /seqLength must be/],
  ['seqLength=99999999999', /seqLength must be/],
  ['seqLength=', /seqLength must be/],
  ['frameRate=0', /frameRate must be a number above 0/],
  ['frameRate=1e9', /frameRate must be/],
  ['frameRate=NaN', /frameRate must be/],
  ['imWidth=640.5', /imWidth must be a whole number/],
  ['imHeight=70000', /imHeight must be a whole number/],
])('%s in seqinfo.ini is refused', async (line, message) => {
  writeWalk();
  const path = join(folder, 'suite/walk/seqinfo.ini');
  const key = line.slice(0, line.indexOf('='));
  writeFileSync(path, readFileSync(path, 'utf8').replace(new RegExp(`^${key}=.*$`, 'm'), line));
  expect(await run()).toBe(1);
  expect(said).toMatch(message);
});

test('seqinfo.ini may be written as INI files are', async () => {
  writeWalk();
  const path = join(folder, 'suite/walk/seqinfo.ini');
  writeFileSync(path, '[Sequence]\rframerate = 29.97\rSEQLENGTH: 60\rimWidth=640\rimHeight=480\r');
  expect(await run()).toBe(0);
});

test('a result does not take the place of what is read', async () => {
  writeWalk();
  mkdirSync(join(folder, 'out'));
  linkSync(join(folder, 'suite/walk/det/det.txt'), join(folder, 'out/walk.txt'));
  expect(await run()).toBe(1);
  expect(said).toMatch(/walk\.txt: this is the file .*det\.txt that is read/);
});

test.each([
  [['--tracker', 'nobody'], /known are .*footpath.*sort/],
  [['--score-threshold', '2'], /from 0 to 1/],
  [['--score-threshold', ''], /from 0 to 1/],
  [['--colour'], /colour/],
])('wrong usage %j ends with 2', async (args, message) => {
  writeWalk();
  expect(await run(...args)).toBe(2);
  expect(said).toMatch(message);
  expect(await associate([])).toBe(2);
});

test('a missing or empty folder ends with 1 and names it', async () => {
  expect(await run()).toBe(1);
  expect(said).toMatch('suite');
  mkdirSync(join(folder, 'suite'));
  expect(await run()).toBe(1);
  expect(said).toMatch(/no sequence here/);
});

test('a frame outside the sequence ends with 1 and names the file', async () => {
  writeWalk();
  writeFileSync(join(folder, 'suite/walk/det/det.txt'), '61,-1,1,1,10,10,0.9,-1,-1,-1\n');
  expect(await run()).toBe(1);
  expect(said).toMatch(/det\.txt:1: frame 61/);
});
