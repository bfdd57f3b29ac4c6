/**
 * The answer of GetPersonTracking, built from plain values: members in the model's order and left out where
 * there is nothing to say, longs as integers, ratios as 32-bit floats (older SDKs throw at anything else).
 */
import type {
  GetPersonTrackingResponse,
  PersonDetection,
  VideoColorRange,
  VideoMetadata,
} from './types.ts';
import type { ValidStartRequest } from './validate.ts';

/** One person in one sampled frame. The box is in ratios of the displayed frame, origin top left. */
export interface PathElement {
  /** Milliseconds from the video's start. */
  readonly timestampMs: number;
  /** The person, from 0. */
  readonly index: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The job's own members of an answer. */
export interface JobIdentity {
  readonly jobId: string;
  readonly request: ValidStartRequest;
}

/** What there is to tell of a job. */
export type JobOutcome =
  | { readonly status: 'IN_PROGRESS' }
  | ({
      readonly status: 'FAILED';
      readonly message: string;
      readonly metadata?: VideoMetadata;
    } & Page)
  | ({ readonly status: 'SUCCEEDED'; readonly metadata: VideoMetadata } & Page);

/** One page of a job's elements. A failed job keeps what was found before it failed. */
export interface Page {
  /** In the order asked for. */
  readonly elements: readonly PathElement[];
  /** Only when more remains. */
  readonly nextToken?: string;
}

/** An element in Rekognition's shape. */
function personDetection(element: PathElement): PersonDetection {
  return {
    Timestamp: Math.floor(element.timestampMs),
    Person: {
      Index: element.index,
      BoundingBox: {
        Width: Math.fround(element.width),
        Height: Math.fround(element.height),
        Left: Math.fround(element.left),
        Top: Math.fround(element.top),
      },
    },
  };
}

/**
 * What is known of a video in Rekognition's shape.
 * @param info `durationMs` in milliseconds, `frameRate` in frames a second, 0 where unknown, sizes in pixels of the displayed frame
 */
export function videoMetadata(info: {
  readonly codec: string;
  readonly format: string;
  readonly durationMs: number;
  readonly frameRate: number;
  readonly width: number;
  readonly height: number;
  readonly colorRange?: VideoColorRange;
}): VideoMetadata {
  return {
    Codec: info.codec,
    DurationMillis: Math.floor(info.durationMs),
    Format: info.format,
    ...(info.frameRate > 0 ? { FrameRate: Math.fround(info.frameRate) } : {}),
    FrameHeight: Math.round(info.height),
    FrameWidth: Math.round(info.width),
    ...(info.colorRange === undefined ? {} : { ColorRange: info.colorRange }),
  };
}

/** The whole answer. `Persons` is always there: real clients read it without asking. */
export function getPersonTrackingResponse(
  job: JobIdentity,
  outcome: JobOutcome,
): GetPersonTrackingResponse {
  const page: Page = outcome.status === 'IN_PROGRESS' ? { elements: [] } : outcome;
  const message = outcome.status === 'FAILED' ? outcome.message : undefined;
  const metadata = outcome.status === 'IN_PROGRESS' ? undefined : outcome.metadata;
  const { JobTag, Video } = job.request;
  return {
    JobStatus: outcome.status,
    ...(message === undefined ? {} : { StatusMessage: message }),
    ...(metadata === undefined ? {} : { VideoMetadata: metadata }),
    ...(page.nextToken === undefined ? {} : { NextToken: page.nextToken }),
    Persons: page.elements.map(personDetection),
    JobId: job.jobId,
    Video,
    ...(JobTag === undefined ? {} : { JobTag }),
  };
}
