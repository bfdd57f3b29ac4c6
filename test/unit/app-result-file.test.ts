/** Files of results, of whatever length. */
import { expect, test, vi } from 'vitest';
import { resultFile } from '../../src/app/result-file.ts';
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
  const held: number[] = [];
  const Whole = Blob;
  vi.stubGlobal(
    'Blob',
    class extends Whole {
      constructor(parts: BlobPart[], options?: BlobPropertyBag) {
        super(parts, options);
        held.push(
          parts.reduce<number>((sum, it) => sum + (typeof it === 'string' ? it.length : 0), 0),
        );
      }
    },
  );
  const { get } = pagesOf(...new Array<number>(200).fill(1000));
  const tracking: Partial<PersonTracking> = {
    getPersonTracking: ({ NextToken = '' }) => get(NextToken),
  };
  const file = await resultFile(tracking as PersonTracking, 'job', 'json');
  expect(file.size).toBeGreaterThan(15e6);
  expect(Math.max(...held)).toBeLessThan(5e6);
  expect(JSON.parse(await file.text()).Persons).toHaveLength(200_000);
});
