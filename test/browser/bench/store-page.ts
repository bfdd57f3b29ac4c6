/** Reads a very long job page by page, as a caller of GetPersonTracking does. */
import { createPersonTracking } from '../../../src/client/person-tracking.ts';
import type { PersonTrackingSortBy } from '../../../src/contract/types.ts';
import { storeBigJob } from '../../fixtures/big-job.ts';

const DATABASE = 'pages-bench';

/** @returns JobId and milliseconds of storing the results */
async function fillStore(people: number) {
  const start = performance.now();
  const jobId = await storeBigJob(DATABASE, people);
  return { jobId, ms: performance.now() - start };
}

/**
 * Walks through the job for its tokens, then reads pages at random positions.
 * @returns milliseconds: of every page in its order, and of random ones with their positions from 0 to 1
 */
async function readPages(jobId: string, sortBy: PersonTrackingSortBy, reads: number) {
  const tracking = createPersonTracking({ database: DATABASE });
  const read = async (NextToken: string) => {
    const start = performance.now();
    const page = await tracking.getPersonTracking({
      JobId: jobId,
      SortBy: sortBy,
      NextToken,
      MaxResults: 1000,
    });
    return { page, ms: performance.now() - start };
  };
  const tokens: string[] = [];
  const walkMs: number[] = [];
  let elements = 0;
  for (let token: string | undefined = ''; token !== undefined; ) {
    tokens.push(token);
    const { page, ms } = await read(token);
    walkMs.push(ms);
    elements += page.Persons.length;
    token = page.NextToken;
  }
  const random: { at: number; ms: number }[] = [];
  for (let i = 0; i < reads; i++) {
    const page = Math.floor(Math.random() * tokens.length);
    random.push({ at: page / (tokens.length - 1), ms: (await read(tokens[page]!)).ms });
  }
  await tracking.close();
  return { elements, walkMs, random };
}

Object.assign(globalThis, { fillStore, readPages });
