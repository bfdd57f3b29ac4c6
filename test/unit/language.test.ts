import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { daySpanText } from '../../src/element/duration.ts';
import { appLanguages } from '../../src/language/app/app-languages.ts';
import { arabic as appArabic } from '../../src/language/app/arabic.ts';
import { english as appEnglish } from '../../src/language/app/english.ts';
import { german as appGerman } from '../../src/language/app/german.ts';
import { spanish as appSpanish } from '../../src/language/app/spanish.ts';
import { arabic as countArabic } from '../../src/language/counting/arabic.ts';
import { english as countEnglish } from '../../src/language/counting/english.ts';
import { german as countGerman } from '../../src/language/counting/german.ts';
import { spanish as countSpanish } from '../../src/language/counting/spanish.ts';
import { arabic } from '../../src/language/element/arabic.ts';
import { elementLanguages } from '../../src/language/element/element-languages.ts';
import { english } from '../../src/language/element/english.ts';
import { german } from '../../src/language/element/german.ts';
import { spanish } from '../../src/language/element/spanish.ts';
import { Languages } from '../../src/language/languages.ts';
import { type Message, namesIn, type Table } from '../../src/language/message.ts';

const root = inject('root');
const ROOMS: [string, Table, Record<string, Table>][] = [
  ['elements', english, { de: german, es: spanish, ar: arabic }],
  ['app', appEnglish, { de: appGerman, es: appSpanish, ar: appArabic }],
  ['counting', countEnglish, { de: countGerman, es: countSpanish, ar: countArabic }],
];
const CASES = ROOMS.flatMap(([room, first, others]) =>
  Object.entries({ en: first, ...others }).map(([tag, table]) => ({ room, tag, table, first })),
);
/** Texts that are rightly the same: names and units. */
const ALIKE = new Set([
  '{seconds} s',
  '{minutes} min',
  '{minutes} min {seconds} s',
  '{hours} h',
  '{hours} h {minutes} min',
  '{count} byte',
  'Person {number}',
  '{name} – Footpath',
  '{percent} % · {name} – Footpath',
  'Pause',
  'Shift',
]);

const formsOf = (message: Message) =>
  typeof message === 'string' ? [message] : (Object.values(message) as string[]);
const namesOf = (message: Message) => [...new Set(formsOf(message).flatMap(namesIn))].sort();

describe.each(CASES)('the $room in $tag', ({ tag, table, first }) => {
  test('say everything, and nothing else', () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(first).sort());
    for (const [key, message] of Object.entries(table)) {
      for (const text of formsOf(message)) expect(text, key).not.toBe('');
    }
  });

  test('have the same values in every text', () => {
    for (const [key, message] of Object.entries(table)) {
      expect(namesOf(message), key).toEqual(namesOf(first[key]!));
      // What counts may be in the words; everything else must be in every form.
      const needed = namesOf(first[key]!).filter((name) => name !== 'count');
      for (const text of formsOf(message)) {
        expect(
          namesIn(text)
            .filter((name) => name !== 'count')
            .sort(),
          `${key}: ${text}`,
        ).toEqual(needed);
      }
    }
  });

  test('have each form that the language counts by', () => {
    const { pluralCategories } = new Intl.PluralRules(tag).resolvedOptions();
    for (const [key, message] of Object.entries(table)) {
      if (typeof message === 'string') continue;
      expect(Object.keys(message).sort(), key).toEqual([...pluralCategories].sort());
    }
  });

  test('are translated', () => {
    if (tag === 'en') return;
    const same = Object.entries(table)
      .filter(([key, message]) => formsOf(message)[0] === formsOf(first[key]!)[0])
      .map(([, message]) => formsOf(message)[0]!)
      .filter((text) => /\p{L}/u.test(text.replace(/\{\w+\}/g, '')) && !ALIKE.has(text));
    expect(same).toEqual([]);
  });
});

test('a count before what is counted has its forms', () => {
  const without = ROOMS.flatMap(([, first]) => Object.entries(first)).filter(
    ([, message]) => typeof message === 'string' && /\{count\} (people|\p{L}+s)\b/u.test(message),
  );
  expect(without).toEqual([]);
});

test('every text is used somewhere', () => {
  const sources = ['src/element', 'src/app', 'src/embed']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(join(root, folder, name), 'utf8')),
    )
    .join('\n');
  // Beginnings of keys that are put together: `stage.${stage}`.
  const composed = [...sources.matchAll(/`([a-z][\w.-]*[.-])\$\{/g)].map((match) => match[1]!);
  const unused = ROOMS.flatMap(([, first]) => Object.keys(first)).filter(
    (key) => !sources.includes(`'${key}'`) && !composed.some((start) => key.startsWith(start)),
  );
  expect(unused).toEqual([]);
});

test('counts, numbers, dates and times are written as the country does', async () => {
  const [german, austrian, arabic] = [
    await appLanguages.load('de'),
    await appLanguages.load('de-AT'),
    await appLanguages.load('ar-EG'),
  ];
  expect(german.say('people', { count: 1234 })).toBe('1.234 Personen');
  expect(german.say('people', { count: 1 })).toBe('1 Person');
  expect(austrian.locale).toBe('de-AT');
  expect(german.number(1.5)).toBe('1,5');
  expect(german.date(new Date(2026, 2, 14, 15, 9))).toMatch(/14\.03\.2026.*15:09/);
  const counts = [0, 1, 2, 5, 11, 100].map((count) => arabic.say('people', { count }));
  expect(new Set(counts).size).toBe(6);
  expect(arabic.direction).toBe('rtl');
  // Numbers of people are drawn over the picture and stand in files: their digits are the same everywhere.
  expect(counts.join()).toMatch(/11/);
  expect(counts.join()).not.toMatch(/[٠-٩]/);
});

test('a name that runs the other way keeps its own direction', async () => {
  const arabic = await appLanguages.load('ar');
  const english = appLanguages.at('en')!;
  expect(arabic.say('jobs.stop', { name: 'door (2).mp4' })).toBe('إيقاف \u2068door (2).mp4\u2069');
  expect(english.say('jobs.stop', { name: 'باب.mp4' })).toBe('Stop \u2068باب.mp4\u2069');
  expect(english.say('jobs.stop', { name: 'door.mp4' })).toBe('Stop door.mp4');
});

test('the language is the first wanted one that there are words of', () => {
  expect(elementLanguages.choose(['tlh', 'de-CH', 'en'])).toBe('de-CH');
  expect(elementLanguages.choose(['not a tag', 'pt-BR'])).toBe('en');
  expect(elementLanguages.choose([])).toBe('en');
  expect(elementLanguages.at('en-GB')?.locale).toBe('en-GB');
});

test('a language whose words cannot be loaded is English; one that a page adds is spoken', async () => {
  const lost = async () => {
    throw new TypeError('Failed to fetch');
  };
  const hello = { hello: 'Hello {name}', bye: 'Bye' } as const;
  const languages = new Languages(hello, { de: lost, es: lost, ar: lost });
  const german = await languages.load('de');
  expect([german.tag, german.say('hello', { name: 'Ada' })]).toEqual(['en', 'Hello Ada']);
  languages.add('fa', { hello: 'سلام {name}' });
  const persian = await languages.load('fa-IR');
  expect(persian.say('hello', { name: 'Ada' })).toBe('سلام \u2068Ada\u2069');
  expect(persian.say('bye')).toBe('Bye');
  expect([persian.direction, persian.locale]).toEqual(['rtl', 'fa-IR']);
});

test('a video’s day and times are said as the country does, what its ends share only once', async () => {
  const begin = '2026-03-01T09:00:00+01:00';
  const said = async (tag: string, ms: number) => {
    const language = tag.startsWith('en')
      ? elementLanguages.at(tag)!
      : await elementLanguages.load(tag);
    // Spaces and dashes differ by the version of the locales' data.
    return daySpanText(language, begin, ms)
      .replace(/\s*[–-]\s*/, ' – ')
      .replace(/\s/g, ' ');
  };
  expect(await said('en-GB', 3_600_000)).toBe('1 Mar 2026, 09:00 – 10:00');
  expect(await said('en-GB', 18_000)).toBe('1 Mar 2026, 09:00:00 – 09:00:18');
  expect(await said('en-GB', 86_400_000)).toBe('1 Mar 2026, 09:00 – 2 Mar 2026, 09:00');
  expect(await said('de', 3_600_000)).toMatch(/^01\.03\.2026.* 09:00 – 10:00/);
});

test('days are those of the Gregorian calendar, which files and fields have, whatever the country', async () => {
  const begin = new Date('2026-03-01T09:00:00Z');
  for (const tag of ['ar-SA', 'ar-EG', 'de-AT']) {
    const language = await appLanguages.load(tag);
    const date = language.date(begin, { dateStyle: 'medium', timeZone: 'UTC' });
    expect(date, tag).toContain('2026');
  }
});

test.each(Object.entries({ english, german, spanish, arabic }))(
  'who gives a video that cannot be read is told in %s what helps',
  (_name, table) => {
    for (const kind of ['not-a-video', 'codec-unsupported'] as const)
      expect(table[`failure.${kind}`]).toMatch(/MP4.*H\.264|H\.264.*MP4/);
  },
);

test.each([
  [countEnglish, 'close'],
  [countGerman, 'nah'],
  [countSpanish, 'cerca'],
  [countArabic, 'قريب'],
])(
  'a report says that crossings close to the line are not certain, as most of those are',
  (table, close) => {
    expect(table['moment.close-to-line']).toContain(close);
    const { zero: _, ...forms } = { zero: '', ...table['sheet.uncertain'] };
    for (const text of Object.values(forms)) expect(text).toContain(close);
  },
);
