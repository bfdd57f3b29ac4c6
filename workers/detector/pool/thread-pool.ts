import { Failure } from '../../../src/contract/failure.ts';
import type { EmbeddedDetections } from '../../../src/detect/carry-over.ts';
import type {
  DetectionExtent,
  DetectorPool,
  DetectorReport,
  EmbeddedPeople,
} from '../../../src/engine/ports.ts';
import type { DecodedImage } from '../../../src/media/decoded-image.ts';
import type { Detections } from '../../../src/track/detections.ts';
import type { DetectorThread } from './detector-thread.ts';
import {
  isGpu,
  processorBackend,
  type StartedThreads,
  startThreads,
  type ThreadPlan,
} from './start-threads.ts';

interface FrameTask {
  readonly image: DecodedImage;
  readonly embeds: EmbeddedPeople | undefined;
  /** With the motion gate: the frame's own number, where it is to be compared with. */
  readonly keyId?: number;
  /** With the motion gate: what the frame is compared with, open. */
  readonly since?: KeyFrame & { readonly detections: EmbeddedDetections };
}

/** A frame that later ones are compared with. */
interface KeyFrame {
  readonly id: number;
  readonly image: DecodedImage;
}

/** The last frame that was detected as a whole, and what is being found in it. */
interface LastKey extends KeyFrame {
  readonly detections: Promise<EmbeddedDetections>;
}

interface QueuedFrame extends FrameTask {
  /** Threads that died on it. */
  deaths: number;
  readonly resolve: (detections: EmbeddedDetections) => void;
  readonly reject: (error: unknown) => void;
}

function closeFrames({ image, since }: FrameTask): void {
  image.frame.close();
  since?.image.frame.close();
}

/** The same frame, with a handle of its own that is to be closed. */
function cloneOf(image: DecodedImage): DecodedImage {
  return { ...image, frame: image.frame.clone() };
}

/**
 * Gives waiting frames to the threads that are free, in order. A thread that dies is replaced and its frame tried once more;
 * every call is answered and every frame closed, whatever happens.
 */
export class ThreadPool implements DetectorPool<DecodedImage> {
  #report: DetectorReport;
  readonly #replacement: ThreadPlan;
  readonly #framesPerThread: number;
  readonly #busy: Map<DetectorThread, number>;
  readonly #waiting: QueuedFrame[] = [];
  #key: LastKey | undefined;
  #keyCount = 0;
  /** Which key frame each thread holds. */
  readonly #held = new Map<DetectorThread, number>();
  #starting = 0;
  /** Whether every thread is one that it began with. */
  #isWhole = true;
  readonly #keep: (() => void) | undefined;
  #closed: Failure | undefined;

  /** @param keep takes the threads over at the end, where all of them live and have answered; else they are closed */
  constructor(
    started: StartedThreads,
    framesPerThread: number,
    plan: ThreadPlan,
    report: DetectorReport,
    keep?: () => void,
  ) {
    this.#keep = keep;
    this.#busy = new Map(started.threads.map((thread) => [thread, 0]));
    this.#framesPerThread = framesPerThread;
    this.#replacement = { ...plan, count: 1, measure: false };
    this.#report = report;
  }

  get report(): DetectorReport {
    return this.#report;
  }

  detect(
    image: DecodedImage,
    extent: DetectionExtent = 'whole',
    embeds?: EmbeddedPeople,
  ): Promise<Detections> {
    if (!this.#report.motionGate) return this.#queue({ image, embeds });
    if (extent === 'changes' && this.#key) return this.#detectChanges(image, embeds, this.#key);
    const key = { id: this.#keyCount++, image: cloneOf(image) };
    const detections = this.#queue({ image, embeds, keyId: key.id });
    this.#key?.image.frame.close();
    this.#key = { ...key, detections };
    if (this.#closed) key.image.frame.close();
    return detections;
  }

  async #detectChanges(
    image: DecodedImage,
    embeds: EmbeddedPeople | undefined,
    { id, image: keyImage, detections }: LastKey,
  ): Promise<Detections> {
    let before: DecodedImage | undefined;
    try {
      // The next key frame may come before this one is detected.
      before = cloneOf(keyImage);
      return await this.#queue({
        image,
        embeds,
        since: { id, image: before, detections: await detections },
      });
    } catch (error) {
      image.frame.close();
      before?.frame.close();
      throw this.#closed ?? error;
    }
  }

  /** Frames that others wait for go first: answers are put in order elsewhere. */
  #queue(job: FrameTask): Promise<EmbeddedDetections> {
    return new Promise((resolve, reject) => {
      const queued = { ...job, deaths: 0, resolve, reject };
      const at = job.since ? -1 : this.#waiting.findIndex(({ since }) => since !== undefined);
      this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, queued);
      this.#next();
    });
  }

  async close(): Promise<void> {
    const isIdle = [...this.#busy].every(([thread, count]) => count === 0 && !thread.dead);
    if (this.#keep && !this.#closed && this.#isWhole && isIdle) {
      this.#busy.clear();
      this.#keep();
    }
    this.#fail(new Failure('stopped', 'The detector was closed.'));
  }

  #next(): void {
    if (this.#closed) {
      this.#fail(this.#closed);
      return;
    }
    for (const [thread, count] of this.#busy) {
      if (count >= this.#framesPerThread) continue;
      const queued = this.#waiting.shift();
      if (!queued) return;
      this.#busy.set(thread, count + 1);
      void this.#run(thread, queued);
    }
  }

  async #run(thread: DetectorThread, job: QueuedFrame): Promise<void> {
    try {
      job.resolve(await thread.detect(this.#requestFor(thread, job)));
      closeFrames(job);
    } catch (error) {
      if (thread.dead && !this.#closed && job.deaths === 0) {
        job.deaths++;
        this.#waiting.unshift(job);
      } else {
        closeFrames(job);
        job.reject(this.#closed ?? Failure.from(error, 'detector-failed'));
      }
    }
    if (thread.dead) await this.#replace(thread);
    else this.#busy.set(thread, this.#busy.get(thread)! - 1);
    this.#next();
  }

  /** Clones share the pixels, and the frames stay here, so that a dead thread does not take them with it. */
  #requestFor(
    thread: DetectorThread,
    { image, embeds, keyId, since }: FrameTask,
  ): Parameters<DetectorThread['detect']>[0] {
    const isHeld = since && this.#held.get(thread) === since.id;
    const id = keyId ?? since?.id;
    if (id !== undefined) this.#held.set(thread, id);
    return {
      image: cloneOf(image),
      embeds,
      ...(keyId !== undefined && { keyId }),
      ...(since && {
        since: {
          id: since.id,
          detections: since.detections,
          ...(isHeld ? {} : { image: cloneOf(since.image) }),
        },
      }),
    };
  }

  /** Puts a fresh thread in a dead one's place; where the GPU does not come back, one on the processor. */
  async #replace(dead: DetectorThread): Promise<void> {
    this.#held.delete(dead);
    this.#isWhole = false;
    if (!this.#busy.delete(dead) || this.#closed) return;
    this.#starting++;
    try {
      await this.#start();
    } catch (error) {
      const { backend } = this.#report;
      if (isGpu(backend)) {
        const note = `${backend}: lost during the job (${Failure.from(error).message})`;
        const processor = await processorBackend(this.#replacement.manifest);
        const notes = [...this.#report.notes, note, ...processor.notes];
        this.#report = { ...this.#report, backend: processor.backend, notes };
        await this.#start().catch((last) => this.#failIfLast(last));
      } else this.#failIfLast(error);
    } finally {
      this.#starting--;
    }
  }

  async #start(): Promise<void> {
    const { threads } = await startThreads(this.#report.backend, this.#replacement);
    for (const thread of threads) {
      if (this.#closed) thread.close();
      else this.#busy.set(thread, 0);
    }
  }

  #failIfLast(error: unknown): void {
    if (this.#busy.size === 0 && this.#starting === 1) this.#fail(Failure.from(error));
  }

  #fail(failure: Failure): void {
    this.#closed ??= failure;
    for (const thread of this.#busy.keys()) thread.close();
    this.#key?.image.frame.close();
    for (const job of this.#waiting.splice(0)) {
      closeFrames(job);
      job.reject(this.#closed);
    }
  }
}
