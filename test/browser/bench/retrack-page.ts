/** Tracks a long job again, as a caller of the library does. */
import type { RetrackSettings } from '../../../src/client/api.ts';
import { createPersonTracking } from '../../../src/client/person-tracking.ts';
import {
  CHUNK_SAMPLES,
  DetectionChunkBuilder,
  detectionBytes,
} from '../../../src/engine/sample-chunk.ts';
import { Database } from '../../../src/store/database.ts';
import { JobStore } from '../../../src/store/jobs.ts';
import { busyPlace, FRAME } from '../../bench/busy-place.ts';
import { jobRecord } from '../../fixtures/job-record.ts';

const DATABASE = 'retrack-bench';
const RATE = 15;

/** Stores a job that has ended, with what was found in its video. @param people there at a time */
async function fillDetections(seconds: number, people: number) {
  const database = new Database(DATABASE);
  const jobs = new JobStore(database);
  const samples = RATE * seconds;
  const job = jobRecord({
    state: 'succeeded',
    stage: 'done',
    finishedAtMs: Date.now(),
    notifiedAtMs: Date.now(),
    people: 0,
    elements: 0,
    samplesDone: samples,
    samplesTotal: samples,
    keptDetections: {},
    video: {
      ...FRAME,
      codec: 'h264',
      format: 'QuickTime / MOV',
      durationMs: 1000 * seconds,
      frameRate: RATE,
      expectedSamples: samples,
    },
  });
  await jobs.create(job, undefined, 20);
  let [boxes, bytes, chunks] = [0, 0, 0];
  let chunk = new DetectionChunkBuilder(0);
  const store = async () => {
    const found = chunk.build();
    bytes += detectionBytes(found);
    boxes += found.scores.length;
    chunks++;
    const tracked = { observations: {} as never, snapshot: {} as never };
    await jobs.checkpoint(job.jobId, { ...found, ...tracked }, (record) => ({
      ...record,
      chunks,
      detectionBytes: bytes,
    }));
  };
  let sample = 0;
  for (const detections of busyPlace(people, samples, RATE, 1)) {
    if (chunk.length === CHUNK_SAMPLES) {
      await store();
      chunk = new DetectionChunkBuilder(chunk.end);
    }
    const timeSeconds = sample / RATE;
    chunk.add(
      { frame: sample, timestampMs: Math.floor(1000 * timeSeconds), timeSeconds },
      detections,
    );
    sample++;
  }
  await store();
  await jobs.dropCheckpoints(job.jobId);
  await database.close();
  const { usage = 0 } = await navigator.storage.estimate();
  return { jobId: job.jobId, boxes, bytes, usage };
}

/** @returns milliseconds from the call to the result, and what it has */
async function retrackOnce(jobId: string, settings: RetrackSettings) {
  const tracking = createPersonTracking({ database: DATABASE, assets: '/' });
  const start = performance.now();
  const { people = 0, elements = 0 } = await tracking.retrack(jobId, settings);
  const ms = performance.now() - start;
  await tracking.close();
  return { ms, people, elements };
}

Object.assign(globalThis, { fillDetections, retrackOnce });
