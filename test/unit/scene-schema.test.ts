import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { parseScene } from '../../src/analytics/scene.ts';
import { SceneError } from '../../src/analytics/scene-error.ts';

const schema = JSON.parse(readFileSync(join(inject('root'), 'docs/scene.schema.json'), 'utf8'));
const isValid = new Ajv2020({ strict: true }).compile(schema);

/** Rules that a schema of this kind has no words for. */
const BEYOND =
  /must be unique in the scene|must differ from the point before|must enclose an area|must have no three places in a row|must be an ISO 8601 time.*; it is "2026-02-30T/;

function complaint(scene: unknown): string | undefined {
  try {
    parseScene(scene);
    return undefined;
  } catch (error) {
    if (error instanceof SceneError) return error.message;
    throw error;
  }
}

const place = fc.tuple(
  fc.oneof(
    { weight: 30, arbitrary: fc.double({ min: -1, max: 2, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(-1.01, 2.01) },
  ),
  fc.double({ min: -1, max: 2, noNaN: true }),
);
const oddly = <T>(usual: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 80, arbitrary: usual as fc.Arbitrary<unknown> },
    fc.constantFrom(null, '', 'x', 3, [], {}, true),
  );
/** Names, some of them about as long as they may be, in characters of two halves. */
const textOf = (most: number) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) },
    fc.constantFrom('😀'.repeat(most), '😀'.repeat(most + 1)),
  );
const shape = (least: number, more: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(
    {
      id: oddly(textOf(64)),
      name: oddly(textOf(200)),
      points: oddly(fc.array(oddly(place), { minLength: least - 1, maxLength: 5 })),
      ...more,
    },
    { requiredKeys: ['id', 'points'] },
  );
const line = shape(2, {
  left: oddly(fc.string({ minLength: 1, maxLength: 5 })),
  right: oddly(fc.string({ minLength: 1, maxLength: 5 })),
  inside: oddly(fc.constantFrom('left', 'right')),
});
const four = fc.tuple(place, place, place, place);
const scene = fc.record(
  {
    version: fc.oneof({ weight: 40, arbitrary: fc.constant(1) }, fc.constantFrom(2, '1', null)),
    camera: oddly(textOf(200)),
    anchor: oddly(fc.constantFrom('foot', 'centre', 'head')),
    startsAt: oddly(
      fc.constantFrom(
        '2026-03-01T09:00:00+01:00',
        '2026-03-01T09:00Z',
        '2026-03-01T09:00:00.5Z',
        '2026-03-01T09:00:00',
        '2026-13-01T09:00:00Z',
        '2026-02-30T09:00:00Z',
        '2026-03-01T99:99:00Z',
        '2026-03-01T24:00:00Z',
        '2026-03-01T24:00:01Z',
        '2026-03-01T09:00:00+24:00',
        '2026-03-01',
      ),
    ),
    lines: oddly(fc.array(oddly(line), { maxLength: 2 })),
    zones: oddly(fc.array(oddly(shape(3, {})), { maxLength: 2 })),
    calibration: oddly(
      fc.record({ image: oddly(four), floor: oddly(four) }, { requiredKeys: ['image', 'floor'] }),
    ),
  },
  { requiredKeys: ['version'] },
);

test('the schema says of a scene what its reader says, but for rules that no schema has words for', () => {
  let both = 0;
  fc.assert(
    fc.property(scene, fc.integer({ min: 0, max: 30 }), (input, odd) => {
      const json = JSON.parse(JSON.stringify(odd === 0 ? { ...input, lense: 'wide' } : input));
      const reason = complaint(json);
      const valid = isValid(json);
      if (valid && reason === undefined) both++;
      if (valid) expect(reason ?? 'must enclose an area').toMatch(BEYOND);
      else expect(reason, JSON.stringify(isValid.errors)).toBeDefined();
    }),
    { numRuns: 4000 },
  );
  // Otherwise nothing was compared.
  expect(both).toBeGreaterThan(40);
});

test('the example of the documentation keeps both', () => {
  const docs = readFileSync(join(inject('root'), 'docs/counting.md'), 'utf8');
  const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(docs)![1]!);
  expect(complaint(example)).toBeUndefined();
  expect(isValid(example), JSON.stringify(isValid.errors)).toBe(true);
});
