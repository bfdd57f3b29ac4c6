import { createSHA256 } from 'hash-wasm';
import { Failure } from '../contract/failure.ts';
import { canonicalDetections } from '../export/canonical-detections.ts';
import { canonicalPaths } from '../export/canonical-paths.ts';
import { MANIFEST_FORMAT, type ResultManifest } from '../export/result-manifest.ts';
import { VERSION } from '../protocol/version.ts';
import type { JobSummary, PersonTracking } from './api.ts';
import { assetsFolder } from './assets-folder.ts';

/** Bytes of a video that are in memory at a time. */
const SLICE_BYTES = 4 * 1024 ** 2;

/** How a manifest is made. */
export interface ManifestOptions {
  /** Folder of this origin that holds `models/`, as for `createPersonTracking`; default `./` of the page. */
  readonly assets?: string | URL;
  /** Told as the video is read, bytes of bytes. */
  readonly onProgress?: (read: number, bytes: number) => void;
}

/**
 * What a job's result was computed from and with. The video is read once more, in slices, for its SHA-256.
 * @throws ServiceException `ResourceNotFoundException` for an unknown job
 * @throws Failure `object-missing` or `object-unreadable` where the video cannot be read any more
 * @throws Failure `no-frame` for a job that ended before it looked for people: there is nothing to verify
 */
export async function resultManifest(
  tracking: PersonTracking,
  jobId: string,
  { assets = './', onProgress }: ManifestOptions = {},
): Promise<ResultManifest> {
  const job = await tracking.getJob(jobId);
  const { detector, decode } = job.report ?? {};
  if (job.status === 'IN_PROGRESS' || !detector || !decode)
    throw new Failure('no-frame', 'There is no manifest of a job that has not looked for people.');
  const video = await tracking.getObject({
    Bucket: job.bucket,
    Key: job.key,
    VersionId: job.version,
  });
  const hash = await createSHA256();
  const bytes = await addVideo(hash, video, onProgress);
  const sha256 = hash.digest();
  hash.init();
  // Reading a long video takes minutes, in which the job may be tracked again.
  const revision = job.revisions.at(-1)?.revision;
  const paths = await tracking.getPaths(jobId, revision === undefined ? {} : { revision });
  for (const piece of canonicalPaths(paths)) hash.update(piece);
  const boxesSha256 = hash.digest();
  hash.init();
  const detections = await addDetections(hash, tracking, jobId);
  const { model: _model, ...settings } = job.settings;
  return {
    footpathManifest: MANIFEST_FORMAT,
    footpath: VERSION,
    video: {
      name: job.key,
      bytes,
      sha256,
      width: job.metadata?.FrameWidth ?? 0,
      height: job.metadata?.FrameHeight ?? 0,
    },
    model: await modelOf(job, assets),
    settings,
    computed: {
      backend: detector.backend,
      inputs: detector.inputs.map(({ width, height }) => [width, height] as const),
      ...(detector.identity ? { identity: detector.identity.model } : {}),
      notes: detector.notes,
      browser: navigator.userAgent,
    },
    skipped: {
      framesExpected: decode.framesExpected,
      framesDecoded: decode.framesDecoded,
      framesDamaged: decode.framesDamaged,
      damagedAtMs: decode.damagedAtMs,
    },
    result: {
      status: job.status,
      ...(job.failure ? { failure: job.failure.kind } : {}),
      people: paths.length,
      boxes: paths.reduce((sum, path) => sum + path.timestampsMs.length, 0),
      sha256: boxesSha256,
    },
    ...(detections === undefined
      ? {}
      : { detections: { boxes: detections, sha256: hash.digest() } }),
  };
}

interface Hash {
  update(bytes: Uint8Array): void;
}

/** @returns the number of boxes; undefined where they are not kept any more */
async function addDetections(
  hash: Hash,
  tracking: PersonTracking,
  jobId: string,
): Promise<number | undefined> {
  let boxes = 0;
  try {
    for await (const sample of tracking.getDetections(jobId)) {
      hash.update(canonicalDetections(sample));
      boxes += sample.count;
    }
    return boxes;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'detections-missing') return undefined;
    throw error;
  }
}

/** @returns the video's length */
async function addVideo(
  hash: Hash,
  video: Blob | URL,
  onProgress: ManifestOptions['onProgress'],
): Promise<number> {
  let read = 0;
  if (video instanceof Blob) {
    while (read < video.size) {
      const slice = await video.slice(read, read + SLICE_BYTES).arrayBuffer();
      hash.update(new Uint8Array(slice));
      read += slice.byteLength;
      onProgress?.(read, video.size);
    }
    return read;
  }
  const answer = await fetch(video, { mode: 'same-origin' });
  if (!answer.ok || !answer.body)
    throw new Failure('object-unreadable', `${video.href} answered ${answer.status}.`);
  const length = Number(answer.headers.get('Content-Length') ?? 0);
  const reader = answer.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    hash.update(part.value);
    read += part.value.byteLength;
    onProgress?.(read, Math.max(read, length));
  }
  return read;
}

async function modelOf(
  { settings }: JobSummary,
  assets: string | URL,
): Promise<ResultManifest['model']> {
  const { model } = settings;
  const own = typeof model === 'object';
  // A file of the user's own is kept until its job has ended, and one at an address may be there still.
  if (own && !('url' in model.from)) return { name: model.name, family: model.family };
  const address = own
    ? (model.from as { readonly url: string }).url
    : new URL(`models/${model}/manifest.json`, assetsFolder(assets)).href;
  const named = own ? { name: model.name, family: model.family } : { name: model };
  const answer = await fetch(address, { mode: 'same-origin' }).catch(() => undefined);
  if (!answer?.ok) return named;
  const hash = await createSHA256();
  hash.update(new Uint8Array(await answer.arrayBuffer()));
  return { ...named, sha256: hash.digest() };
}
