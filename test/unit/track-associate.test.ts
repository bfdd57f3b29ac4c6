import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
function writeWalk(): void {
  mkdirSync(join(folder, 'suite/walk/det'), { recursive: true });
  writeFileSync(
    join(folder, 'suite/walk/seqinfo.ini'),
    '[Sequence]\nname=walk\nframeRate=30\nseqLength=60\nimWidth=640\nimHeight=480\n',
  );
  const lines = Array.from({ length: 60 }, (_, i) => i)
    .filter((i) => i < 25 || i >= 35)
    .map((i) => `${i + 1},-1,${100 + 3 * i},100,40,120,0.9,-1,-1,-1\n`);
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
    /walk: 60 frames, 1 people, tracking \d+ frames\/s, refinement \d+ frames\/s/,
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
  expect(said).toMatch(/det\.txt: frame 61/);
});
