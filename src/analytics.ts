/** The entry `footpath/analytics`: counting from finished paths. Pure: it runs in browsers and in Node. */

export type { AnalysedPath } from './analytics/analysed-path.ts';
export {
  type AnalysedVideo,
  type Analysis,
  type AnalysisOptions,
  analyze,
  countByTime,
  type LineCount,
  type PersonFigures,
  type TimeCount,
  type ZoneCount,
} from './analytics/analyze.ts';
export { type BucketName, clockText, type TimeBucket } from './analytics/by-time.ts';
export { floorOf, type SceneCalibration, type ToFloor } from './analytics/calibration.ts';
export { withoutShake } from './analytics/camera-shake.ts';
export { cameraFromName, clockFromName } from './analytics/clock-from-name.ts';
export {
  CROSSING_MARGIN,
  type Crossing,
  crossingsOf,
  type UncertainReason,
} from './analytics/crossings.ts';
export type { Point } from './analytics/geometry.ts';
export { type HeatMap, heatMapOf } from './analytics/heat-map.ts';
export { type Hit, type HitQuestion, hitsOf } from './analytics/hits.ts';
export { joinBroken } from './analytics/join-broken.ts';
export { AnswerError, pathsFromAnswer } from './analytics/paths-from-answer.ts';
export {
  type AnchorKind,
  EMPTY_SCENE,
  parseScene,
  type Scene,
  type SceneLine,
  type SceneZone,
} from './analytics/scene.ts';
export { SceneError } from './analytics/scene-error.ts';
export { bodyHeightSpeeds, speedsOf } from './analytics/speed.ts';
export { type Stand, standsOf } from './analytics/stands.ts';
export { type Trajectory, trajectoriesOf } from './analytics/trajectory.ts';
export {
  LONGEST_UNSEEN_MS,
  type Occupancy,
  occupancyFigures,
  occupancyOf,
  type Transition,
  transitionsOf,
  type Visit,
  visitsOf,
  ZONE_MARGIN,
} from './analytics/visits.ts';
