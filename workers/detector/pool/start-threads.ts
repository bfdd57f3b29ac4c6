import { Failure, type FailureKind } from '../../../src/contract/failure.ts';
import type { ModelManifest } from '../../../src/detect/manifest.ts';
import type { BackendName } from '../../../src/engine/ports.ts';
import type { CompiledKernels } from '../wasm/int8/module.ts';
import { type BackendProbe, probeGpu } from './choose-backend.ts';
import { DetectorThread } from './detector-thread.ts';
import { type Int8Offer, int8Kernels } from './int8-kernels.ts';
import type { LoadRequest, Ready } from './protocol.ts';
import type { SpareThreads } from './spare-threads.ts';

/** What every thread of a pool is loaded with. */
export type ThreadLoad = Omit<LoadRequest, 'type' | 'id' | 'measure'>;

/** Threads that are loaded alike and ready for frames. */
export interface StartedThreads {
  readonly backend: BackendName;
  /** One on a GPU. */
  readonly threads: readonly DetectorThread[];
  /** What the first of them says. */
  readonly ready: Ready;
  /** Why other backends were not taken. */
  readonly notes: readonly string[];
}

/** How threads are started. */
export interface ThreadPlan {
  readonly manifest: Promise<ModelManifest>;
  /** Where threads come from. */
  readonly spare: SpareThreads;
  /** Threads on the processor, at least 1. */
  readonly count: number;
  /** Reads the form of the model that a backend computes, once for all threads; they start meanwhile. */
  readonly load: (backend: BackendName) => Promise<ThreadLoad>;
  /** Time more than one run, see {@link Ready}. */
  readonly measure: boolean;
}

/**
 * Starts the threads of one backend, all together, and once more those whose files did not load where another's did: they all load, or
 * none is left behind.
 * @throws Failure `backend-unavailable`, `model-damaged`, `worker-crashed`, or what `load` rejects with
 */
export async function startThreads(
  backend: BackendName,
  { manifest, spare, count, load, measure }: ThreadPlan,
): Promise<StartedThreads> {
  const kernels = backend === 'int8' ? int8Kernels().then(compiled) : undefined;
  const threads = spare.take(isGpu(backend) ? 1 : count);
  try {
    const loaded = load(backend);
    const start = async (thread: DetectorThread) => {
      const [{ runtime }, offered] = await Promise.all([manifest, kernels]);
      await thread.start({ runtime, backend, ...(offered && { kernels: offered }) });
    };
    const ready = async (thread: DetectorThread) => {
      const [request] = await Promise.all([loaded, start(thread)]);
      return thread.load({ ...request, measure });
    };
    const ends = threads.map(ready);
    // What no other thread mends ends the wait for those that may never answer.
    await Promise.all(
      ends.map((end) =>
        end.catch((error) => {
          if (!isUnloaded(error)) throw error;
        }),
      ),
    );
    const tries = await Promise.allSettled(ends);
    const all: Ready[] = [];
    for (const [i, tried] of tries.entries()) {
      if (tried.status === 'fulfilled') all.push(tried.value);
      else if (isWorthAnother(tried.reason, tries)) {
        threads[i]!.close();
        threads[i] = new DetectorThread();
        all.push(await ready(threads[i]));
      } else throw tried.reason;
    }
    return { backend, threads, ready: all[0]!, notes: [] };
  } catch (error) {
    for (const thread of threads) thread.close();
    throw error;
  }
}

/** What a thread says whose files did not load. */
const UNLOADED: readonly FailureKind[] = [
  'engine-missing',
  'backend-unavailable',
  'detector-failed',
];

/** Whether it may be that files did not load: browsers do not tell that from scripts that failed. */
export function isUnloaded(why: unknown): boolean {
  return UNLOADED.includes(Failure.from(why).kind);
}

/**
 * Whether a thread is started once more whose files did not load where another's did, each when the one before is ready. WebKit
 * (2.50) keeps threads from the service worker whose first file loads at the same moment as another's: without a network they
 * find no more, and one that starts alone does.
 */
function isWorthAnother(why: unknown, tries: readonly PromiseSettledResult<Ready>[]): boolean {
  return isUnloaded(why) && tries.some(({ status }) => status === 'fulfilled');
}

/** @throws Failure `backend-unavailable` */
function compiled(offer: Int8Offer): CompiledKernels {
  if ('module' in offer) return offer;
  throw new Failure('backend-unavailable', `The backend int8 does not start: ${offer.reason}.`);
}

const ONNX_BACKENDS: BackendProbe = { candidates: ['wasm'], notes: ['onnx: runs on wasm only'] };

/** What the processor computes a model fastest with, and why not in 8-bit integers where it does not. */
export async function processorBackend(manifest: Promise<ModelManifest>): Promise<{
  readonly backend: BackendName;
  readonly notes: readonly string[];
}> {
  const [{ int8 }, offer] = await Promise.all([manifest, int8Kernels()]);
  if (int8 && 'module' in offer) return { backend: 'int8', notes: [] };
  return { backend: 'wasm', notes: int8 && 'reason' in offer ? [`int8: ${offer.reason}`] : [] };
}

/** The graphics card, where there is one, and the processor. */
async function probe(manifest: Promise<ModelManifest>): Promise<BackendProbe> {
  if ((await manifest).runtime === 'onnx') return ONNX_BACKENDS;
  const [gpu, processor] = await Promise.all([probeGpu(), processorBackend(manifest)]);
  return {
    candidates: [...gpu.candidates, processor.backend],
    notes: [...gpu.notes, ...processor.notes],
  };
}

/**
 * Starts the threads of the fastest backend. Where there is only one to take, nothing is measured.
 * @throws Failure like {@link startThreads}; `backend-unavailable` when none starts
 */
export async function startFastest(plan: ThreadPlan): Promise<StartedThreads> {
  const { candidates, notes: reasons } = await probe(plan.manifest);
  const [only] = candidates;
  if (only && candidates.length === 1) {
    return { ...(await startThreads(only, plan)), notes: reasons };
  }
  const notes = [...reasons];
  let best: (StartedThreads & { frameMs: number }) | undefined;
  try {
    for (const backend of candidates) {
      const started = await tryBackend(backend, plan, notes);
      if (!started) continue;
      const alone = started.ready.frameMs!;
      // The processor's cores work on a frame each, a GPU on one after the other.
      const frameMs = isGpu(backend) ? alone : alone / plan.count;
      notes.push(`${backend}: ${frameMs.toFixed(1)} ms a frame measured`);
      const [better, worse] =
        best && best.frameMs <= frameMs ? [best, started] : [{ ...started, frameMs }, best];
      closeAll(worse?.threads ?? []);
      best = better;
    }
    if (!best) throw new Failure('backend-unavailable', `No backend starts. ${notes.join(' ')}`);
    const more =
      isGpu(best.backend) || plan.count === 1
        ? []
        : (await startThreads(best.backend, { ...plan, count: plan.count - 1, measure: false }))
            .threads;
    return { ...best, threads: [...best.threads, ...more], notes };
  } catch (error) {
    closeAll(best?.threads ?? []);
    throw error;
  }
}

/** What a backend says that another may not. */
const NOT_HERE: readonly FailureKind[] = ['backend-unavailable', 'worker-crashed'];

/** One thread, measured; undefined, with a note, where the backend cannot be had. */
async function tryBackend(
  backend: BackendName,
  plan: ThreadPlan,
  notes: string[],
): Promise<StartedThreads | undefined> {
  try {
    return await startThreads(backend, { ...plan, count: 1, measure: true });
  } catch (error) {
    const failure = Failure.from(error);
    // Drivers refuse shaders, and some die of a frame; the processor computes the same.
    const isRefused = isGpu(backend) && failure.kind === 'detector-failed';
    if (!isRefused && !NOT_HERE.includes(failure.kind)) throw error;
    notes.push(`${backend}: ${failure.message}`);
    return undefined;
  }
}

/** Whether a backend computes on the graphics card: there one thread has it to itself. */
export function isGpu(backend: BackendName | 'auto'): boolean {
  return backend === 'webgpu' || backend === 'webgl';
}

function closeAll(threads: readonly DetectorThread[]): void {
  for (const thread of threads) thread.close();
}
