import { type Analysis, countByTime, type TimeCount } from '../analytics/analyze.ts';
import type { BucketName } from '../analytics/by-time.ts';

/** An analysis as plain JSON has it: with its stretches of time, and without the scene, which the asker has. */
export interface AnalysisJson extends Omit<Analysis, 'scene' | 'heatMap'> {
  /** Name of the camera, where the scene has one. */
  readonly camera?: string;
  readonly times: readonly TimeCount[];
  readonly heatMap: {
    readonly columns: number;
    readonly rows: number;
    /** To the millisecond. */
    readonly personSeconds: readonly number[];
    readonly people: readonly number[];
  };
}

/** An analysis for JSON. @param by stretch of time that `times` has an entry for */
export function analysisJson(analysis: Analysis, by: BucketName): AnalysisJson {
  const { scene, heatMap, ...rest } = analysis;
  return {
    ...(scene.camera === undefined ? {} : { camera: scene.camera }),
    ...rest,
    times: countByTime(analysis, by),
    heatMap: {
      ...heatMap,
      personSeconds: Array.from(heatMap.personSeconds, (value) => Math.round(1000 * value) / 1000),
      people: Array.from(heatMap.people),
    },
  };
}
