/** Writes that fail and threads that die, at every write of a job. */
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/contract/failure.ts';
import { failJob } from '../../src/engine/finish-job.ts';
import { MAX_ATTEMPTS, reopened } from '../../src/engine/job.ts';
import type { JobHost } from '../../src/engine/job-host.ts';
import { runJob } from '../../src/engine/run-job.ts';
import { MemoryJobStore } from '../../src/store/memory-jobs.ts';
import { closeInMidst } from '../fixtures/close-in-midst.ts';
import { engineHost, SAMPLES } from '../fixtures/engine-host.ts';
import { type FaultyStore, type Outcome, surviveFault } from '../fixtures/fault-loop.ts';
import { jobRecord } from '../fixtures/job-record.ts';

/** How a write fails: alone, or with all that come later; done, but its answer lost, so that it is made once more. */
type Way =
  | 'full'
  | 'full from then on'
  | 'closed'
  | 'closed from then on'
  | 'made twice'
  | 'killed';

class FaultyMemory extends MemoryJobStore implements FaultyStore<Way> {
  readonly jobs = this;
  readonly died: Promise<void>;
  #die!: () => void;
  #writes = 0;
  #fault: { ordinal: number; way: Way } | undefined;
  #hasFailed = false;

  constructor() {
    super();
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  failWrite(ordinal: number, way: Way): void {
    this.#writes = 0;
    this.#fault = { ordinal, way };
  }

  mend(): boolean {
    this.#fault = undefined;
    return this.#hasFailed;
  }

  protected override async write<T>(change: () => T): Promise<T> {
    const { ordinal = Number.POSITIVE_INFINITY, way } = this.#fault ?? {};
    const behind = this.#writes++ - ordinal;
    const isMeant = behind === 0 || (behind > 0 && way?.endsWith('from then on'));
    if (!isMeant) return super.write(change);
    this.#hasFailed = true;
    if (way === 'made twice') await super.write(change);
    else if (way === 'killed') {
      this.#die();
      return new Promise<never>(() => {});
    } else {
      throw way?.startsWith('full')
        ? new Failure('quota-exceeded', 'full')
        : new Failure('store-unavailable', 'closed');
    }
    return super.write(change);
  }
}

describe.each<[Way, Outcome[]]>([
  ['full', ['succeeded', 'failed, goes on', 'open, goes on']],
  ['full from then on', ['succeeded', 'open, goes on']],
  ['closed', ['succeeded', 'failed, goes on', 'open, goes on']],
  ['closed from then on', ['succeeded', 'open, goes on']],
  ['made twice', ['succeeded']],
  ['killed', ['succeeded', 'open, goes on']],
])('whichever write is %s', (way, stated) => {
  test('the job ends in a stated way, and goes on to the same result', async () => {
    const outcomes: Outcome[] = [];
    for (let ordinal = 0; ; ordinal++) {
      const store = new FaultyMemory();
      const outcome = await surviveFault(store, ordinal, way, store.died);
      if (outcome === undefined) break;
      outcomes.push(outcome);
    }
    // A job's start, its stages, checkpoints, results and end.
    expect(outcomes.length).toBeGreaterThan(12);
    expect(new Set(outcomes)).toEqual(new Set(stated));
  });
});

describe('a job that is interrupted again and again', () => {
  /** Begins a job whose thread dies while it loads its detector. */
  async function die(jobs: MemoryJobStore, jobId: string, members: Partial<JobHost<number>> = {}) {
    const dead = new Promise<void>((died) => {
      const openDetector = () => {
        died();
        return new Promise<never>(() => {});
      };
      void runJob(jobId, engineHost(jobs, { openDetector, ...members }));
    });
    await dead;
  }

  async function waiting(): Promise<{ jobs: MemoryJobStore; jobId: string }> {
    const jobs = new MemoryJobStore();
    const job = jobRecord();
    await jobs.create(job, undefined, 20);
    return { jobs, jobId: job.jobId };
  }

  test('is given up when three threads died on their own in the same place, and can go on', async () => {
    const { jobs, jobId } = await waiting();
    for (let i = 0; i < MAX_ATTEMPTS; i++) await die(jobs, jobId);
    const given = await runJob(jobId, engineHost(jobs));
    expect(given?.job).toMatchObject({ state: 'failed', failure: { kind: 'worker-crashed' } });
    await jobs.reopen(jobId, 20, reopened);
    expect((await runJob(jobId, engineHost(jobs)))?.job.state).toBe('succeeded');
  });

  test('is not given up for pages that were left: loaded again, closed, ended with Ctrl-C', async () => {
    const { jobs, jobId } = await waiting();
    const hasLeft = async () => true;
    for (let i = 0; i < 3 * MAX_ATTEMPTS; i++) await die(jobs, jobId, { hasLeft });
    const ended = await runJob(jobId, engineHost(jobs, { hasLeft }));
    expect(ended?.job).toMatchObject({ state: 'succeeded', report: { resumed: 9 } });
  });

  test('is not given up when it is let go in order', async () => {
    const { jobs, jobId } = await waiting();
    for (let i = 0; i < 2 * MAX_ATTEMPTS; i++) {
      const closing = new AbortController();
      const openDetector = async (): Promise<never> => {
        closing.abort('closing');
        throw new Error('its threads are gone');
      };
      const host = engineHost(jobs, { openDetector, signal: closing.signal });
      await expect(runJob(jobId, host)).rejects.toBe('closing');
    }
    expect((await runJob(jobId, engineHost(jobs)))?.job.state).toBe('succeeded');
  });

  test.each(['openVideo', 'openDetector'] as const)(
    'leaves at once while %s takes its time, and gives back what comes of it then',
    async (step) => {
      const { jobs, jobId } = await waiting();
      const usual = engineHost(jobs);
      let arrive!: () => void;
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      const closed = vi.fn(async () => {});
      const starting = vi.fn();
      const told: string[] = [];
      const late = async (...args: never[]) => {
        starting();
        await arrived;
        // What it reads meanwhile is nobody's progress any more.
        (args[2] as ((loaded: number, bytes: number) => void) | undefined)?.(1, 2);
        const start = usual[step] as (...args: never[]) => Promise<object>;
        return { ...(await start(...args)), close: closed };
      };
      for (const reason of ['closing', new Failure('stopped', 'enough')]) {
        starting.mockClear();
        const closing = new AbortController();
        const host = engineHost(jobs, {
          [step]: late,
          signal: closing.signal,
          onProgress: ({ stage }) => told.push(stage),
        });
        const run = runJob(jobId, host);
        await expect.poll(() => starting.mock.calls.length).toBe(1);
        closing.abort(reason);
        if (reason === 'closing') {
          await expect(run).rejects.toBe('closing');
          expect(await jobs.get(jobId)).toMatchObject({ state: 'running', attempts: 0 });
        } else
          expect((await run)?.job).toMatchObject({ state: 'failed', failure: { kind: 'stopped' } });
      }
      const toldBefore = told.length;
      expect(closed).not.toHaveBeenCalled();
      arrive();
      await expect.poll(() => closed.mock.calls.length).toBe(2);
      expect(told).toHaveLength(toldBefore);
    },
  );

  test('starts its detector while its video is being opened, and gives it back where that fails', async () => {
    const { jobs, jobId } = await waiting();
    const usual = engineHost(jobs);
    const closed = vi.fn(async () => {});
    const stages: string[] = [];
    let arrive!: () => void;
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const openDetector: JobHost<number>['openDetector'] = async (...args) => {
      // Nobody hears of the model before the video is open.
      args[2](1, 2);
      arrive();
      return { ...(await usual.openDetector(...args)), close: closed };
    };
    const openVideo = async (): Promise<never> => {
      await arrived;
      throw new Failure('not-a-video', 'This is no video.');
    };
    const onProgress = ({ stage }: { stage: string }) => stages.push(stage);
    const ended = await runJob(jobId, engineHost(jobs, { openDetector, openVideo, onProgress }));
    expect(ended?.job).toMatchObject({ state: 'failed', failure: { kind: 'not-a-video' } });
    await expect.poll(() => closed.mock.calls.length).toBe(1);
    expect(stages).not.toContain('loading-model');
  });

  test('is not given up as long as it comes further', async () => {
    const { jobs, jobId } = await waiting();
    const usual = engineHost(jobs);
    for (let reach = 20; reach < SAMPLES; reach += 20) {
      let died!: () => void;
      const dead = new Promise<void>((resolve) => {
        died = resolve;
      });
      const openDetector: JobHost<number>['openDetector'] = async (...args) => {
        const pool = await usual.openDetector(...args);
        const detect = (sample: number) => {
          if (sample < reach) return pool.detect(sample);
          died();
          return new Promise<never>(() => {});
        };
        return { ...pool, detect };
      };
      // Every sample is a checkpoint.
      let now = 0;
      const host = engineHost(jobs, { openDetector, now: () => (now += 3000) });
      void runJob(jobId, host);
      await dead;
      await expect.poll(async () => (await jobs.get(jobId))?.samplesDone).toBe(reach);
    }
    const ended = await runJob(jobId, engineHost(jobs));
    expect(ended?.job).toMatchObject({ state: 'succeeded', samplesDone: SAMPLES });
  });
});

test('what is thrown outside of the pipeline ends the job in words', async () => {
  const jobs = new MemoryJobStore();
  const job = jobRecord({ keepMs: 1000 });
  await jobs.create(job, undefined, 20);
  const openVideo = () => Promise.reject(new TypeError('no such thing'));
  const ended = await runJob(job.jobId, engineHost(jobs, { openVideo }));
  expect(ended?.job).toMatchObject({
    state: 'failed',
    failure: { kind: 'internal', message: 'TypeError: no such thing' },
  });
  expect(await failJob(job.jobId, engineHost(jobs), new Failure('internal', 'x'))).toBeUndefined();
});

test('a job that cannot be run on keeps what it had found', async () => {
  const jobs = new MemoryJobStore();
  const job = jobRecord({ keepMs: 1000 });
  await jobs.create(job, undefined, 20);
  await closeInMidst(jobs, job.jobId, 130);
  const ended = await failJob(job.jobId, engineHost(jobs), new Failure('internal', 'lost'));
  expect(ended?.job).toMatchObject({ state: 'failed', failure: { kind: 'internal' }, people: 2 });
  expect(ended?.job.elements).toBeGreaterThan(130);
  expect(await jobs.get(job.jobId)).toEqual(ended?.job);
});

test('a job that has ended is not begun again by whoever saw it open', async () => {
  const jobs = new MemoryJobStore();
  const job = jobRecord();
  await jobs.create(job, undefined, 20);
  await runJob(job.jobId, engineHost(jobs));
  const ended = await jobs.get(job.jobId);
  expect(await runJob(job.jobId, engineHost(jobs))).toBeUndefined();
  expect(await jobs.get(job.jobId)).toEqual(ended);
});
