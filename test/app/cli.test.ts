import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { runFootpath, runFootpathIn } from './run-footpath.ts';

const root = inject('root');
const folder = mkdtempSync(join(tmpdir(), 'footpath-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FRAMES = 40;
/** Two people who walk past each other, far enough apart: nobody can mix them up. */
const WALKERS = [
  { id: 1, left: (frame: number) => 10 + 4 * frame, top: 20 },
  { id: 2, left: (frame: number) => 400 - 4 * frame, top: 220 },
];

function makeSequence(suite: string, name: string): void {
  const sequence = join(suite, name);
  for (const part of ['det', 'gt']) mkdirSync(join(sequence, part), { recursive: true });
  writeFileSync(
    join(sequence, 'seqinfo.ini'),
    `[Sequence]\nname=${name}\nframeRate=25\nseqLength=${FRAMES}\nimWidth=640\nimHeight=480\n`,
  );
  const rows = (make: (frame: number, walker: (typeof WALKERS)[number]) => string) =>
    Array.from({ length: FRAMES }, (_, i) => WALKERS.map((walker) => make(i + 1, walker)))
      .flat()
      .join('\n');
  writeFileSync(
    join(sequence, 'det/det.txt'),
    rows((frame, { left, top }) => `${frame},-1,${left(frame)},${top},50,120,0.9,-1,-1,-1`),
  );
  writeFileSync(
    join(sequence, 'gt/gt.txt'),
    rows((frame, { id, left, top }) => `${frame},${id},${left(frame)},${top},50,120,1,1,1`),
  );
}

describe('footpath', () => {
  test('says its commands when asked, and when none is named', async () => {
    const asked = await runFootpath(root, '--help');
    expect(asked.code, asked.stderr).toBe(0);
    for (const command of ['track', 'serve', 'associate', 'evaluate']) {
      expect(asked.stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
      const help = await runFootpath(root, command, '--help');
      expect(help.code, help.stderr).toBe(0);
      expect(help.stdout).toContain(`Usage: footpath ${command}`);
    }
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(await runFootpath(root, '--version')).toMatchObject({ code: 0, stdout: `${version}\n` });
    expect(await runFootpath(root)).toMatchObject({ code: 2, stdout: '' });
    const unknown = await runFootpath(root, 'toString');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('there is no command toString');
  });
});

describe('footpath associate and footpath evaluate', () => {
  const suite = join(folder, 'suite');
  const out = join(folder, 'results');
  makeSequence(suite, 'crossing');

  test.each(['footpath', 'sort'])('tracks with %s, and grades what it wrote', async (tracker) => {
    const args = ['--detections', suite, '--out', out, '--tracker', tracker];
    const tracked = await runFootpath(root, 'associate', ...args);
    expect(tracked.code, tracked.stderr).toBe(0);
    expect(`${tracked.stdout}${tracked.stderr}`).toMatch(/crossing.*frames/s);
    const ids = readFileSync(join(out, 'crossing.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.split(',')[1]);
    expect(new Set(ids).size).toBe(2);
    const graded = await runFootpath(
      root,
      'evaluate',
      '--truth',
      suite,
      '--results',
      out,
      '--json',
    );
    expect(graded.code, graded.stderr).toBe(0);
    const { COMBINED } = JSON.parse(graded.stdout);
    expect(COMBINED.HOTA).toBeGreaterThan(90);
    expect(COMBINED.IDSW).toBe(0);
  });

  test('a table for people, without --json', async () => {
    const graded = await runFootpath(root, 'evaluate', '--truth', suite, '--results', out);
    expect(graded.code, graded.stderr).toBe(0);
    expect(graded.stdout).toMatch(/HOTA.*\n.*crossing.*\n.*COMBINED/s);
  });

  test.each([
    ['associate', ['--detections', join(folder, 'nowhere'), '--out', out], 1, /nowhere/],
    ['associate', ['--detections', suite], 2, /--out/],
    ['associate', ['--detections', suite, '--out', out, '--tracker', 'x'], 2, /x/],
    ['evaluate', ['--truth', suite, '--results', join(folder, 'nowhere')], 1, /nowhere/],
    ['evaluate', ['--truth', suite], 2, /--results/],
  ] as const)('%s %j ends with an error', async (command, args, code, message) => {
    const ended = await runFootpath(root, command, ...args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(message);
  });

  test.skipIf(process.platform === 'win32')(
    'a link that leads nowhere is passed over, and no folder for temporary files is said in a line',
    async () => {
      symlinkSync(join(folder, 'nowhere'), join(suite, 'gone'));
      const args = ['associate', '--detections', suite, '--out', out] as const;
      const ended = await runFootpath(root, ...args);
      expect(ended.code, ended.stderr).toBe(0);
      const none = await runFootpathIn({ TMPDIR: join(folder, 'nowhere') }, root, ...args);
      expect(none).toMatchObject({ code: 1, stdout: '' });
      expect(none.stderr).toMatch(/^footpath: no temporary folder can be made: .*\n$/);
    },
  );

  test.skipIf(process.platform !== 'linux')(
    'an output that takes nothing is said in a line, and the results are written all the same',
    async () => {
      for (const [output, words] of [
        ['/dev/full', /^footpath: the standard output cannot be written: ENOSPC.*\n$/],
        ['closed', /^footpath: nobody reads the standard output any more\n$/],
      ] as const) {
        rmSync(out, { recursive: true, force: true });
        const full = output === 'closed' ? undefined : openSync(output, 'w');
        const program = spawn(
          process.execPath,
          [resolve(root, 'cli/footpath.mjs'), 'associate', '--detections', suite, '--out', out],
          { stdio: ['ignore', full ?? 'pipe', 'pipe'] },
        );
        program.stdout?.destroy();
        let stderr = '';
        program.stderr!.setEncoding('utf8').on('data', (text: string) => {
          stderr += text;
        });
        const [code] = await once(program, 'close');
        if (full !== undefined) closeSync(full);
        expect(code, stderr).toBe(1);
        expect(stderr).toMatch(words);
        expect(readFileSync(join(out, 'crossing.txt'), 'utf8').length).toBeGreaterThan(100);
      }
    },
  );

  test('a malformed file is named with its line', async () => {
    const broken = join(folder, 'broken');
    makeSequence(broken, 'crossing');
    writeFileSync(join(broken, 'crossing/det/det.txt'), '1,-1,10,20,50,120,0.9\n2,-1,ten\n');
    const ended = await runFootpath(root, 'associate', '--detections', broken, '--out', out);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/det\.txt.*2/);
  });
});

test('footpath count takes a result from the standard input', async () => {
  const scene = join(folder, 'door.scene.json');
  const points = [
    [0.5, 0],
    [0.5, 1],
  ];
  writeFileSync(scene, JSON.stringify({ version: 1, lines: [{ id: 'door', points }] }));
  const program = spawn(
    process.execPath,
    [resolve(root, 'cli/footpath.mjs'), 'count', '-', '--scene', scene, '--out', '-'],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const VideoMetadata = { FrameWidth: 640, FrameHeight: 360, DurationMillis: 1000 };
  program.stdin.end(JSON.stringify({ JobStatus: 'SUCCEEDED', VideoMetadata, Persons: [] }));
  let stdout = '';
  program.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  expect(await once(program, 'close')).toEqual([0, null]);
  expect(JSON.parse(stdout)).toMatchObject([{ result: '-', lines: [{ in: 0, out: 0 }] }]);
});
