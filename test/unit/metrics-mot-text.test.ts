import { expect, test } from 'vitest';
import { formatMot, parseMot, parseMotResults, parseMotTruth } from '../../src/metrics/mot-text.ts';

test('reads rows parted by commas or blanks, with any line ending', () => {
  const rows = parseMot(
    '\uFEFF1,2,3.5,4,5,6,0.5,-1,-1,-1\r\n\r\n7 8  9 10 11 12 1\n3, 4, 5, 6, 7, 8, 9',
    'a.txt',
  );
  expect(rows.count).toBe(3);
  expect([...rows.frames]).toEqual([1, 7, 3]);
  expect([...rows.ids]).toEqual([2, 8, 4]);
  expect([...rows.boxes]).toEqual([3.5, 4, 5, 6, 9, 10, 11, 12, 5, 6, 7, 8]);
  expect([...rows.scores]).toEqual([0.5, 1, 9]);
  expect(rows.classes).toBeUndefined();
});

test.each(['\n', '\r\n', '\r'])('lines end with %j', (end) => {
  const text = ['1,1,0,0,9,9,1,1,1', '', '2,1,0,0,9,9,1,x,1'].join(end);
  expect([...parseMot(text, 'a').frames]).toEqual([1, 2]);
  expect([...parseMot(text, 'a').lines!]).toEqual([1, 3]);
  expect(() => parseMotTruth(text, 'a')).toThrow('a:3: class NaN');
});

test('truth of ten columns has classes where the eighth column can be nothing else', () => {
  const classes = (...lines: string[]) => {
    const found = parseMotTruth(lines.map((line) => `1,1,0,0,9,9,1,${line}\n`).join(''), 'a');
    return found.classes && [...found.classes];
  };
  // VisDrone: class, truncation, occlusion; and others with visibility and a filler.
  expect(classes('1,0,0', '4,1,2', '9,0,1')).toEqual([1, 4, 9]);
  expect(classes('1,0.5,-1', '3,1,-1')).toEqual([1, 3]);
  expect(classes('3,0,0,-1')).toEqual([3]);
  // MOT15: coordinates in the world, or none.
  expect(classes('-4.1554,-7.3591,0', '2,1,0')).toBeUndefined();
  expect(classes('2,1,0', '3,4,0')).toBeUndefined();
  expect(classes('-1,-1,-1')).toBeUndefined();
  expect(classes('0,0,0')).toBeUndefined();
  expect(() => classes('1,0,0', '0,0,0')).toThrow('a:2: class 0 is not');
  expect(() => classes('1,0,0', '14,0,0')).toThrow('a:2: class 14 is not');
});

test('truth whose lines have not one width is refused: where a class is missing, a car is a person', () => {
  expect(() => parseMotTruth('1,1,0,0,9,9,1,3,1\n1,2,0,0,9,9,1\n', 'a')).toThrow(
    'a:2: 7 columns, but the rows before have 9',
  );
  expect(parseMotTruth('1,1,0,0,9,9,1,3,1,\n1,2,0,0,9,9,1,1,1\n', 'a').count).toBe(2);
});

test('results are of pedestrians, as far as they tell', () => {
  const parse = (...lines: string[]) =>
    parseMotResults(lines.map((line) => `1,1,0,0,9,9,0.5${line}\n`).join(''), 'r.txt');
  expect(parse('', ',1', ',1,-1,-1', ',-1,-1,-1', ',0', ',1.9').count).toBe(6);
  expect(() => parse(',1', ',3,-1,-1')).toThrow('r.txt:2: class 3 (column 8) is not that of a ped');
  expect(() => parse(',2')).toThrow('class 2');
  expect(() => parse(',car')).toThrow('class NaN');
  // Detections are of whom their user says.
  expect(parseMot('1,1,0,0,9,9,0.5,3\n', 'd').count).toBe(1);
});

test('truth has classes in nine columns, not in ten, and not when they are all -1', () => {
  expect([...parseMotTruth('1,1,0,0,9,9,1,1,1\n1,2,0,0,9,9,0,7,0.5\n', 'a').classes!]).toEqual([
    1, 7,
  ]);
  expect(parseMotTruth('1,1,0,0,9,9,1,1,2,3\n', 'a').classes).toBeUndefined();
  expect(parseMotTruth('1,1,0,0,9,9,1,-1,-1\n', 'a').classes).toBeUndefined();
  expect(parseMotTruth('1,1,0,0,9,9,1\n', 'a').classes).toBeUndefined();
});

test.each([
  ['1,2,3,4,5,6', 'gt.txt:2: 6 columns, but at least 7'],
  ['1,2,3,4,five,6,1', 'gt.txt:2: width "five" is not a number'],
  ['1,2,3,,5,6,1', 'gt.txt:2: top "" is not a number'],
  ['1,2,3,nan,5,6,1', 'gt.txt:2: top "nan" is not a number'],
  ['1,2.5,3,4,5,6,1', 'gt.txt:2: id "2.5" is not a whole number'],
  ['9e9,2,3,4,5,6,1', 'gt.txt:2: frame "9e9" is not a whole number'],
  ['1,2,3,4,5,6,1,14,1', 'gt.txt:2: class 14 is not a whole number from 1'],
  ['1,2,3,4,5,6,1,car,1', 'gt.txt:2: class NaN is not a whole number from 1'],
])('names the line of "%s"', (line, message) => {
  expect(() => parseMotTruth(`1,1,0,0,9,9,1,1,1\n${line}\n`, 'gt.txt')).toThrow(message);
});

test('writes what it reads', () => {
  const text = '1,2,-3.50,4.00,5.25,6.00,0.5,-1,-1,-1\n12,-1,0.00,0.00,1.00,2.00,0.1235,-1,-1,-1\n';
  expect(formatMot(parseMot(text, 'a.txt'))).toBe(text);
});
