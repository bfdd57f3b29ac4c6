/**
 * Footpath: people pathing on the device. The whole public interface, name by name.
 */
export type {
  JobPicture,
  JobSettings,
  JobSummary,
  ObjectBody,
  ObjectSummary,
  OwnModel,
  PersonTracking,
  PersonTrackingEventMap,
  PersonTrackingOptions,
  PutObjectRequest,
  RetrackSettings,
  RevisionOption,
  RevisionSummary,
} from './client/api.ts';
export { canStore } from './client/can-store.ts';
export { createPersonTracking } from './client/person-tracking.ts';
export type {
  SdkHandlerOptions,
  SdkHttpRequest,
  SdkHttpResponse,
  SdkRequestHandler,
} from './client/request-handler.ts';
export { ServiceException, type ServiceExceptionName } from './contract/exceptions.ts';
export { Failure, type FailureKind, type FailureRecord } from './contract/failure.ts';
export type {
  BoundingBox,
  CompletionMessage,
  FaceDetail,
  GetPersonTrackingRequest,
  GetPersonTrackingResponse,
  LandmarkType,
  NamedVideo,
  NotificationChannel,
  PersonDetail,
  PersonDetection,
  PersonTrackingSortBy,
  S3Object,
  StartPersonTrackingRequest,
  StartPersonTrackingResponse,
  Video,
  VideoColorRange,
  VideoJobStatus,
  VideoMetadata,
} from './contract/types.ts';
export type { JobProgress, JobReport, JobStage } from './engine/job.ts';
export type { BackendName, DecodeReport, DetectorReport, SampleRate } from './engine/ports.ts';
export type {
  FollowingSetting,
  ModelName,
  OwnModelRecord,
  TrackingSettings,
} from './engine/settings.ts';
export { DEFAULT_SETTINGS } from './engine/settings.ts';
export type { Detections, SampleDetections } from './track/detections.ts';
export type { PersonPath } from './track/path.ts';
export type { Assignments, Tracker, TrackerSnapshot } from './track/tracker.ts';
