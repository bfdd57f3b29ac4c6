import { expect, test } from 'vitest';
import { Failure } from '../../src/contract/failure.ts';

test('a failure survives the way through its plain form', () => {
  const failure = new Failure('no-frame', 'Nothing could be decoded.');
  expect(Failure.fromRecord(structuredClone(failure.toRecord()))).toEqual(failure);
});

test('any thrown value becomes a failure that keeps its text and cause', () => {
  const cause = new RangeError('boom');
  const failure = Failure.from(cause, 'decoder-failed');
  expect(failure).toMatchObject({ kind: 'decoder-failed', message: 'RangeError: boom', cause });
  expect(Failure.from(failure)).toBe(failure);
  expect(Failure.from('plain')).toMatchObject({ kind: 'internal', message: 'plain' });
});
