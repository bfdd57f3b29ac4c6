/** Files of results, of whatever length. */
import { expect, test, vi } from 'vitest';
import { isLongFile, resultFile, saveResult } from '../../src/app/result-file.ts';
import type { PersonTracking } from '../../src/client/api.ts';
import type { GetPersonTrackingResponse } from '../../src/contract/types.ts';
import { rekognitionJson } from '../../src/export/rekognition-json.ts';

const box = { Left: 0.1, Top: 0.2, Width: 0.3, Height: 0.4 };

/** Pages of an answer, of so many elements each. */
function pagesOf(...counts: number[]) {
  const pages = counts.map(
    (count, page): GetPersonTrackingResponse => ({
      JobId: 'job',
      Video: { S3Object: { Bucket: 'videos', Name: 'day.mp4' } },
      JobStatus: 'SUCCEEDED',
      Persons: Array.from({ length: count }, (_, k) => ({
        Timestamp: 1000 * page + k,
        Person: { Index: page, BoundingBox: box },
      })),
      ...(page + 1 < counts.length ? { NextToken: String(page + 1) } : {}),
    }),
  );
  return { pages, get: async (token: string) => pages[Number(token)]! };
}

test.each([[[0]], [[1]], [[3, 2]], [[0, 2, 0, 1]]])(
  'an answer of pages of %j is one of all, a piece a page',
  async (counts) => {
    const { pages, get } = pagesOf(...counts);
    const pieces: string[] = [];
    for await (const piece of rekognitionJson(get)) pieces.push(piece);
    expect(JSON.parse(pieces.join(''))).toEqual({
      JobStatus: 'SUCCEEDED',
      Persons: pages.flatMap(({ Persons }) => Persons),
    });
    expect(pieces.length).toBeLessThanOrEqual(2 + counts.length);
  },
);

test('of a long file the page holds a part at a time', async () => {
  const { get } = pagesOf(...new Array<number>(200).fill(1000));
  const tracking: Partial<PersonTracking> = {
    getPersonTracking: ({ NextToken = '' }) => get(NextToken),
  };
  const { parts } = await resultFile(tracking as PersonTracking, 'job', 'json');
  const all: string[] = [];
  for await (const part of parts) all.push(part);
  const text = all.join('');
  expect(text.length).toBeGreaterThan(15e6);
  expect(Math.max(...all.map(({ length }) => length))).toBeLessThan(5e6);
  expect(JSON.parse(text).Persons).toHaveLength(200_000);
});

test('a long file is written where its place is asked for, part by part', async () => {
  const { get } = pagesOf(...new Array<number>(200).fill(1000));
  let pages = 0;
  const tracking: Partial<PersonTracking> = {
    getPersonTracking: ({ NextToken = '' }) => {
      pages++;
      return get(NextToken);
    },
  };
  const written: string[] = [];
  const pagesAt: number[] = [];
  const stream = {
    write: async (part: string) => {
      written.push(part);
      pagesAt.push(pages);
    },
    close: vi.fn(),
    abort: vi.fn(async () => undefined),
  };
  const remove = vi.fn(async () => undefined);
  const showSaveFilePicker = vi.fn(async () => ({ createWritable: async () => stream, remove }));
  vi.stubGlobal('window', { showSaveFilePicker });
  const make = () => resultFile(tracking as PersonTracking, 'job', 'json');
  await saveResult('day-people.json', make, undefined, isLongFile({ elements: 2e7 }));
  expect(showSaveFilePicker).toHaveBeenCalledWith(
    expect.objectContaining({ suggestedName: 'day-people.json', startIn: 'downloads' }),
  );
  expect(pagesAt[0]).toBeLessThan(100);
  expect(JSON.parse(written.join('')).Persons).toHaveLength(200_000);
  expect(stream.close).toHaveBeenCalled();
  expect(remove).not.toHaveBeenCalled();
  // The dialogue makes an empty file, which is not left where there is nothing to be had or no room.
  const gone = async () => Promise.reject(new Error('gone'));
  await expect(saveResult('day-people.json', gone, undefined, true)).rejects.toThrow('gone');
  expect(remove).toHaveBeenCalledTimes(1);
  stream.write = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await expect(saveResult('day-people.json', make, undefined, true)).rejects.toThrow('full');
  expect(stream.abort).toHaveBeenCalled();
  expect(remove).toHaveBeenCalledTimes(2);
  vi.unstubAllGlobals();
});
