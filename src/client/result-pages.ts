import { getPersonTrackingResponse, type Page, videoMetadata } from '../contract/answer.ts';
import { invalidPaginationToken, jobNotFound } from '../contract/exceptions.ts';
import { issuePageToken, readPageToken } from '../contract/page-token.ts';
import type { GetPersonTrackingResponse, PersonTrackingSortBy } from '../contract/types.ts';
import type { ValidGetRequest } from '../contract/validate.ts';
import { isOpen, type JobRecord, type Revision } from '../engine/job.ts';
import { elementsOf } from '../engine/results.ts';
import { revisionsOf } from '../engine/revisions.ts';
import { namedRevision } from './named-revision.ts';
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

  /**
   * The page that a request asks for. A token goes on giving pages of the result that it began with.
   * @param wanted names one of the job's results; absent: that of the token, or the latest
   * @throws ServiceException `InvalidPaginationTokenException`, also for one of a result that is gone;
   *   `InvalidParameterException` for a result that the job does not have; `ResourceNotFoundException` for one that is deleted meanwhile
   */
  async page(
    job: JobRecord,
    request: ValidGetRequest,
    wanted?: number,
  ): Promise<GetPersonTrackingResponse> {
    const { JobId, MaxResults, NextToken, SortBy } = request;
    const identity = { jobId: JobId, request: job.request };
    if (isOpen(job)) {
      return getPersonTrackingResponse(identity, { status: 'IN_PROGRESS' });
    }
    const scope = { jobId: JobId, sortBy: SortBy };
    const token =
      NextToken === ''
        ? undefined
        : await readPageToken(NextToken, scope, Date.now(), this.#signer);
    const { revision, elements: total } = token
      ? resultOfToken(job, token.revision, wanted)
      : namedRevision(job, wanted);
    const from = token?.position ?? 0;
    const to = Math.min(total, from + MaxResults);
    const next = { revision, position: to };
    const page: Page = {
      elements: await this.#elements(JobId, revision, SortBy, from, to),
      ...(to < total
        ? { nextToken: await issuePageToken(next, scope, Date.now(), this.#signer) }
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

  async #elements(
    jobId: string,
    revision: number,
    order: PersonTrackingSortBy,
    from: number,
    to: number,
  ) {
    const slices = await this.#jobs.results(jobId, revision, order, from, to);
    const elements = slices.flatMap((slice) => [...elementsOf(slice.chunk, slice.from, slice.to)]);
    // Deleted since its record was read: a part of a page is no answer.
    if (elements.length < to - from) throw jobNotFound(jobId);
    return elements;
  }
}

function resultOfToken(job: JobRecord, revision: number, wanted: number | undefined): Revision {
  if (wanted !== undefined && wanted !== revision) {
    throw invalidPaginationToken(`NextToken is of the result ${revision}, not ${wanted}`);
  }
  const found = revisionsOf(job).find((known) => known.revision === revision);
  if (found) return found;
  throw invalidPaginationToken(
    `NextToken is of the result ${revision}, which is not kept any more`,
  );
}
