/**
 * The shapes of Amazon Rekognition People Pathing (API version 2016-06-27), member for member. As in AWS's own types a member of
 * a request may be undefined, which is absent: of one that is required that is an InvalidParameterException.
 * Source: Amazon Rekognition API reference, StartPersonTracking and GetPersonTracking.
 * https://docs.aws.amazon.com/rekognition/latest/APIReference/API_StartPersonTracking.html
 */

/** Names one stored video. `Version` picks a version; without it the newest counts. */
export interface S3Object {
  /** 3 to 255 characters of `[0-9A-Za-z.\-_]`. */
  Bucket?: string | undefined;
  /** The object's key: 1 to 1024 characters. */
  Name?: string | undefined;
  /** 1 to 1024 characters. */
  Version?: string | undefined;
}

/** The video of a request. */
export interface Video {
  S3Object?: S3Object | undefined;
}

/** The video of a request that was taken: it names one. */
export interface NamedVideo {
  S3Object: { Bucket: string; Name: string; Version?: string };
}

/** Where completion is signalled. Both members are required once the channel is given. */
export interface NotificationChannel {
  /** `arn:aws:sns:REGION:ACCOUNT:TOPIC`; also the name of the `BroadcastChannel` that other tabs listen on. */
  SNSTopicArn: string | undefined;
  /** `arn:aws:iam::ACCOUNT:role/NAME`; checked for its form, used for nothing: no request leaves the device. */
  RoleArn: string | undefined;
}

/** Input of StartPersonTracking. */
export interface StartPersonTrackingRequest {
  Video: Video | undefined;
  /** Makes the request idempotent for 7 days: 1 to 64 characters of `[a-zA-Z0-9-_]`. */
  ClientRequestToken?: string | undefined;
  NotificationChannel?: NotificationChannel | undefined;
  /** Comes back in answers and in the completion message: 1 to 1024 characters of `[a-zA-Z0-9_.\-:+=/]`. */
  JobTag?: string | undefined;
}

/** Answer of StartPersonTracking. */
export interface StartPersonTrackingResponse {
  /** 64 lower-case hexadecimal characters. */
  JobId: string;
}

/** The order of GetPersonTracking's elements: by time (default) or by person. */
export type PersonTrackingSortBy = 'INDEX' | 'TIMESTAMP';

/** Input of GetPersonTracking. */
export interface GetPersonTrackingRequest {
  /** 1 to 64 characters of `[a-zA-Z0-9-_]`. */
  JobId: string | undefined;
  /** Elements (person x sampled frame) a page: at least 1, default 1000; more than 1000 counts as 1000. */
  MaxResults?: number | undefined;
  /** From the page before; `""` or absent asks for the first page. At most 255 characters. */
  NextToken?: string | undefined;
  /** Default `TIMESTAMP`. */
  SortBy?: PersonTrackingSortBy | undefined;
}

/** State of a job as Rekognition tells it. */
export type VideoJobStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';

/** Range of the video's luma values. */
export type VideoColorRange = 'FULL' | 'LIMITED';

/** What the container and the codec say of the video. */
export interface VideoMetadata {
  /** For example `h264`, `vp9`, `av1`. */
  Codec: string;
  /** Integer milliseconds. */
  DurationMillis: number;
  /** For example `QuickTime / MOV` (MP4 too, as Rekognition had it). */
  Format: string;
  /** Frames a second, a 32-bit float; absent where the video tells none. */
  FrameRate?: number;
  /** Displayed height in pixels, after rotation. */
  FrameHeight: number;
  /** Displayed width in pixels, after rotation. */
  FrameWidth: number;
  ColorRange?: VideoColorRange;
}

/** A box as ratios of the displayed frame's width and height, origin top left, 32-bit floats. */
export interface BoundingBox {
  Width: number;
  Height: number;
  Left: number;
  Top: number;
}

/** A place of a face, by Rekognition's name. */
export type LandmarkType =
  | 'eyeLeft'
  | 'eyeRight'
  | 'nose'
  | 'mouthLeft'
  | 'mouthRight'
  | 'leftEyeBrowLeft'
  | 'leftEyeBrowRight'
  | 'leftEyeBrowUp'
  | 'rightEyeBrowLeft'
  | 'rightEyeBrowRight'
  | 'rightEyeBrowUp'
  | 'leftEyeLeft'
  | 'leftEyeRight'
  | 'leftEyeUp'
  | 'leftEyeDown'
  | 'rightEyeLeft'
  | 'rightEyeRight'
  | 'rightEyeUp'
  | 'rightEyeDown'
  | 'noseLeft'
  | 'noseRight'
  | 'mouthUp'
  | 'mouthDown'
  | 'leftPupil'
  | 'rightPupil'
  | 'upperJawlineLeft'
  | 'midJawlineLeft'
  | 'chinBottom'
  | 'midJawlineRight'
  | 'upperJawlineRight';

/** A face. Reserved: optional in the contract, and not computed yet. */
export interface FaceDetail {
  BoundingBox?: BoundingBox;
  Confidence?: number;
  Landmarks?: { Type: LandmarkType; X: number; Y: number }[];
  Pose?: { Roll: number; Yaw: number; Pitch: number };
  Quality?: { Brightness: number; Sharpness: number };
}

/** One person at one time. */
export interface PersonDetail {
  /** Counts from 0 without gaps in order of first appearance; only meaningful within its job. */
  Index: number;
  BoundingBox?: BoundingBox;
  Face?: FaceDetail;
}

/** One element of the answer: a person in a sampled frame. */
export interface PersonDetection {
  /** Integer milliseconds from the video's start. */
  Timestamp: number;
  Person: PersonDetail;
}

/** Input of AnalyzePersonTracking, Footpath's own operation. */
export interface AnalyzePersonTrackingRequest {
  /** 1 to 64 characters of `[a-zA-Z0-9-_]`. */
  JobId: string;
  /** Lines, zones, clock and calibration: docs/counting.md. */
  Scene: object;
  /** Shortest time in milliseconds that counts as standing still: above 0, default 20,000. */
  StandMillis?: number | undefined;
  /** Stretch of time that counts are given by. Default `hour`. */
  By?: 'minute' | 'quarter-hour' | 'hour' | 'day' | undefined;
}

/** Answer of AnalyzePersonTracking. */
export interface AnalyzePersonTrackingResponse {
  JobStatus: VideoJobStatus;
  /** Why the job failed. */
  StatusMessage?: string;
  /** What was counted, as `footpath count` writes it; of a job that ended with its video read. */
  Analysis?: object;
}

/** Answer of GetPersonTracking. */
export interface GetPersonTrackingResponse {
  JobStatus: VideoJobStatus;
  /** Says why a job failed. */
  StatusMessage?: string;
  /** Always there once the job succeeded. */
  VideoMetadata?: VideoMetadata;
  /** Only when more remains. */
  NextToken?: string;
  /** Always there; empty while the job runs. */
  Persons: PersonDetection[];
  JobId: string;
  Video: NamedVideo;
  JobTag?: string;
}

/** The body of the completion message that Rekognition published to Amazon SNS, in its key order. */
export interface CompletionMessage {
  JobId: string;
  Status: 'SUCCEEDED' | 'FAILED';
  API: 'StartPersonTracking';
  /** Only when the request had one. */
  JobTag?: string;
  /** Unix time of completion in milliseconds. */
  Timestamp: number;
  Video: { S3ObjectName: string; S3Bucket: string };
}
