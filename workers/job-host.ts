/** What the jobs of this thread run on: videos, detector threads, clocks, storage. */
import { Failure } from '../src/contract/failure.ts';
import type { JobProgress, JobRecord } from '../src/engine/job.ts';
import type { JobHost } from '../src/engine/job-host.ts';
import type { VideoInfo } from '../src/engine/ports.ts';
import type { TrackingSettings } from '../src/engine/settings.ts';
import type { DecodedImage } from '../src/media/decoded-image.ts';
import { openVideo } from '../src/media/open-video.ts';
import { fetchPatiently } from '../src/media/patient-fetch.ts';
import type { JobWorkerConfig } from '../src/protocol/worker-api.ts';
import { readObject } from '../src/store/object-body.ts';
import {
  createDetectorPool,
  type OnnxModel,
  type PreparedModel,
} from './detector/pool/detector-pool.ts';
import type { KeptThreads } from './detector/pool/kept-threads.ts';
import { isUnloaded } from './detector/pool/start-threads.ts';
import type { JobPictures } from './job-pictures.ts';
import { embeddingOf } from './known-again.ts';
import { stallTimeout } from './stall-timeout.ts';
import type { ThreadStorage } from './thread-storage.ts';
import { wasmRefused } from './wasm-refused.ts';

/** Whether a runner was closed or its page left, as opposed to having died. */
export type HasLeft = (runner: string) => Promise<boolean>;

/** What all jobs of a thread share. */
export interface HostParts {
  readonly config: JobWorkerConfig;
  readonly storage: ThreadStorage;
  /** Files that the page has open, by their ids. */
  readonly files: ReadonlyMap<string, Blob>;
  readonly hasLeft: HasLeft;
  readonly pictures: JobPictures;
  /** Detector threads between jobs. */
  readonly keptThreads: KeptThreads;
  readonly onProgress: (progress: JobProgress) => void;
}

/** Quality `auto` lets the search for people take so many times the video's length. */
const AUTO_PATIENCE = 2;
/** Backends that need no WebAssembly. */
const WITHOUT_WASM: readonly TrackingSettings['backend'][] = ['webgpu', 'webgl', 'cpu'];

function millisecondsBetweenLooks({ detectEvery }: TrackingSettings, video: VideoInfo): number {
  return (detectEvery * video.durationMs) / Math.max(1, video.expectedSamples);
}

/**
 * Starts what takes scripts from this page's server. Where that is away just then, a failure says nothing about the
 * job: once it is back the start is made again, and where a page dies with its server nothing has failed. It may also be
 * back before anybody looks, so that a start is made again that may have failed for want of a script.
 */
async function outlastingTheServer<T>(signal: AbortSignal, start: () => Promise<T>): Promise<T> {
  // Not what a cache would answer.
  const ask = { method: 'HEAD', cache: 'no-store', signal } as const;
  try {
    return await start();
  } catch (failure) {
    const isAway = await fetch(location.href, ask).then(
      ({ status }) => status >= 500,
      () => true,
    );
    if (!isAway) {
      // A thread whose first script did not come says that it died.
      const isPerhaps = isUnloaded(failure) || Failure.from(failure).kind === 'worker-crashed';
      if (signal.aborted || !isPerhaps) throw failure;
      return await start();
    }
    const isBack = await fetchPatiently(location.href, ask, async ({ ok }) => ok).catch(
      () => false,
    );
    if (!isBack) throw outOfReach(failure);
    return await start();
  }
}

/** What comes of the engine's own files being out of reach: those that read files themselves name them already. */
function outOfReach(error: unknown): Failure {
  const failure = Failure.from(error);
  if (failure.kind === 'model-missing') return failure;
  const where = navigator.onLine ? 'The server of this page is away' : 'This device is offline';
  return new Failure(
    failure.kind,
    `${where}, and part of what finds people is not kept on this device. Connect it and start again.`,
    failure,
  );
}

/** The host of one job. @param signal ends its work */
export function createJobHost(
  parts: HostParts,
  jobId: string,
  signal: AbortSignal,
): JobHost<DecodedImage> {
  const { config, files, hasLeft, pictures, keptThreads } = parts;
  const { jobs, objects } = parts.storage;
  return {
    store: jobs,
    runner: config.runner,
    hasLeft: async (runner) => runner !== undefined && (await hasLeft(runner)),
    openVideo: async (job) => {
      const { bucket, key, version } = job.object;
      const record = await objects.find({ bucket, key, version });
      if (!record) {
        throw new Failure(
          'object-missing',
          `The video ${bucket}/${key} was deleted before the job could read it. Add it again.`,
        );
      }
      const body = await readObject(record, objects, files);
      return openVideo(body instanceof URL ? { url: body.href } : body, {
        sampleRate: job.settings.sampleRate,
      });
    },
    openDetector: async (job, video, onProgress) =>
      outlastingTheServer(signal, async () =>
        createDetectorPool({
          ...(await modelOf(job, parts)),
          ...embeddingOf(job.settings, config.assets),
          backend: job.settings.backend,
          quality: job.settings.quality,
          motionGate: job.settings.motionGate,
          video: video.then((info) => ({
            ...{ width: info.width, height: info.height },
            frameBudgetMs: AUTO_PATIENCE * millisecondsBetweenLooks(job.settings, info),
          })),
          kept: keptThreads,
          onProgress,
          ...(job.chunks > 0 && job.report.detector ? { began: job.report.detector } : {}),
          ...(config.workers === undefined ? {} : { threads: config.workers }),
        }),
      ).catch((error: unknown) => {
        throw (!WITHOUT_WASM.includes(job.settings.backend) && wasmRefused()) || error;
      }),
    glimpse: (image) => pictures.glimpse(jobId, image),
    release: ({ frame }) => frame.close(),
    onProgress: parts.onProgress,
    signal,
    now: () => performance.now(),
    wallClock: () => Date.now(),
    timeout: stallTimeout,
  };
}

async function modelOf(
  { jobId, settings }: JobRecord,
  { config, storage }: HostParts,
): Promise<PreparedModel | OnnxModel> {
  const { model } = settings;
  if (typeof model === 'string') {
    return { manifestUrl: new URL(`models/${model}/manifest.json`, config.assets).href };
  }
  const { name, family, from } = model;
  if ('url' in from) return { onnx: from.url, family };
  const file = await storage.jobs.modelFile(jobId);
  if (file) return { onnx: new File([file], name), family };
  throw new Failure(
    'model-missing',
    `The people finder ${name} is gone: the browser cleared it. Choose its file again and start the job anew.`,
  );
}
