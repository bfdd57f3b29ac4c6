import type { Analysis, AnalysisOptions } from '../analytics/analyze.ts';
import { SceneError } from '../analytics/scene-error.ts';
import { invalidParameter } from '../contract/exceptions.ts';
import type { AnalyzePersonTrackingResponse } from '../contract/types.ts';
import { validateAnalyzePersonTracking } from '../contract/validate.ts';
import { analysisJson } from '../export/analysis-json.ts';
import type { JobSummary } from './api.ts';

/** The answer of AnalyzePersonTracking. @throws ServiceException */
export async function answerAnalysis(
  request: unknown,
  service: {
    getJob(jobId: string): Promise<JobSummary>;
    analyze(jobId: string, scene: unknown, options: AnalysisOptions): Promise<Analysis>;
  },
): Promise<AnalyzePersonTrackingResponse> {
  const { JobId, Scene, StandMillis, By } = validateAnalyzePersonTracking(request);
  const { status, failure, metadata } = await service.getJob(JobId);
  const analysis =
    status === 'IN_PROGRESS' || !metadata
      ? undefined
      : await service.analyze(JobId, Scene, { standMs: StandMillis }).catch(asInvalidParameter);
  return {
    JobStatus: status,
    ...(failure === undefined ? {} : { StatusMessage: failure.message }),
    ...(analysis === undefined ? {} : { Analysis: analysisJson(analysis, By) }),
  };
}

/** A scene that breaks a rule is a parameter that does. */
function asInvalidParameter(error: unknown): never {
  throw error instanceof SceneError ? invalidParameter(error.message) : error;
}
