/** Every number of the contract in one place. Source: Amazon Rekognition API reference and guidelines and quotas. */

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Milliseconds for which a ClientRequestToken names its job: 7 days. */
export const REQUEST_TOKEN_LIFE_MS = 7 * DAY_MS;

/** Milliseconds for which a finished job's results are kept by default: 7 days. */
export const RESULT_LIFE_MS = 7 * DAY_MS;

/** Milliseconds for which a NextToken is accepted: 24 hours. */
export const PAGE_TOKEN_LIFE_MS = 24 * HOUR_MS;

/** Longest NextToken, in characters. */
export const PAGE_TOKEN_MAX_LENGTH = 255;

/** Jobs that may be open (waiting or running) at the same time by default. */
export const OPEN_JOBS_MAX = 20;

/** Largest video by default, in bytes: 10 GiB. */
export const VIDEO_MAX_BYTES = 10 * 1024 ** 3;

/** Elements on a page of GetPersonTracking: the default, and what a larger MaxResults counts as. */
export const PAGE_MAX_RESULTS = 1000;

/** Characters of a JobId that we make: 32 random bytes in lower-case hexadecimal. */
export const JOB_ID_LENGTH = 64;

/** Largest request body of the wire protocol, in bytes: 1 MiB. The largest valid request is below 20 kB. */
export const REQUEST_BODY_MAX_BYTES = 1024 ** 2;
