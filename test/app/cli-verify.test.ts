import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { fileHash } from '../../cli/file-hash.ts';
import { readManifest } from '../../src/export/result-manifest.ts';
import { cutVideo } from '../fixtures/copy-video.ts';
import { runFootpath, runFootpathFull } from './run-footpath.ts';

const root = inject('root');
const folder = mkdtempSync(join(tmpdir(), 'footpath-verify-'));
const inFolder = (name: string) => join(folder, name);
/** The sample's first nine seconds. */
const sample = inFolder('sample.mp4');
const FRAMES = 225;
const file = inFolder('sample.manifest.json');
const verify = (...args: string[]) => runFootpath(root, 'verify', ...args);

/** What the tests change of a manifest. */
interface Changeable {
  model: { sha256: string };
  result: { sha256: string };
  settings: { sampleRate: number; refine: boolean };
}

/** The manifest with something else in it, as a file. */
function changed(name: string, change: (manifest: Changeable) => void): string {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  change(manifest);
  writeFileSync(inFolder(name), JSON.stringify(manifest));
  return inFolder(name);
}

beforeAll(async () => {
  const whole = readFileSync(resolve(root, 'public/samples/footpath-sample.mp4'));
  writeFileSync(sample, await cutVideo(new Uint8Array(whole), FRAMES));
  const quick = ['--sample-rate', '2', '--quality', 'auto', '--backend', 'int8'];
  const ended = await runFootpath(
    root,
    'track',
    sample,
    ...quick,
    '--out',
    inFolder('out.json'),
    '--manifest',
    file,
  );
  expect(ended).toMatchObject({ code: 0 });
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a result comes with what it was computed from and with', async () => {
  const manifest = readManifest(readFileSync(file, 'utf8'));
  const models = resolve(root, 'public/models/nanodet-person/manifest.json');
  const { Persons } = JSON.parse(readFileSync(inFolder('out.json'), 'utf8'));
  expect(manifest).toMatchObject({
    footpathManifest: 1,
    video: { name: 'sample.mp4', sha256: await fileHash(sample), width: 640, height: 360 },
    model: { name: 'nanodet-person', sha256: await fileHash(models) },
    settings: { sampleRate: 2, quality: 'auto', backend: 'int8', tracker: 'footpath' },
    computed: { backend: 'int8' },
    skipped: { framesExpected: FRAMES, framesDecoded: FRAMES, framesDamaged: 0, damagedAtMs: [] },
    result: { status: 'SUCCEEDED', boxes: Persons.length },
  });
});

test('computed again, with another number of threads, every box is the same', async () => {
  const ended = await verify(file, sample, '--workers', '1');
  // As root in a container Chromium may have no sandbox, which is said.
  const said = ended.stderr.replace(/^footpath verify: WARNING: .* sandbox.*\n/m, '');
  expect(said).not.toContain('footpath verify:');
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/^the same: \d+ people, \d+ boxes\n$/);
}, 200_000);

test.skipIf(!existsSync('/dev/full'))(
  'a verdict that nobody can be told is no verdict (skipped: no disk that is full)',
  async () => {
    const ended = await runFootpathFull(root, 'verify', file, sample);
    expect(ended.stderr).toMatch(/footpath: the standard output cannot be written: ENOSPC.*\n$/);
    expect(ended.code).toBe(1);
  },
  200_000,
);

test('what differs is named, with both sides: the video, the model, the boxes', async () => {
  const other = inFolder('other.mp4');
  copyFileSync(sample, other);
  appendFileSync(other, '\0');
  const video = await verify(file, other);
  expect(video).toMatchObject({ code: 3 });
  expect(video.stdout).toMatch(/^video: the manifest is of sample\.mp4 with \d+ bytes/);
  expect(video.stdout).toContain(await fileHash(other));

  const model = await verify(
    changed('model.json', (it) => (it.model.sha256 = 'f'.repeat(64))),
    sample,
  );
  expect(model).toMatchObject({ code: 3 });
  expect(model.stdout).toMatch(/^model: .*nanodet-person of SHA-256 f{64}/);

  // As if somebody had moved a box, and had looked more often than said.
  const moved = await verify(
    changed('boxes.json', (it) => {
      it.result.sha256 = 'e'.repeat(64);
      it.settings.sampleRate = 1;
    }),
    sample,
  );
  expect(moved).toMatchObject({ code: 3 });
  expect(moved.stdout).toMatch(/boxes: SHA-256 of the boxes: "e{64}" in the manifest/);
  expect(moved.stdout).toMatch(/boxes: boxes: \d+ in the manifest, \d+ now/);
  expect(moved.stdout).toMatch(/detections: SHA-256 of the detections: /);
  expect(moved.stderr).toContain('what was found in the pictures differs');
}, 200_000);

test('where the same detections were followed in another way, that is said', async () => {
  const otherwise = changed('refine.json', (it) => {
    it.settings.refine = false;
  });
  const ended = await verify(otherwise, sample);
  expect(ended).toMatchObject({ code: 3 });
  expect(ended.stdout).toMatch(/^boxes: /m);
  expect(ended.stdout).not.toContain('detections');
  expect(ended.stderr).toContain('what was found in the pictures is the same');
}, 200_000);
