/** Rekognition's endpoint as a function from the fetch API's Request to its Response. */
import {
  decodeInput,
  encodeException,
  encodeOutput,
  operationOf,
  TARGET_HEADER,
  type WireAnswer,
} from '../contract/aws-json.ts';
import { ServiceException } from '../contract/exceptions.ts';
import { newRequestId, REQUEST_ID_BYTES } from '../contract/identity.ts';
import type {
  AnalyzePersonTrackingResponse,
  GetPersonTrackingResponse,
  StartPersonTrackingResponse,
} from '../contract/types.ts';

/** The operations. They check their input themselves and throw ServiceException. */
export interface PersonTrackingService {
  startPersonTracking(request: unknown): Promise<StartPersonTrackingResponse>;
  getPersonTracking(request: unknown): Promise<GetPersonTrackingResponse>;
  analyzePersonTracking(request: unknown): Promise<AnalyzePersonTrackingResponse>;
}

/** Answers a request of the wire protocol; settles with an answer whatever comes in. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * An endpoint that speaks awsJson1_1, for any client of Rekognition that can be pointed at it. It looks at the
 * method, the X-Amz-Target header and the body; path, host and signature do not matter.
 * Every failure becomes an answer of the protocol; one that is a defect of ours is also written to the console.
 */
export function createHandler(service: PersonTrackingService): Handler {
  async function call(request: Request): Promise<object> {
    if (request.method !== 'POST') {
      throw new ServiceException(
        'UnknownOperationException',
        `The method must be POST, but is ${request.method}.`,
        { httpStatusCode: 405 },
      );
    }
    const operation = operationOf(request.headers.get(TARGET_HEADER));
    const input = decodeInput(new Uint8Array(await request.arrayBuffer()));
    switch (operation) {
      case 'StartPersonTracking':
        return service.startPersonTracking(input);
      case 'GetPersonTracking':
        return service.getPersonTracking(input);
      case 'AnalyzePersonTracking':
        return service.analyzePersonTracking(input);
    }
  }

  return async (request) => {
    const requestId = newRequestId(crypto.getRandomValues(new Uint8Array(REQUEST_ID_BYTES)));
    let answer: WireAnswer;
    try {
      answer = encodeOutput(await call(request), requestId);
    } catch (error) {
      const exception = ServiceException.from(error);
      if (exception.name === 'InternalServerError') console.error(requestId, exception.cause);
      answer = encodeException(exception, requestId);
    }
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}
