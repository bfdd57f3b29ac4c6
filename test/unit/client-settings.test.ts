import { describe, expect, test } from 'vitest';
import { inputOf } from '../../src/client/job-starter.ts';
import { mergeSettings } from '../../src/client/settings.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';

describe('settings', () => {
  test('what is not said stays as it was', () => {
    expect(mergeSettings(DEFAULT_SETTINGS, {})).toEqual(DEFAULT_SETTINGS);
    const calm = mergeSettings(DEFAULT_SETTINGS, { rejoinSeconds: 60, fillGaps: false });
    const changes = { quality: 'fast', rejoinSeconds: undefined } as const;
    expect(mergeSettings(calm, changes)).toEqual({ ...calm, quality: 'fast' });
  });

  test('another tracker gives its own answer, unless refinement is asked for', () => {
    expect(mergeSettings(DEFAULT_SETTINGS, { tracker: 'sort' }).refine).toBe(false);
    expect(mergeSettings(DEFAULT_SETTINGS, { tracker: 'footpath' }).refine).toBe(true);
    expect(mergeSettings(DEFAULT_SETTINGS, { tracker: 'sort', refine: true }).refine).toBe(true);
    const plain = mergeSettings(DEFAULT_SETTINGS, { refine: false });
    expect(mergeSettings(plain, { sampleRate: 5 }).refine).toBe(false);
    expect(mergeSettings(plain, { tracker: 'footpath' }).refine).toBe(false);
    const sort = mergeSettings(DEFAULT_SETTINGS, { tracker: 'sort' });
    expect(mergeSettings(sort, { tracker: 'footpath' }).refine).toBe(true);
  });

  test.each([
    ['sampleRate', 0, /sampleRate must be "all" or a number above 0/],
    ['tracker', 'magic', /tracker must be one of footpath/],
    ['refine', 'yes', /refine must be true or false/],
    ['rejoinSeconds', -1, /rejoinSeconds must be a number from 0 to 3600, but is -1/],
    ['rejoinSeconds', Number.NaN, /rejoinSeconds must be/],
    ['rejoinSeconds', '5', /rejoinSeconds must be/],
    ['quality', 'best', /quality must be one of/],
    ['backend', 'cuda', /backend must be one of/],
    ['model', 'best', /model must be one of/],
  ])('%s: %j is refused by name, rule and value', (member, value, message) => {
    const changes = { [member]: value };
    expect(() => mergeSettings(DEFAULT_SETTINGS, changes)).toThrow(RangeError);
    expect(() => mergeSettings(DEFAULT_SETTINGS, changes)).toThrow(message);
  });
});

test('a ClientRequestToken of a release with fewer settings, or in another order, is known', () => {
  const request = { Video: { S3Object: { Bucket: 'videos', Name: 'a.mp4' } } };
  const { motionGate: _, quality, ...fewer } = DEFAULT_SETTINGS;
  const now = inputOf(request, { ...DEFAULT_SETTINGS, rejoinSeconds: 5 });
  expect(inputOf(request, { quality, ...fewer, rejoinSeconds: 5 })).toBe(now);
  expect(inputOf(request, DEFAULT_SETTINGS)).not.toBe(now);
  expect(inputOf(request, { ...DEFAULT_SETTINGS, rejoinSeconds: 5, detectEvery: 2 })).not.toBe(now);
});
