import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, inject, test } from 'vitest';

const root = inject('root');

/** Which rooms a room may import from, its own aside. Types and values alike. The table of docs/architecture.md is the same. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'src/contract': [],
  'src/language': [],
  'src/track': ['src/contract'],
  'src/detect': ['src/contract', 'src/track'],
  'src/metrics': ['src/contract', 'src/track'],
  'src/analytics': ['src/contract', 'src/track'],
  'src/export': ['src/contract', 'src/track', 'src/analytics'],
  'src/engine': ['src/contract', 'src/track', 'src/detect'],
  'src/overlay': ['src/contract', 'src/track', 'src/analytics'],
  'src/protocol': ['src/contract', 'src/engine'],
  'src/store': ['src/contract', 'src/engine', 'src/track'],
  'src/media': ['src/contract', 'src/engine'],
  'src/client': [
    'src/contract',
    'src/track',
    'src/engine',
    'src/store',
    'src/export',
    'src/analytics',
    'src/protocol',
  ],
  'src/element': [
    'src/contract',
    'src/track',
    'src/engine',
    'src/client',
    'src/analytics',
    'src/export',
    'src/overlay',
    'src/language',
    'src/protocol',
  ],
  'src/embed': ['src/contract', 'src/client', 'src/element', 'src/language'],
  'src/app': [
    'src/contract',
    'src/track',
    'src/engine',
    'src/client',
    'src/element',
    'src/embed',
    'src/analytics',
    'src/export',
    'src/metrics',
    'src/overlay',
    'src/language',
  ],
  'src/element.ts': ['src/element', 'src/language'],
  'src/element-define.ts': ['src/element', 'src/language'],
  'src/analytics.ts': ['src/analytics'],
  'src/manifest.ts': ['src/client', 'src/export'],
  'src/index.ts': [
    'src/contract',
    'src/engine',
    'src/client',
    'src/track',
    'src/metrics',
    'src/analytics',
  ],
  workers: [
    'src/contract',
    'src/track',
    'src/detect',
    'src/engine',
    'src/store',
    'src/media',
    'src/overlay',
    'src/protocol',
    'src/client',
  ],
  cli: [
    'src/contract',
    'src/track',
    'src/detect',
    'src/engine',
    'src/metrics',
    'src/analytics',
    'src/export',
    'scripts',
  ],
  scripts: ['cli', 'src/detect'],
};

/** Inside `src/track`, the floors: which folders a folder may import from; the root of the room is below all. */
const TRACK_FLOORS: Record<string, readonly string[]> = {
  'src/track/filter': [],
  'src/track/association': ['src/track/filter'],
  'src/track/appearance': [],
  'src/track/trackers/published': ['src/track/filter', 'src/track/association'],
  'src/track/trackers/footpath': [
    'src/track/filter',
    'src/track/association',
    'src/track/appearance',
  ],
  'src/track/trackers': ['src/track/trackers/published', 'src/track/trackers/footpath'],
  'src/track/refinement': [
    'src/track/filter',
    'src/track/association',
    'src/track/appearance',
    'src/track/trackers',
    'src/track/trackers/footpath',
  ],
};

/** Threads are started by address, never imported; tfjs lives in them alone. */
const TFJS_ROOM = 'workers';

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.endsWith('.d.ts'));
}

const files = ['src', 'workers', 'cli', 'scripts'].flatMap(sources);

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g);
  return [...found].map((match) => match[1]!);
}

function localImports(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, join(root, dirname(file), name.replace(/\?.*$/, ''))))
    .filter((name) => files.includes(name));
}

function roomOf(file: string): string {
  return Object.keys(MAY_IMPORT).find((room) => file === room || file.startsWith(`${room}/`))!;
}

test('there is something to check', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap(localImports).length).toBeGreaterThan(100);
});

test.each(files)('%s imports only from rooms below its own', (file) => {
  const room = roomOf(file);
  expect(room, `${file} lies in no known room`).toBeDefined();
  for (const target of localImports(file)) {
    const targetRoom = roomOf(target);
    if (targetRoom === room) continue;
    expect(MAY_IMPORT[room], `${file} imports ${target}`).toContain(targetRoom);
  }
});

test('the floors of tracking: refinement above trackers, published trackers alone', () => {
  const floorOf = (file: string) =>
    Object.keys(TRACK_FLOORS)
      .filter((folder) => file.startsWith(`${folder}/`))
      .sort((a, b) => b.length - a.length)[0] ?? 'src/track';
  const wrong: string[] = [];
  for (const file of files.filter((name) => name.startsWith('src/track/'))) {
    const floor = floorOf(file);
    for (const target of localImports(file).filter((name) => name.startsWith('src/track/'))) {
      const below = floorOf(target);
      if (below === floor || below === 'src/track') continue;
      if (!TRACK_FLOORS[floor]?.includes(below)) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

const guide = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The rooms of a table of the guide, by its first column's head, with what each may import. */
function tableOf(head: string): Record<string, string[]> {
  const rooms: Record<string, string[]> = {};
  const rows = guide.split(`| ${head} | what is in it | may import |\n| --- | --- | --- |\n`)[1];
  for (const row of rows?.split('\n\n')[0]?.split('\n') ?? []) {
    const [, names = '', , below = ''] = row.split('|');
    const imports = named(below);
    if (imports.length === 0) expect(below.trim(), row).toBe('nothing');
    for (const room of named(names)) rooms[room] = imports;
  }
  return rooms;
}

function named(text: string): string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!).sort();
}

function sorted(table: Record<string, readonly string[]>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(table).map(([room, below]) => [room, [...below].sort()]),
  );
}

test('the guide’s tables of rooms and floors are those held here', () => {
  expect(tableOf('room')).toEqual(sorted(MAY_IMPORT));
  expect(tableOf('floor')).toEqual(sorted(TRACK_FLOORS));
});

test('what the guide names is there', () => {
  const paths = named(guide).filter((name) =>
    /^(src|workers|cli|scripts|test|docs)\b[\w./-]*$/.test(name),
  );
  expect(paths.length).toBeGreaterThan(50);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('tfjs is imported by threads alone', () => {
  const importers = files.filter((file) =>
    importsOf(file).some((name) => name.startsWith('@tensorflow')),
  );
  expect(importers.length).toBeGreaterThan(0);
  for (const file of importers) expect(file.startsWith(`${TFJS_ROOM}/`), file).toBe(true);
});

test('no file imports itself, however long the way', () => {
  const state = new Map<string, 'open' | 'done'>();
  const visit = (file: string, way: string[]) => {
    if (state.get(file) === 'done') return;
    expect(state.get(file), [...way, file].join(' -> ')).not.toBe('open');
    state.set(file, 'open');
    for (const target of localImports(file)) visit(target, [...way, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
});

test('every export says what it is', () => {
  const documented = files.filter((file) => file.startsWith('src/') && file.endsWith('.ts'));
  const silent: string[] = [];
  for (const file of documented) {
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    lines.forEach((line, i) => {
      if (
        !/^export (?:abstract |async |declare )*(?:class|function|const|interface|type(?! \{))\b/.test(
          line,
        )
      )
        return;
      // Overloads share the comment of the first.
      const before = lines[i - 1]?.trim() ?? '';
      if (!before.endsWith('*/')) silent.push(`${file}:${i + 1} ${line.slice(0, 60)}`);
    });
  }
  expect(silent).toEqual([]);
});

/** Lines from which a file says at its head why it is one: the sentence begins with {@link REASON}. */
const LONG = 300;
const REASON = /Long because \w/;

test('a long file says at its head why it is one', () => {
  const unreasoned = [...files, ...sources('test')].filter((file) => {
    // A comment there would prepare the models anew on every machine: their version is the hash of these files.
    if (file.startsWith('scripts/model/')) return false;
    const text = readFileSync(join(root, file), 'utf8');
    const head = text.slice(0, text.indexOf('*/'));
    return text.split('\n').length > LONG + 1 && !REASON.test(head);
  });
  expect(unreasoned).toEqual([]);
});

test('no test waits by `vi`, which gives up after a second, whatever vitest.config.ts says', () => {
  const hasty = sources('test').filter(
    (file) =>
      !file.endsWith('architecture.test.ts') &&
      readFileSync(join(root, file), 'utf8').includes('vi.wait'),
  );
  expect(hasty).toEqual([]);
});

test('the project speaks of itself alone', () => {
  const words = ['/work' + '/', 'before' + '-stop'];
  const talkative = [...files, ...sources('test')].filter((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    return words.some((word) => text.includes(word));
  });
  expect(talkative).toEqual([]);
});
