import { expect, test } from 'vitest';
import {
  changesText,
  computedText,
  knownAgainText,
  looksText,
} from '../../src/app/report-words.ts';
import { resultFileName } from '../../src/app/result-file.ts';
import { jobHash, routeOf } from '../../src/app/route.ts';
import {
  choiceText,
  errorText,
  expiryText,
  finderText,
  foundText,
  goingText,
  placeText,
  settingsText,
  shareDone,
  shortName,
  sizeText,
  timeLeftText,
} from '../../src/app/words.ts';
import { Failure } from '../../src/contract/failure.ts';
import { failureDetail, failureText } from '../../src/element/failure-text.ts';
import { DEFAULT_SETTINGS, MODEL_NAMES } from '../../src/engine/settings.ts';
import { appLanguages } from '../../src/language/app/app-languages.ts';
import { elementLanguages } from '../../src/language/element/element-languages.ts';

const english = appLanguages.at('en')!;

test.each([
  [null, ''],
  [3, 'a few seconds'],
  [12, 'about 15 seconds'],
  [70, 'about a minute'],
  [376, 'about 6 minutes'],
  [5400, 'about 1.5 hours'],
])('%s seconds left read "%s"', (seconds, text) =>
  expect(timeLeftText(english, seconds)).toBe(text),
);

test.each([
  [512, '512 bytes'],
  [1_400_000, '1.4 MB'],
  [120_000_000, '120 MB'],
  [8_100_000_000, '8.1 GB'],
])('%i bytes read "%s"', (bytes, text) => expect(sizeText(english, bytes)).toBe(text));

test('a job is done only when it is', () => {
  const progress = { jobId: 'a', samplesTotal: 100, samplesPerSecond: 5, secondsLeft: 1 };
  expect(shareDone({ ...progress, stage: 'tracking', samplesDone: 50 })).toBe(0.5);
  expect(shareDone({ ...progress, stage: 'tracking', samplesDone: 130 })).toBe(0.99);
  expect(shareDone({ ...progress, stage: 'waiting', samplesDone: 0, samplesTotal: 0 })).toBe(0);
  expect(shareDone({ ...progress, stage: 'done', samplesDone: 100 })).toBe(1);
});

test('how long a result stays is told in days', () => {
  const now = new Date('2026-01-01T12:00:00Z');
  expect(expiryText(english, undefined, now)).toBe('kept until you delete it');
  expect(expiryText(english, new Date('2026-01-08T12:00:00Z'), now)).toBe('kept 7 more days');
  expect(expiryText(english, new Date('2026-01-02T12:00:00Z'), now)).toBe('kept 1 more day');
  expect(expiryText(english, new Date('2026-01-01T13:00:00Z'), now)).toBe(
    'kept less than a day longer',
  );
});

test('that the oldest result of a camera goes is told in the same days as its row, from a week before', () => {
  const now = new Date('2026-01-01T12:00:00Z');
  const told = (...days: number[]) =>
    goingText(
      english,
      days.map((it) => new Date(now.getTime() + it * 86_400_000)),
      now,
    );
  expect(told()).toBe('');
  expect(told(7.6, 30)).toBe('');
  expect(told(30, 5.7)).toContain('is kept for 6 more days. Save a table');
  expect(told(1.2)).toContain('is kept for 1 more day.');
  for (const soon of [0.4, 0, -0.2])
    expect(told(soon)).toContain('is kept less than a day longer.');
});

test('what whoever came back was known again by', () => {
  const spread = { median: 0.5, deviation: 0.1 };
  const identity = { model: 'r', spreads: { short: spread, long: spread, different: spread } };
  expect(knownAgainText(english, DEFAULT_SETTINGS, { identity })).toBe(
    'how the whole person looks',
  );
  expect(knownAgainText(english, DEFAULT_SETTINGS, {})).toBe('the colours of clothes');
  expect(knownAgainText(english, { refine: false, rejoinSeconds: 60 }, { identity })).toMatch(
    /^nothing: .*new number/,
  );
});

test('settings in one line name what is not as usual', () => {
  expect(settingsText(english, DEFAULT_SETTINGS)).toBe(
    '15 pictures a second · balanced · whatever is fastest',
  );
  const model = { name: 'mine.onnx', family: 'yolox', from: { file: '00' } } as const;
  expect(
    settingsText(english, {
      sampleRate: 'all',
      quality: 'auto',
      backend: 'wasm',
      detectEvery: 3,
      motionGate: true,
      model,
    }),
  ).toBe('every picture · people looked for in 1 of 3 · automatic · processor · mine.onnx');
  expect(settingsText(english, { ...DEFAULT_SETTINGS, motionGate: false })).toBe(
    '15 pictures a second · whole pictures every time · balanced · whatever is fastest',
  );
});

test('what was chosen is told in words for anybody', () => {
  expect(choiceText(english, DEFAULT_SETTINGS)).toBe('balanced');
  const model = { onnx: '/mine.onnx', family: 'yolox' } as const;
  expect(choiceText(english, { ...DEFAULT_SETTINGS, motionGate: false })).toBe(
    'balanced · whole pictures every time',
  );
  expect(choiceText(english, { ...DEFAULT_SETTINGS, rejoinSeconds: 0 })).toBe(
    'balanced · nobody known again',
  );
  const [quality, backend, motionGate] = ['auto', 'wasm', true] as const;
  const found = { sampleRate: 5, quality, backend, detectEvery: 3, motionGate, model } as const;
  const asked = { ...found, rejoinSeconds: 600, knownAgainBy: 'network' } as const;
  expect(choiceText(english, asked)).toBe(
    'automatic · 5 times a second · people looked for every third time · a detector file of your own · known again within 10 min · known again by the whole person · on the processor',
  );
  const technical = /nanodet|coco|webg[lp]u?|wasm|pictures a second/i;
  for (const text of [
    ...MODEL_NAMES.map((name) => finderText(english, name)),
    ...(['auto', 'webgpu', 'webgl', 'int8', 'wasm', 'cpu'] as const).map((backend) =>
      placeText(english, backend),
    ),
    failureText(english, {
      kind: 'backend-unavailable',
      message: 'No backend starts. webgpu: no adapter',
    }),
    failureText(english, { kind: 'internal', message: 'TypeError: x is undefined' }),
  ]) {
    expect(text).not.toMatch(technical);
    expect(text).not.toMatch(/adapter|TypeError/);
  }
  expect(failureText(english, { kind: 'not-a-video', message: 'This is a text.' })).toBe(
    'This is a text.',
  );
});

test('elsewhere a failure is told in the reader’s language, with its own message beneath', async () => {
  const failure = { kind: 'not-a-video', message: 'a.txt is no video.' } as const;
  expect(failureDetail(english, failure)).toBeUndefined();
  for (const tag of ['de', 'es', 'ar']) {
    const language = await elementLanguages.load(tag);
    expect(failureText(language, failure)).toBe(language.say('failure.not-a-video'));
    expect(failureText(language, failure)).not.toBe(english.say('failure.not-a-video'));
    expect(failureDetail(language, failure)).toBe(failure.message);
    expect(failureDetail(language, { kind: 'internal', message: 'TypeError' })).toBeUndefined();
  }
});

test('what is thrown is told as a failure is, and as it says itself where it is none', async () => {
  const gone = new Failure('object-missing', 'No object videos/a.mp4 is stored here.');
  expect(errorText(english, gone)).toBe(gone.message);
  expect(errorText(await appLanguages.load('de'), gone)).toBe('Das Video ist nicht mehr da.');
  expect(errorText(english, new TypeError('Das ging nicht.'))).toBe('Das ging nicht.');
});

test('nobody is counted where nothing was looked at', () => {
  expect(foundText(english, { status: 'SUCCEEDED', people: 0 })).toBe('nobody found');
  expect(foundText(english, { status: 'SUCCEEDED', people: 1 })).toBe('1 person');
  expect(foundText(english, { status: 'FAILED', people: 0 })).toBe('');
  expect(foundText(english, { status: 'FAILED', people: 2 })).toBe('2 people');
  expect(foundText(english, { status: 'IN_PROGRESS' })).toBe('');
});

test('a long name is cut in its middle, between whole characters', () => {
  expect(shortName('entrance.mp4')).toBe('entrance.mp4');
  const long = shortName(`${'🚶'.repeat(230)}.mp4`);
  expect([...long].length).toBe(48);
  expect(long).toMatch(/^(🚶)+…(🚶)+\.mp4$/u);
});

test('a report tells how pictures were looked at', () => {
  const [large, middle, small] = [512, 384, 224].map((width) => ({ width, height: 160 }));
  expect(looksText(english, [large!])).toBe('looks at each picture once, at 512 × 160 pixels');
  expect(looksText(english, [large!, small!])).toBe(
    'looks at each picture in 2 sizes, 512 × 160 and 224 × 160 pixels',
  );
  expect(looksText(english, [large!, middle!, small!])).toBe(
    'looks at each picture in 3 sizes, 512 × 160, 384 × 160 and 224 × 160 pixels',
  );
  expect(computedText(english, { backend: 'int8', notes: [] })).toBe(
    'processor, in whole numbers; every device gives the same answer',
  );
  expect(computedText(english, { backend: 'wasm', notes: ['webgpu: no adapter'] })).toBe(
    'processor',
  );
  expect(
    computedText(english, { backend: 'wasm', notes: ['int8: this browser has no SIMD'] }),
  ).toBe(
    'processor: this browser cannot compute with whole numbers as this needs, so it took longer',
  );
  expect(changesText(english, { whole: 19, parts: 1130, nothing: 121 })).toBe(
    'the whole picture once a second, in between what has changed in it (as a whole: 19, in parts: 1,130, unchanged: 121)',
  );
});

test('a job has an address of its own; anything else is the start', () => {
  const id = 'a1'.repeat(32);
  expect(routeOf(jobHash(id))).toEqual({ screen: 'job', jobId: id });
  for (const hash of ['', '#', '#/', '#/job/', '#/job/a b', `#/job/${'a'.repeat(65)}`]) {
    expect(routeOf(hash)).toEqual({ screen: 'start' });
  }
});

test('a result is named after its video', () => {
  expect(resultFileName({ key: 'entrance.mp4', status: 'SUCCEEDED' }, 'json')).toBe(
    'entrance-people.json',
  );
  expect(resultFileName({ key: '2026/door.east.mov', status: 'SUCCEEDED' }, 'csv')).toBe(
    'door.east-people.csv',
  );
  expect(resultFileName({ key: '.mp4', status: 'SUCCEEDED' }, 'json')).toBe('video-people.json');
  const half = { key: 'entrance.mp4', status: 'FAILED' } as const;
  expect(resultFileName(half, 'csv')).toBe('entrance-incomplete-people.csv');
});
