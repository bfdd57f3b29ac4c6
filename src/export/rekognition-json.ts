import type { GetPersonTrackingResponse } from '../contract/types.ts';

/**
 * A job's whole answer as one JSON text: `JobStatus`, `StatusMessage` of a failed job, `VideoMetadata`, and the
 * `Persons` of every page. Comes in pieces, a page each, so that it need not fit into memory.
 *
 * @param getPage GetPersonTracking of the job; `''` asks for the first page
 */
export async function* rekognitionJson(
  getPage: (nextToken: string) => Promise<GetPersonTrackingResponse>,
): AsyncGenerator<string, void, void> {
  let page = await getPage('');
  const { JobStatus, StatusMessage, VideoMetadata } = page;
  // JSON leaves out what is undefined.
  const head = JSON.stringify({ JobStatus, StatusMessage, VideoMetadata });
  yield `${head.slice(0, -1)},"Persons":[`;
  let before = '\n';
  for (;;) {
    const persons = page.Persons.map((person) => JSON.stringify(person));
    if (persons.length > 0) {
      yield before + persons.join(',\n');
      before = ',\n';
    }
    if (page.NextToken === undefined) break;
    page = await getPage(page.NextToken);
  }
  yield '\n]}\n';
}
