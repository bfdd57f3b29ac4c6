/**
 * The `requestHandler` of AWS SDK for JavaScript v3 clients: requests go to a function instead of the network.
 * The SDK itself is not needed here; its HttpHandler interface is small enough to be met by shape.
 */
import { TARGET_HEADER } from '../contract/aws-json.ts';
import type { Handler } from './handler.ts';

/** What the SDK hands over. The body is bytes in current versions and a string in older ones. */
export interface SdkHttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What the SDK wants back. The body must be bytes. */
export interface SdkHttpResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

/** What the SDK passes along with a request, as far as it matters here. */
export interface SdkHandlerOptions {
  /** An AbortSignal of the platform, or the SDK's own older kind that only has `onabort`. */
  readonly abortSignal?: { readonly aborted: boolean; onabort: unknown } | undefined;
}

/** Goes into `new RekognitionClient({ requestHandler })` of any version 3 of the SDK. */
export interface SdkRequestHandler {
  handle(
    request: SdkHttpRequest,
    options?: SdkHandlerOptions,
  ): Promise<{ response: SdkHttpResponse }>;
  /** The SDK's extensions set timeouts and the like of a connection so: there is none, and it does nothing. */
  updateHttpClientConfig(key: never, value: never): void;
  /** What they have set: nothing. */
  httpHandlerConfigs(): Record<never, never>;
}

function targetOf(headers: Readonly<Record<string, string>>): string | undefined {
  const name = Object.keys(headers).find((key) => key.toLowerCase() === TARGET_HEADER);
  return name === undefined ? undefined : headers[name];
}

/** Named as the SDK's own handlers name it; the SDK neither wraps nor retries it. */
function abortError(): Error {
  const error = new Error('Request aborted');
  error.name = 'AbortError';
  return error;
}

/** `call`'s outcome, or an AbortError as soon as the signal fires. */
function untilAborted<Outcome>(
  call: Promise<Outcome>,
  signal: NonNullable<SdkHandlerOptions['abortSignal']>,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError());
    const platform = signal instanceof AbortSignal;
    if (platform) signal.addEventListener('abort', abort, { once: true });
    else signal.onabort = abort;
    const settled = () => {
      if (platform) signal.removeEventListener('abort', abort);
    };
    call.then(resolve, reject).finally(settled);
  });
}

/**
 * Makes an SDK request handler of an endpoint.
 * @param handle for example `createHandler(service)`
 * @returns an object whose `handle` rejects with an `AbortError` once its abort signal fires. A start that was
 *   handed over before goes on: with a ClientRequestToken, asking again finds the same job.
 */
export function createRequestHandler(handle: Handler): SdkRequestHandler {
  async function answer(request: SdkHttpRequest): Promise<{ response: SdkHttpResponse }> {
    const target = targetOf(request.headers);
    const response = await handle(
      // The URL is never fetched: a Request has to have one.
      new Request('https://rekognition.invalid/', {
        method: request.method,
        headers: target === undefined ? {} : { [TARGET_HEADER]: target },
        body: (request.body ?? null) as BodyInit | null,
      }),
    );
    return {
      response: {
        statusCode: response.status,
        headers: Object.fromEntries(response.headers),
        body: new Uint8Array(await response.arrayBuffer()),
      },
    };
  }

  return {
    async handle(request, options = {}) {
      const { abortSignal } = options;
      if (abortSignal === undefined) return answer(request);
      if (abortSignal.aborted) throw abortError();
      return untilAborted(answer(request), abortSignal);
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}
