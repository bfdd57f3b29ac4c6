import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManifestFolder } from '../../cli/serve-manifests.ts';
import { type ResultManifest, readManifest } from '../../src/export/result-manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fp-manifests-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const manifestOf = (jobId: string): ResultManifest => ({
  footpathManifest: 1,
  footpath: '0.1.0',
  video: { name: `${jobId}.mp4`, bytes: 3, sha256: 'a'.repeat(64), width: 640, height: 360 },
  model: { name: 'nanodet-person' },
  settings: {},
  computed: { backend: 'int8', inputs: [[384, 288]], notes: [], browser: 'Chromium' },
  skipped: { framesExpected: 9, framesDecoded: 9, framesDamaged: 0, damagedAtMs: [] },
  result: { status: 'SUCCEEDED', people: 2, boxes: 3, sha256: 'c'.repeat(64) },
});

test('every ended job has its manifest once; one whose video is gone is named and holds up no other', async () => {
  const said: string[] = [];
  const asked: string[] = [];
  const ended = ['one', 'gone', 'two'];
  const manifests = new ManifestFolder(
    folder,
    {
      endedJobs: async () => [...ended],
      manifestOf: async (jobId) => {
        asked.push(jobId);
        if (jobId === 'gone') throw new Error('page.evaluate: Error: It is gone.\n    at page');
        return manifestOf(jobId);
      },
    },
    (text) => said.push(text),
  );
  await Promise.all([manifests.complete(), manifests.complete()]);
  expect(readdirSync(folder).sort()).toEqual(['one.manifest.json', 'two.manifest.json']);
  expect(asked).toEqual(['one', 'gone', 'two', 'gone']);
  expect(said).toEqual(Array(2).fill('job gone has no manifest: It is gone.'));
  const file = join(folder, 'two.manifest.json');
  expect(readManifest(readFileSync(file, 'utf8'))).toEqual(manifestOf('two'));
  if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0);

  ended.push('three');
  await manifests.complete();
  expect(readdirSync(folder)).toHaveLength(3);
});

test('what the end of the server interrupts is written by the next one, and nothing half is left', async () => {
  const said: string[] = [];
  let fail = () => {};
  const interrupted = new ManifestFolder(
    folder,
    {
      endedJobs: async () => ['one', 'two'],
      manifestOf: () =>
        new Promise((_, failed) => {
          fail = () => failed(new Error('closed'));
        }),
    },
    (text) => said.push(text),
  );
  const writing = interrupted.complete();
  await new Promise((soon) => setImmediate(soon));
  const closed = interrupted.close();
  fail();
  await Promise.all([writing, closed]);
  expect([said, readdirSync(folder)]).toEqual([[], []]);

  const next = new ManifestFolder(
    folder,
    { endedJobs: async () => ['one', 'two'], manifestOf: async (jobId) => manifestOf(jobId) },
    (text) => said.push(text),
  );
  await next.complete();
  expect(readdirSync(folder).sort()).toEqual(['one.manifest.json', 'two.manifest.json']);
});
