/** `footpath detect` in parts and `footpath associate` over them: the bytes of `footpath track`. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ensureBuilt } from '../../scripts/build.mjs';
import { cutVideo, toContainer } from '../fixtures/copy-video.ts';
import { withFragments } from '../fixtures/mp4-edit.ts';
import { runFootpath, runFootpathFull } from './run-footpath.ts';

const root = inject('root');
const folder = mkdtempSync(join(tmpdir(), 'fp-detect-'));
// In whole numbers, so that the motion gate is at work: cuts lie within its spans.
const settings = ['--backend', 'int8', '--quality', 'fast', '--sample-rate', '3'];
const inFolder = (name: string) => join(folder, name);
/** The sample's first six seconds. */
const sample = inFolder('sample.mp4');

beforeAll(async () => {
  await ensureBuilt(['app', 'cli'], console.info);
  const whole = readFileSync(resolve(root, 'public/samples/footpath-sample.mp4'));
  writeFileSync(sample, await cutVideo(new Uint8Array(whole), 150));
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a video detected in parts', () => {
  test('gives the bytes of footpath track, with any tracker and in both forms', async () => {
    // Neither cut lies at a key frame, nor at a point of the grid.
    const cuts = ['0', '2.31', '4.05'];
    for (const [i, from] of cuts.entries()) {
      const to = cuts[i + 1];
      const range = ['--from', from, ...(to === undefined ? [] : ['--to', to])];
      const out = ['--out', inFolder(`parts/${i}`)];
      const ended = await runFootpath(root, 'detect', sample, ...settings, ...range, ...out);
      expect(ended.stderr).toMatch(/\d+ samples\n$/);
      expect(ended).toMatchObject({ code: 0, stdout: '' });
    }
    expect(readdirSync(inFolder('parts')).sort()).toEqual(['0', '1', '2']);
    for (const more of [[], ['--format', 'mot', '--tracker', 'sort']]) {
      const tracked = await runFootpath(root, 'track', sample, ...settings, ...more);
      expect(tracked.code, tracked.stderr).toBe(0);
      const joined = await runFootpath(root, 'associate', '--parts', inFolder('parts'), ...more);
      expect(joined.code, joined.stderr).toBe(0);
      expect(joined.stdout.length).toBeGreaterThan(1000);
      expect(joined.stdout === tracked.stdout).toBe(true);
      expect(joined.stderr).toMatch(/^\d+ people, \d+ boxes\n$/);
    }
    const args = ['--from-detections', inFolder('parts'), '--tracker', 'sort', '--format', 'mot'];
    const again = await runFootpath(root, 'track', ...args);
    const associated = ['--parts', ...args.slice(1)];
    expect(again.stdout).toBe((await runFootpath(root, 'associate', ...associated)).stdout);
    const without = await runFootpath(root, 'associate', '--parts', inFolder('parts/0'));
    expect(without).toMatchObject({ code: 1, stdout: '' });
    expect(without.stderr).toMatch(/hole behind .*parts.0 \(0 to 2\.31 s\)/);
    if (!existsSync('/dev/full')) return;
    const full = await runFootpathFull(root, 'associate', '--parts', inFolder('parts'));
    expect(full.stderr).toMatch(
      /^footpath associate: the standard output cannot be written: .*\n$/,
    );
    expect(full.code).toBe(1);
  });

  test('whose clock goes back, so that it is longer than its times say, is the same', async () => {
    const mp4 = await toContainer(new Uint8Array(readFileSync(sample)), 'fragmented mp4');
    const video = inFolder('back.mp4');
    writeFileSync(video, withFragments(mp4, [1, 0]));
    for (const part of ['1/2', '2/2']) {
      const out = ['--part', part, '--out', inFolder(`back/${part[0]}`)];
      const ended = await runFootpath(root, 'detect', video, ...settings, ...out);
      expect(ended.code, ended.stderr).toBe(0);
    }
    const tracked = await runFootpath(root, 'track', video, ...settings);
    const joined = await runFootpath(root, 'associate', '--parts', inFolder('back'));
    expect(joined.code, joined.stderr).toBe(0);
    expect(JSON.parse(joined.stdout).VideoMetadata.DurationMillis).toBe(6000);
    expect(joined.stdout === tracked.stdout).toBe(true);
  });

  test('in every third sample only, is the same', async () => {
    // With the motion gate, and cut within a second: the parts agree what each sample is compared with.
    const every = ['--detect-every', '3', '--backend', 'int8'];
    for (const range of [
      ['--to', '2.4'],
      ['--from', '2.4'],
    ]) {
      const out = [...range, '--out', inFolder(`thirds/${range[0]}`)];
      const ended = await runFootpath(root, 'detect', sample, ...settings, ...every, ...out);
      expect(ended).toMatchObject({ code: 0, stdout: '' });
    }
    const tracked = await runFootpath(root, 'track', sample, ...settings, ...every);
    const joined = await runFootpath(root, 'track', '--from-detections', inFolder('thirds'));
    expect(joined.code, joined.stderr).toBe(0);
    expect(joined.stdout.length).toBeGreaterThan(1000);
    expect(joined.stdout === tracked.stdout).toBe(true);
  });

  test('that fails leaves nothing', async () => {
    const notes = inFolder('notes.mp4');
    writeFileSync(notes, 'Bread, milk, eggs.\n'.repeat(100));
    const out = inFolder('failed');
    const ended = await runFootpath(root, 'detect', notes, '--out', out);
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/not a video that can be read here/);
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('failed'))).toEqual([]);
  });
});
