import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { count } from '../../cli/count.ts';
import { csvRow } from '../../src/export/csv-text.ts';
import { walk } from '../fixtures/walk.ts';

let folder = '';
let output = '';
let errors = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'footpath-count-'));
  output = '';
  errors = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function save(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

/** A walk through a door, in the shape of GetPersonTracking's answer. */
function answer() {
  const path = walk(0, (s) => [0.1 + 0.2 * s, 0.6]);
  return {
    JobStatus: 'SUCCEEDED',
    VideoMetadata: { FrameWidth: 640, FrameHeight: 640, DurationMillis: 4000 },
    Persons: Array.from(path.timestampsMs, (Timestamp, k) => {
      const [Left, Top, Width, Height] = Array.from(path.boxes).slice(4 * k, 4 * k + 4);
      return { Timestamp, Person: { Index: 0, BoundingBox: { Left, Top, Width, Height } } };
    }),
  };
}

/** The same, with other numbers in one of its elements. */
function at({ Timestamp, ...box }: { Timestamp?: number; [side: string]: unknown }) {
  const { Persons, ...others } = answer();
  const edited = Persons.map((detection, i) =>
    i === 3
      ? {
          Timestamp: Timestamp ?? detection.Timestamp,
          Person: { Index: 0, BoundingBox: { ...detection.Person.BoundingBox, ...box } },
        }
      : detection,
  );
  return { ...others, Persons: edited };
}

const SCENE = {
  version: 1,
  startsAt: '2026-03-01T09:00:00+01:00',
  lines: [
    {
      id: 'door',
      name: '=Door; "north"',
      points: [
        [0.5, 0],
        [0.5, 1],
      ],
      left: 'shop',
      right: 'street',
      inside: 'left',
    },
  ],
};

test('a result is counted, as JSON with everything', async () => {
  const result = save('a.json', answer());
  expect(await count([result, '--scene', save('scene.json', SCENE)])).toBe(0);
  const [counted] = JSON.parse(output);
  expect(counted.result).toBe(result);
  expect(counted.lines[0]).toMatchObject({ in: 1, out: 0, net: 1 });
  expect(counted.times[0].bucket.clock).toBe('2026-03-01T09:00:00+01:00');
  expect(counted.heatMap.personSeconds.reduce((a: number, b: number) => a + b)).toBeCloseTo(4, 1);
});

test('a table for either kind of spreadsheet, safe from formulas', async () => {
  const args = [save('a.json', answer()), '--scene', save('scene.json', SCENE), '--format', 'csv'];
  expect(await count([...args, '--table', 'crossings'])).toBe(0);
  expect(output.split('\r\n')[1]).toBe(
    `"'=Door; ""north""",1,in,street,shop,2,2026-03-01T09:00:02+01:00,yes`,
  );
  output = '';
  expect(await count([...args, '--table', 'people', '--separator', 'semicolon'])).toBe(0);
  const cells = output.split('\r\n')[1]!.split(';');
  expect(cells.slice(0, 3)).toEqual(['1', '0', '4']);
  expect(cells[6]).toMatch(/^\d(,\d+)?$/);
});

test('a folder of results is one table, each row with its result', async () => {
  const scene = join(folder, '..', `${Date.now()}-${process.pid}-scene.json`);
  writeFileSync(scene, JSON.stringify(SCENE));
  save('monday.json', answer());
  save('tuesday.json', answer());
  const out = join(folder, 'table.csv');
  expect(await count([folder, '--scene', scene, '--format', 'csv', '--out', out])).toBe(0);
  rmSync(scene);
  const lines = readFileSync(out, 'utf8').trimEnd().split('\r\n');
  expect(lines.map((line) => line.split(',')[0])).toEqual([
    'Result',
    'monday.json',
    'tuesday.json',
  ]);
});

test('an output that is a result or the scene is refused, and another is put there when it is whole', async () => {
  const [result, scene] = [save('a.json', answer()), save('scene.json', SCENE)];
  for (const out of [result, scene]) {
    const before = readFileSync(out, 'utf8');
    expect(await count([result, '--scene', scene, '--out', out])).toBe(2);
    expect(errors).toContain('it would be lost');
    expect(readFileSync(out, 'utf8')).toBe(before);
  }
  const out = join(folder, 'counts.json');
  expect(await count([result, '--scene', scene, '--out', out])).toBe(0);
  expect(JSON.parse(readFileSync(out, 'utf8'))).toHaveLength(1);
  errors = '';
  expect(await count([result, '--scene', scene, '--out', join(folder, 'none', 'x')])).toBe(1);
  expect(errors).toContain('cannot be written');
});

test('an output named - is the standard output', async () => {
  const [result, scene] = [save('a.json', answer()), save('scene.json', SCENE)];
  const cwd = vi.spyOn(process, 'cwd').mockReturnValue(folder);
  expect(await count([result, '--scene', scene, '--out', '-'])).toBe(0);
  cwd.mockRestore();
  expect(JSON.parse(output)[0].lines[0]).toMatchObject({ in: 1, out: 0 });
});

test('what lies beside results in a folder is none', async () => {
  const results = mkdtempSync(join(folder, 'results-'));
  for (const name of [
    'a.json',
    'a.scene.json',
    'a.counts.json',
    'a.manifest.json',
    'a.manifest.failed.json',
  ])
    writeFileSync(join(results, name), name === 'a.json' ? JSON.stringify(answer()) : '{}');
  expect(await count([results, '--scene', save('scene.json', SCENE)])).toBe(0);
  expect(JSON.parse(output)).toHaveLength(1);
});

test('what a failed job left beside an older result of a folder is passed over by name, and refused alone', async () => {
  const results = mkdtempSync(join(folder, 'results-'));
  const write = (name: string, content: object) =>
    writeFileSync(join(results, name), JSON.stringify(content));
  const scene = save('scene.json', SCENE);
  write('a.failed.json', { ...answer(), JobStatus: 'FAILED' });
  expect(await count([results, '--scene', scene])).toBe(1);
  write('a.json', answer());
  expect(await count([results, '--scene', scene])).toBe(0);
  expect(JSON.parse(output)).toHaveLength(1);
  expect(errors).toContain('a.failed.json');
});

test('each of several results has the clock of its own name, not that of the scene', async () => {
  const scene = save('entrance.json', SCENE);
  save('door_20260302_100000.json', answer());
  save('monday.json', answer());
  expect(await count([folder, '--scene', scene, '--format', 'csv'])).toBe(0);
  const clocks = output
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',')[2]!.slice(0, 16));
  expect(clocks).toEqual(['2026-03-02T10:00', '']);
  expect(errors).toContain('monday.json: its name tells no time');
  output = '';
  const { startsAt: _, ...timeless } = SCENE;
  const named = join(folder, 'door_20260302_100000.json');
  expect(await count([named, '--scene', save('timeless.json', timeless)])).toBe(0);
  expect(JSON.parse(output)[0].times[0].bucket.clock).toMatch(/^2026-03-02T10:00/);
});

test('a video of one picture, whose file may give it no time, has its people in it', async () => {
  const { Persons, VideoMetadata } = answer();
  const one = {
    VideoMetadata: { ...VideoMetadata, DurationMillis: 0 },
    Persons: [{ ...Persons[0]!, Timestamp: 0 }],
  };
  const zones = [
    {
      id: 'all',
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    },
  ];
  const scene = save('scene.json', { version: 1, zones });
  expect(await count([save('one.json', one), '--scene', scene])).toBe(0);
  const [counted] = JSON.parse(output);
  expect(counted).toMatchObject({ mostAtOnce: 1, meanAtOnce: 0, zones: [{ mostAtOnce: 1 }] });
  expect(counted.times).toMatchObject([{ mostAtOnce: 1, zones: [{ mostAtOnce: 1, visits: 1 }] }]);
});

test('names of files in a table are cells like any other, and a byte order mark is no damage', async () => {
  const scene = save('scene.json', `\uFEFF${JSON.stringify(SCENE)}`);
  const results = ['=1+1.json', 'Tür, "Nord" 🚪.json'].map((name) =>
    save(name, `\uFEFF${JSON.stringify(answer())}`),
  );
  expect(await count([...results, '--scene', scene, '--format', 'csv'])).toBe(0);
  const lines = output.split('\r\n');
  expect(lines[1]).toMatch(/^'=1\+1\.json,0,/);
  expect(lines[2]).toMatch(/^"Tür, ""Nord"" 🚪\.json",0,/);
});

test.each([
  [{ ...answer(), JobStatus: 'IN_PROGRESS' }, 'JobStatus must be SUCCEEDED'],
  [{ ...answer(), VideoMetadata: undefined }, 'VideoMetadata.FrameWidth'],
  [
    { ...answer(), VideoMetadata: { FrameWidth: 1, FrameHeight: 1, DurationMillis: 1e15 } },
    'VideoMetadata.DurationMillis must be a number from 0 to 31622400000; it is 1000000000000000',
  ],
  [
    { ...answer(), VideoMetadata: { FrameWidth: 1, FrameHeight: 1e7, DurationMillis: 1000 } },
    'VideoMetadata.FrameHeight must be a number from 1 to 1048576; it is 10000000',
  ],
  [{ ...answer(), JobStatus: 'x'.repeat(1e6) }, `it is "${'x'.repeat(79)}….`],
  [{ Persons: 'none' }, 'Persons must be a list'],
  [{ ...answer(), Persons: [{ Timestamp: 0, Person: { Index: -1 } }] }, 'Persons[0].Person.Index'],
  [{ ...answer(), NextToken: 'AgAB' }, 'NextToken must be absent: this is one page of several'],
  [at({ Timestamp: -5000 }), 'Persons[3].Timestamp must be a number of milliseconds from 0'],
  [at({ Timestamp: 1e15 }), 'it is 1000000000000000.'],
  [at({ Left: 320 }), 'Persons[3].Person.BoundingBox.Left must be a ratio of the frame'],
  [at({ Top: -1e300 }), 'BoundingBox.Top must be a ratio'],
  [at({ Height: -0.1 }), 'BoundingBox.Height must be a ratio of the frame, from 0 to 10'],
  [
    at({ Width: '0.1' }),
    'BoundingBox.Width must be a ratio of the frame, from 0 to 10; it is "0.1"',
  ],
  [
    { ...answer(), Persons: [...answer().Persons, ...at({ Left: 0.9 }).Persons] },
    'of Index 0 is in two places',
  ],
  ['{', 'this is no JSON'],
  ['null', 'Persons must be a list'],
])('what is no finished answer is refused by file and rule: %#', async (input, rule) => {
  const file = save('bad.json', input);
  expect(await count([file, '--scene', save('scene.json', SCENE)])).toBe(1);
  expect(errors).toContain(file);
  expect(errors).toContain(rule);
  expect(output).toBe('');
});

test('a page that is in the list twice counts once', async () => {
  const once = answer();
  const twice = { ...once, NextToken: '', Persons: [...once.Persons, ...once.Persons] };
  const scene = save('scene.json', SCENE);
  for (const value of [once, twice])
    expect(await count([save('a.json', value), '--scene', scene])).toBe(0);
  const [first, second] = output.split(/(?<=^\]\n)/m);
  expect(second).toBe(first);
});

test('wrong usage says how it is used', async () => {
  expect(await count([])).toBe(2);
  expect(await count(['x.json'])).toBe(2);
  expect(await count(['x.json', '--scene', 's.json', '--by', 'week'])).toBe(2);
  expect(errors).toContain('--by must be one of minute, quarter-hour, hour, day, but is week');
});

test('cells of every kind', () => {
  expect(csvRow([1.5, undefined, Number.NaN, 'a,b', '-1', 'x'], { separator: ',' })).toBe(
    `1.5,,,"a,b",'-1,x\r\n`,
  );
  expect(csvRow([1.5, 'a,b', 'a;b'], { separator: ';' })).toBe('1,5;"a,b";"a;b"\r\n');
  expect(csvRow(['＝1', '🚪', "O'Neill"], { separator: ',' })).toBe("'＝1,🚪,O'Neill\r\n");
});
