import { getPersonTrackingResponse, type Page, videoMetadata } from '../contract/answer.ts';
import { issuePageToken, readPageToken } from '../contract/page-token.ts';
import type { GetPersonTrackingResponse, PersonTrackingSortBy } from '../contract/types.ts';
import type { ValidGetRequest } from '../contract/validate.ts';
import type { JobRecord } from '../engine/job.ts';
import { PageSigner } from './page-signer.ts';
import type { PageStorage } from './storage.ts';

/** Answers of GetPersonTracking, page by page. */
export class ResultPages {
  readonly #jobs: PageStorage['jobs'];
  readonly #signer: PageSigner;

  constructor(storage: PageStorage) {
    this.#jobs = storage.jobs;
    this.#signer = new PageSigner(storage);
  }

  /** Makes the key that signs tokens, if there is none, while there is room for it. */
  async prepare(): Promise<void> {
    await this.#signer.prepare();
  }

  /** The page that a request asks for. @throws ServiceException `InvalidPaginationTokenException` */
  async page(job: JobRecord, request: ValidGetRequest): Promise<GetPersonTrackingResponse> {
    const { JobId, MaxResults, NextToken, SortBy } = request;
    const identity = { jobId: JobId, request: job.request };
    if (job.state === 'queued' || job.state === 'running') {
      return getPersonTrackingResponse(identity, { status: 'IN_PROGRESS' });
    }
    const scope = { jobId: JobId, sortBy: SortBy };
    const from =
      NextToken === '' ? 0 : await readPageToken(NextToken, scope, Date.now(), this.#signer);
    const total = job.elements ?? 0;
    const to = Math.min(total, from + MaxResults);
    const page: Page = {
      elements: await this.#elements(JobId, SortBy, from, to),
      ...(to < total
        ? { nextToken: await issuePageToken(to, scope, Date.now(), this.#signer) }
        : {}),
    };
    const metadata = job.video && videoMetadata(job.video);
    if (job.state === 'succeeded' && metadata) {
      return getPersonTrackingResponse(identity, { status: 'SUCCEEDED', metadata, ...page });
    }
    return getPersonTrackingResponse(identity, {
      status: 'FAILED',
      message: job.failure?.message ?? 'The job failed.',
      ...(metadata ? { metadata } : {}),
      ...page,
    });
  }

  async #elements(jobId: string, order: PersonTrackingSortBy, from: number, to: number) {
    const slices = await this.#jobs.results(jobId, order, from, to);
    return slices.flatMap(({ chunk, from: first, to: end }) =>
      Array.from({ length: end - first }, (_, i) => {
        const k = first + i;
        return {
          timestampMs: chunk.timestampsMs[k]!,
          index: chunk.indices[k]!,
          left: chunk.boxes[4 * k]!,
          top: chunk.boxes[4 * k + 1]!,
          width: chunk.boxes[4 * k + 2]!,
          height: chunk.boxes[4 * k + 3]!,
        };
      }),
    );
  }
}
