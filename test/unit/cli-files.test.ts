/** What the command line leaves on the disk: outputs in one step, and nothing of runs that were killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFolder } from '../../cli/make-folder.ts';
import { isSameFile, OutputFile } from '../../cli/output-file.ts';
import { RunFolder, removeLeftovers } from '../../cli/run-folder.ts';

const before = { TMPDIR: process.env.TMPDIR, TEMP: process.env.TEMP, TMP: process.env.TMP };
let folder: string;
let run: RunFolder;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fp-'));
  Object.assign(process.env, { TMPDIR: folder, TEMP: folder, TMP: folder });
  run = await RunFolder.open();
});
afterEach(async () => {
  await run.close();
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true, force: true });
});
const inFolder = (name: string) => join(folder, name);
/** What lies in the folder beside the run's own. */
const names = () => readdirSync(folder).filter((name) => join(folder, name) !== run.path);

describe('an output', () => {
  test('is in its place when it is kept, and not before', async () => {
    writeFileSync(inFolder('out'), 'older', { mode: 0o640 });
    const out = await OutputFile.open(inFolder('out'), run);
    await out.write('new');
    expect(out.isThere).toBe(true);
    expect(readFileSync(inFolder('out'), 'utf8')).toBe('older');
    await out.write('er');
    await out.keep();
    expect(readFileSync(inFolder('out'), 'utf8')).toBe('newer');
    expect(statSync(inFolder('out')).mode & 0o777).toBe(0o640);
    expect(names()).toEqual(['out']);
  });

  test('is kept where handles of files have no sync, as those of Yarn’s Plug’n’Play', async () => {
    const handle = await open(join(folder, 'any'), 'w');
    const sync = vi.spyOn(Object.getPrototypeOf(handle), 'sync').mockImplementation(() => {
      throw new Error('Method not implemented.');
    });
    try {
      const path = join(folder, 'people.json');
      const out = await OutputFile.open(path, run);
      await out.write('{}');
      await out.keep();
      expect(readFileSync(path, 'utf8')).toBe('{}');
    } finally {
      sync.mockRestore();
      await handle.close();
    }
  });

  test('that is thrown away leaves the older one, and no trace', async () => {
    writeFileSync(inFolder('out'), 'older');
    for (const name of ['out', 'none']) {
      const out = await OutputFile.open(inFolder(name), run);
      await out.write('half');
      await out.discard();
    }
    expect(readFileSync(inFolder('out'), 'utf8')).toBe('older');
    expect(names()).toEqual(['out']);
  });

  test('goes beside its place when asked to', async () => {
    const out = await OutputFile.open(inFolder('people.json'), run);
    expect(out.besides('failed')).toBe(inFolder('people.failed.json'));
    await out.keep(out.besides('failed'));
    expect(names()).toEqual(['people.failed.json']);
  });

  test('goes through links, which stay links', async () => {
    symlinkSync('target', inFolder('link'));
    for (const text of ['first', 'second']) {
      const out = await OutputFile.open(inFolder('link'), run);
      await out.write(text);
      await out.keep();
      expect(readFileSync(inFolder('target'), 'utf8')).toBe(text);
    }
    expect(names().sort()).toEqual(['link', 'target']);
  });

  test.skipIf(process.platform === 'win32')('may be no file but a device', async () => {
    const out = await OutputFile.open('/dev/null', run);
    await out.write('text');
    await out.keep();
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'that takes no more is named (skipped: no disk that is full)',
    async () => {
      const out = await OutputFile.open('/dev/full', run);
      await expect(out.write('text')).rejects.toThrow(/^\/dev\/full cannot be written: ENOSPC/);
    },
  );

  test.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'may be a file in a folder that takes no new ones (skipped: root may do all)',
    async () => {
      mkdirSync(inFolder('closed'));
      writeFileSync(inFolder('closed/out'), 'older');
      chmodSync(inFolder('closed'), 0o500);
      const out = await OutputFile.open(inFolder('closed/out'), run);
      await out.write('newer');
      await out.keep();
      expect(readFileSync(inFolder('closed/out'), 'utf8')).toBe('newer');
      chmodSync(inFolder('closed'), 0o700);
    },
  );

  test('is known as the input by any of its names', async () => {
    writeFileSync(inFolder('video'), 'bytes');
    writeFileSync(inFolder('other'), 'bytes');
    mkdirSync(inFolder('sub'));
    linkSync(inFolder('video'), inFolder('hard'));
    symlinkSync('video', inFolder('soft'));
    symlinkSync('.', inFolder('here'));
    for (const name of ['video', 'hard', 'soft', 'sub/../video', './video', 'here/here/soft']) {
      expect(await isSameFile(inFolder('video'), `${folder}/${name}`)).toBe(true);
    }
    for (const name of ['other', 'none']) {
      expect(await isSameFile(inFolder('video'), inFolder(name))).toBe(false);
    }
    expect(await isSameFile(inFolder('none'), inFolder('none'))).toBe(false);
  });
});

describe.skipIf(process.platform === 'win32')('what a killed run left', () => {
  /** A folder with the socket of a process, which is killed unless it is to live. */
  async function leave(name: string, isKilled: boolean) {
    const path = inFolder(`footpath-run-${name}`);
    mkdirSync(path);
    writeFileSync(
      join(path, 'partial'),
      `${inFolder(`.${name}.partial`)}\0${inFolder('mine.txt')}`,
    );
    writeFileSync(inFolder(`.${name}.partial`), 'half');
    const program = `require('net').createServer().listen(process.argv[1], () => console.log('on'))`;
    const child = spawn(process.execPath, ['-e', program, join(path, 'alive')]);
    await once(child.stdout, 'data');
    if (isKilled) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    return child;
  }

  test('goes, and what lives stays', async () => {
    Object.assign(process.env, { TMPDIR: folder });
    writeFileSync(inFolder('mine.txt'), 'mine');
    await leave('killed', true);
    const living = await leave('living', false);
    mkdirSync(inFolder('footpath-run-new'));
    // Of a program that ended with its socket closed, but not its files removed.
    mkdirSync(inFolder('footpath-run-old'));
    const longAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(inFolder('footpath-run-old'), longAgo, longAgo);
    mkdirSync(inFolder('another-programs'));
    symlinkSync(inFolder('another-programs'), inFolder('footpath-run-link'));
    await removeLeftovers();
    expect(names().sort()).toEqual([
      '.living.partial',
      'another-programs',
      'footpath-run-link',
      'footpath-run-living',
      'footpath-run-new',
      'mine.txt',
    ]);
    expect(existsSync(run.path)).toBe(true);
    living.kill('SIGKILL');
    await once(living, 'exit');
    await removeLeftovers();
    expect(names()).not.toContain('footpath-run-living');
  });

  test.skipIf(process.platform !== 'linux')(
    'is never where the path is too long for Chromium to start',
    async () => {
      const long = inFolder('l'.repeat(100));
      mkdirSync(long);
      Object.assign(process.env, { TMPDIR: long });
      const own = await RunFolder.open();
      expect(own.path.length).toBeLessThan(60);
      expect(process.env.TMPDIR).toBe(own.path);
      await own.close();
      expect(existsSync(own.path)).toBe(false);
      expect(process.env.TMPDIR).toBe(long);
    },
  );
});

test('a folder is made with those above it, and one that cannot be ends with an error', async () => {
  const deep = join(folder, 'a', 'b', 'c');
  await Promise.all([makeFolder(deep), makeFolder(deep)]);
  await makeFolder(deep);
  expect(statSync(deep).isDirectory()).toBe(true);
  writeFileSync(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'))).rejects.toThrow(/EEXIST/);
  await expect(makeFolder(join(folder, 'file', 'x'))).rejects.toThrow(/EEXIST/);
  // Node's own way never ends there.
  if (existsSync('/proc/self')) await expect(makeFolder('/proc/none/x')).rejects.toThrow(/ENOENT/);
});
