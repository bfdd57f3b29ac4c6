import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presenceOf, sampleIntervalMs } from '../../src/analytics/presence.ts';
import { clockText, dayMomentText, momentText, spanText } from '../../src/element/duration.ts';
import { elementLanguages } from '../../src/language/element/element-languages.ts';
import { boxAt, sampleBefore } from '../../src/overlay/box-at.ts';
import { personAt } from '../../src/overlay/draw-paths.ts';
import { personColour, personInk } from '../../src/overlay/palette.ts';
import type { PersonPath } from '../../src/track/path.ts';

const english = elementLanguages.at('en')!;

/** A path whose box moves right by 0.1 a sample; a flag each. */
function path(index: number, times: number[], flags = times.map(() => 0)): PersonPath {
  return {
    index,
    timestampsMs: Float64Array.from(times),
    frames: Int32Array.from(times, (_, i) => i),
    boxes: Float32Array.from(times.flatMap((_, i) => [0.1 * i, 0.5, 0.2, 0.4])),
    scores: new Float32Array(times.length).fill(0.9),
    flags: Uint8Array.from(flags),
  };
}

describe('presence', () => {
  test('the interval is the usual step, whatever the gaps', () => {
    expect(sampleIntervalMs([path(0, [0, 66, 133, 200, 5000, 5066])])).toBe(67);
    expect(sampleIntervalMs([path(0, [40])])).toBeCloseTo(66.67, 1);
    expect(sampleIntervalMs([])).toBeCloseTo(66.67, 1);
  });

  test('a long step parts two appearances, a missed sample does not', () => {
    const presence = presenceOf(path(3, [100, 200, 400, 500, 900, 1000]), 100);
    expect(presence).toEqual({
      index: 3,
      firstMs: 100,
      lastMs: 1000,
      onScreenMs: 700,
      spans: [
        { startMs: 100, endMs: 600 },
        { startMs: 900, endMs: 1100 },
      ],
    });
  });

  test('spans ascend, lie apart and cover every sample', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(gaps, (steps) => {
        let at = 0;
        const times = steps.map((step) => (at += step));
        const { spans } = presenceOf(path(0, times), 66);
        for (let i = 1; i < spans.length; i++) {
          expect(spans[i]!.startMs).toBeGreaterThan(spans[i - 1]!.endMs);
        }
        for (const time of times) {
          expect(spans.some(({ startMs, endMs }) => startMs <= time && time < endMs)).toBe(true);
        }
      }),
    );
  });
});

describe('the box at a moment', () => {
  const walker = path(0, [0, 100, 200, 800], [0, 1, 0, 0]);

  test('lies between two samples of one appearance', () => {
    expect(boxAt(walker, 50, 100)!.left).toBeCloseTo(0.05, 5);
    expect(boxAt(walker, 100, 100)!.left).toBeCloseTo(0.1, 5);
  });

  test('stays for one interval behind the last sample, then is gone', () => {
    expect(boxAt(walker, 300, 100)!.left).toBeCloseTo(0.2, 5);
    expect(boxAt(walker, 301, 100)).toBeNull();
    expect(boxAt(walker, -1, 100)).toBeNull();
    expect(boxAt(walker, 901, 100)).toBeNull();
  });

  test('says when it is an estimate', () => {
    expect(boxAt(walker, 10, 100)!.estimated).toBe(false);
    expect(boxAt(walker, 110, 100)!.estimated).toBe(true);
    // What the detector saw, and the tracker only in hindsight, is no estimate.
    expect(boxAt(path(0, [0, 100], [2, 0]), 10, 100)!.estimated).toBe(false);
  });

  test('the sample before a time is found as by a plain look through', () => {
    const times = [0, 66, 133, 133 + 67, 900];
    for (let ms = -5; ms < 1000; ms += 1) {
      expect(sampleBefore(path(0, times), ms)).toBe(times.filter((time) => time <= ms).length - 1);
    }
  });

  test('a point in two boxes means the smaller one', () => {
    const small = { ...path(7, [0]), boxes: Float32Array.from([0.1, 0.6, 0.05, 0.1]) };
    const people = [path(2, [0]), small];
    expect(personAt(people, 0, 66, 0.12, 0.65)).toBe(7);
    expect(personAt(people, 0, 66, 0.05, 0.55)).toBe(2);
    expect(personAt(people, 0, 66, 0.9, 0.1)).toBeNull();
  });
});

describe('colours', () => {
  const shown = Array.from({ length: 7 }, (_, index) => index);
  const linear = (hex: string) =>
    [1, 3, 5].map((at) => {
      const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
  const luminance = (hex: string) => {
    const [r, g, b] = linear(hex);
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };

  test('a number reads well on its colour', () => {
    for (const index of shown) {
      const [dark, light] = [personColour(index), personInk(index)]
        .map(luminance)
        .sort((a, b) => a - b);
      expect((light! + 0.05) / (dark! + 0.05)).toBeGreaterThan(4.5);
    }
  });

  // Vienot, Brettel and Mollon, "Digital video colourmaps for checking the legibility of displays by dichromats",
  // 1999: linear RGB as somebody without the one or the other cone sees it.
  test.each([
    ['protanopia', [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]],
    ['deuteranopia', [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]],
  ])('stay apart with %s', (_name, red, blue) => {
    const seen = shown.map((index) => {
      const rgb = linear(personColour(index));
      const mix = (row: number[]) => row.reduce((sum, part, i) => sum + part * rgb[i]!, 0);
      return lab(mix(red), mix(red), mix(blue));
    });
    for (const a of shown) {
      for (const b of shown.slice(0, a)) {
        const apart = Math.hypot(...seen[a]!.map((value, i) => value - seen[b]![i]!));
        expect(apart, `persons ${b} and ${a}`).toBeGreaterThan(10);
      }
    }
  });

  /** Linear sRGB as CIELAB with the white point D65. */
  function lab(r: number, g: number, b: number): number[] {
    const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
    const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
    const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  }
});

describe('times as text', () => {
  test.each([
    [0, '0:00.0'],
    [7499, '0:07.4'],
    [59_999, '0:59.9'],
    [723_000, '12:03.0'],
    [3_723_400, '1:02:03.4'],
    [-5, '0:00.0'],
  ])('%i ms on the clock is %s', (ms, text) => expect(clockText(english, ms)).toBe(text));

  test('without decimals the clock is rounded down', () =>
    expect(clockText(english, 9999, 0)).toBe('0:09'));

  test.each([
    [840, '0.8 s'],
    [42_400, '42 s'],
    [185_000, '3 min 5 s'],
    [180_000, '3 min'],
    [3_840_000, '1 h 4 min'],
  ])('%i ms last %s', (ms, text) => expect(spanText(english, ms)).toBe(text));

  test('a moment is that of the video’s own clock, with its day on any but the first', () => {
    // Whatever zone the device is in: the offset is the camera's.
    const startsAt = '2026-03-01T23:59:50-11:00';
    expect(momentText(english, 0, startsAt)).toMatch(/^11:59:50\sPM$/);
    expect(momentText(english, 17_000, startsAt)).toMatch(/^Mar 2, 12:00:07\sAM$/);
    expect(momentText(english, 30 * 3_600_000, startsAt)).toMatch(/^Mar 3, 5:59:50\sAM$/);
    expect(dayMomentText(english, 17_000, startsAt)).toMatch(/^Mar 2, 2026, 12:00\sAM$/);
    expect(momentText(english, 17_000, null)).toBe('0:17.0');
  });
});
