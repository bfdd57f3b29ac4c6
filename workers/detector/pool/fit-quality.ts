import { chooseQuality } from '../../../src/detect/choose-quality.ts';
import { chooseInputSizes, type Size } from '../../../src/detect/input-size.ts';
import type { LoadedThreads } from './kept-threads.ts';
import { isGpu, type StartedThreads, type ThreadLoad } from './start-threads.ts';

/** What a pool needs to know of a video. */
export interface PoolVideo extends Size {
  /** Milliseconds that a frame may take with quality `auto`, all threads working. Default no limit. */
  readonly frameBudgetMs?: number;
}

/**
 * Gives threads that were measured at `fast` the best input that they have time for.
 * @returns the same threads, and what they are loaded with now
 */
export async function fitQuality(
  started: StartedThreads,
  load: ThreadLoad,
  video: PoolVideo,
): Promise<LoadedThreads> {
  const { backend, threads, ready, notes } = started;
  const { input } = load.model.manifest;
  const { frameBudgetMs: budgetMs = Number.POSITIVE_INFINITY } = video;
  const [taken, asked] = [ready.inputSizes[0]!, load.inputSizes[0]!];
  // A network that takes a single size leaves no choice.
  if (taken.width !== asked.width || taken.height !== asked.height) return { started, load };
  const alone = ready.frameMs!;
  const frameMs = isGpu(backend) ? alone : alone / threads.length;
  const measured = { frameMs, inputs: ready.inputSizes };
  const { quality, expectedMs } = chooseQuality(input, video, measured, budgetMs);
  const note = `quality: ${quality}, at about ${expectedMs.toFixed(0)} of ${budgetMs.toFixed(0)} ms a frame`;
  const inputSizes = chooseInputSizes(input, quality, video);
  const fitted = { ...load, inputSizes };
  try {
    const [again] =
      quality === 'fast'
        ? [ready]
        : await Promise.all(threads.map((thread) => thread.load({ ...fitted, measure: false })));
    return { started: { ...started, ready: again!, notes: [...notes, note] }, load: fitted };
  } catch (error) {
    for (const thread of threads) thread.close();
    throw error;
  }
}
