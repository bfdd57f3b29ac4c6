import type { AnalysedPath } from '../analytics/analysed-path.ts';
import type { Analysis } from '../analytics/analyze.ts';
import { parseScene } from '../analytics/scene.ts';
import type { FrameSize } from '../engine/common-frame.ts';
import { frameRatios } from '../engine/frame-ratios.ts';
import { isOpen, type JobRecord } from '../engine/job.ts';
import { CHUNK_SAMPLES, type SampleChunk } from '../engine/sample-chunk.ts';
import type { JobStore } from '../store/jobs.ts';
import { CONFIRMED } from '../track/tracker.ts';
import { analysedVideo } from './analyze-job.ts';

/** What is kept of a chunk: who was where and when. */
interface Sightings {
  readonly timesMs: Float64Array;
  readonly ids: Int32Array;
  /** 4 a sighting: Left, Top, Width, Height as ratios of the frame. */
  readonly boxes: Float32Array;
  /** Ids that the tracker was sure of. */
  readonly sure: readonly number[];
}

/**
 * Paths of a running job as its tracker has them, before hindsight: of those people that it is sure of. Chunks that are
 * whole are read once.
 */
export class PathsSoFar {
  readonly #jobId: string;
  #whole: Sightings[] = [];

  constructor(jobId: string) {
    this.#jobId = jobId;
  }

  /** @param chunks stored so far; @param frame displayed size in pixels */
  async read(
    jobs: Pick<JobStore, 'sampleChunk'>,
    chunks: number,
    frame: FrameSize,
  ): Promise<AnalysedPath[]> {
    const open: Sightings[] = [];
    // The job began anew.
    if (chunks < this.#whole.length) this.#whole = [];
    for (let i = this.#whole.length; i < chunks; i++) {
      const chunk = await jobs.sampleChunk(this.#jobId, i);
      if (!chunk) break;
      // Another call has read it meanwhile.
      if (i < this.#whole.length) continue;
      const sightings = sightingsOf(chunk, frame);
      if (chunk.times.length === CHUNK_SAMPLES && this.#whole.length === i)
        this.#whole.push(sightings);
      else open.push(sightings);
    }
    return joinSightings([...this.#whole, ...open]);
  }
}

/** Counts a running job as far as it has come: see `PersonTracking.analyzeSoFar`. */
export class CountsSoFar {
  readonly #jobs: Pick<JobStore, 'sampleChunk'>;
  /** Of the job that was asked about last. */
  #last: { readonly jobId: string; readonly paths: PathsSoFar } | undefined;

  constructor(jobs: Pick<JobStore, 'sampleChunk'>) {
    this.#jobs = jobs;
  }

  /** @param jobOf asked for once the scene is known to be one */
  async analyze(scene: unknown, jobOf: () => Promise<JobRecord>): Promise<Analysis | undefined> {
    const counted = parseScene(scene);
    const job = await jobOf();
    const video = analysedVideo(job);
    if (!isOpen(job) || !job.video || !video) {
      this.#last = undefined;
      return undefined;
    }
    const { jobId } = job;
    if (this.#last?.jobId !== jobId) this.#last = { jobId, paths: new PathsSoFar(jobId) };
    const paths = await this.#last.paths.read(this.#jobs, job.chunks, job.video);
    const { analyze } = await import('../analytics/analyze.ts');
    return analyze(paths, counted, video);
  }
}

function sightingsOf(
  { observations, times, firstSample }: SampleChunk,
  frame: FrameSize,
): Sightings {
  const { count, samples, ids, boxes, states } = observations;
  const timesMs: number[] = [];
  const seen: number[] = [];
  const ratios: number[] = [];
  const sure = new Set<number>();
  for (let k = 0; k < count; k++) {
    const id = ids[k]!;
    if (states[k] === CONFIRMED) sure.add(id);
    const box = frameRatios(boxes, k, frame);
    if (!box) continue;
    timesMs.push(1000 * times[samples[k]! - firstSample]!);
    seen.push(id);
    ratios.push(...box);
  }
  return {
    timesMs: Float64Array.from(timesMs),
    ids: Int32Array.from(seen),
    boxes: Float32Array.from(ratios),
    sure: [...sure],
  };
}

function joinSightings(parts: readonly Sightings[]): AnalysedPath[] {
  const sure = new Set(parts.flatMap((part) => part.sure));
  const people = new Map<number, { timestampsMs: number[]; boxes: number[] }>();
  for (const { timesMs, ids, boxes } of parts) {
    ids.forEach((id, k) => {
      if (!sure.has(id)) return;
      const own = people.get(id) ?? { timestampsMs: [], boxes: [] };
      if (own.timestampsMs.length === 0) people.set(id, own);
      own.timestampsMs.push(timesMs[k]!);
      own.boxes.push(...boxes.subarray(4 * k, 4 * k + 4));
    });
  }
  // Ids count from 1, an Index from 0.
  return [...people].map(([id, path]) => ({ index: id - 1, ...path }));
}
