import { expect, test } from 'vitest';
import { counted, resultText } from '../../cli/counted.ts';

test('the command line says one person, and no people', () => {
  expect(resultText(1, 1)).toBe('1 person, 1 box');
  expect(resultText(0, 0)).toBe('0 people, 0 boxes');
  expect(resultText(5, 803)).toBe('5 people, 803 boxes');
  expect(counted(1, 'sample')).toBe('1 sample');
});
