import { startThread } from '../../../src/client/own-scripts.ts';
import { Failure } from '../../../src/contract/failure.ts';
import { whyEngineFails } from '../../../src/protocol/engine-file.ts';
import { afterSilence } from '../../../src/protocol/silence.ts';
import detectorUrl from '../../detector.worker.ts?worker&url';
import type {
  DetectorRequest,
  DetectorResponse,
  DetectRequest,
  LoadRequest,
  Ready,
  SeenPeople,
  StartRequest,
} from './protocol.ts';

type Answer = Exclude<DetectorResponse, { type: 'lost' }>;

interface Pending {
  readonly callOff: () => void;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (failure: Failure) => void;
}

/** A thread that says nothing for so long is dead: browsers end threads that run out of memory without a word. */
const SILENCE_LIMIT_MS = 120_000;
/** One that has nothing to do answers at once; where it does not, another is started as quickly. */
const IDLE_SILENCE_LIMIT_MS = 5000;

/** One detector thread, seen from the pool. Every call settles: with the answer, or when the thread dies. */
export class DetectorThread {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #dead: Failure | undefined;

  constructor() {
    this.#worker = startThread(detectorUrl, { type: 'module', name: 'footpath-detector' });
    this.#worker.onmessage = ({ data }: MessageEvent<DetectorResponse>) => {
      if (data.type === 'lost') this.#die(`The detector's device was lost: ${data.reason}`);
      else this.#settle(data);
    };
    this.#worker.onerror = async (event) => {
      event.preventDefault?.();
      const missing = event.message ? undefined : await whyEngineFails(detectorUrl);
      if (missing) this.#end(missing);
      else this.#die(`The detector's thread died: ${event.message || 'it could not be loaded'}`);
    };
    this.#worker.onmessageerror = () =>
      this.#die("The detector's thread sent an unreadable answer");
  }

  /** Why the thread is of no more use; undefined while it lives. */
  get dead(): Failure | undefined {
    return this.#dead;
  }

  /**
   * Starts a backend, to be called first.
   * @throws Failure `backend-unavailable`, `engine-missing`, `worker-crashed`
   */
  async start(request: Omit<StartRequest, 'type' | 'id'>): Promise<void> {
    await this.#ask((id) => ({ type: 'start', id, ...request }), []);
  }

  /**
   * Builds the network on the backend that was started.
   * @throws Failure `model-damaged`, `engine-missing`, `worker-crashed`
   */
  async load(request: Omit<LoadRequest, 'type' | 'id'>): Promise<Ready> {
    const answer = await this.#ask((id) => ({ type: 'load', id, ...request }), []);
    if (answer.type !== 'loaded') throw new Failure('internal', `Unexpected ${answer.type}.`);
    return answer.ready;
  }

  /**
   * Takes the frames over: they are transferred and closed there, or closed here when the transfer fails.
   * @throws Failure `detector-failed`, `worker-crashed`
   */
  async detect(request: Omit<DetectRequest, 'type' | 'id'>): Promise<SeenPeople> {
    const frames = [request.image, request.since?.image].flatMap((image) => image?.frame ?? []);
    let answer: Answer;
    try {
      answer = await this.#ask((id) => ({ type: 'detect', id, ...request }), frames);
    } finally {
      // Without effect on a frame that was transferred.
      for (const frame of frames) frame.close();
    }
    if (answer.type !== 'detected') throw new Failure('internal', `Unexpected ${answer.type}.`);
    return answer.detections;
  }

  /**
   * Drops what it keeps of earlier frames: those of another video come next. To be called when nothing is in flight.
   * @throws Failure `worker-crashed` where it died while it had nothing to do
   */
  async forget(): Promise<void> {
    await this.#ask((id) => ({ type: 'forget', id }), [], IDLE_SILENCE_LIMIT_MS);
  }

  /** Ends the thread; calls in flight reject. Safe to call twice. */
  close(): void {
    this.#end(new Failure('stopped', 'The detector was closed.'));
  }

  #ask(
    make: (id: number) => DetectorRequest,
    transfer: Transferable[],
    limitMs = SILENCE_LIMIT_MS,
  ): Promise<Answer> {
    if (this.#dead) return Promise.reject(this.#dead);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const callOff = afterSilence(limitMs, () =>
        this.#die(`The detector's thread gave no answer in ${limitMs / 1000} s`),
      );
      this.#pending.set(id, { callOff, resolve, reject });
      try {
        this.#worker.postMessage(make(id), transfer);
      } catch (error) {
        callOff();
        this.#pending.delete(id);
        reject(Failure.from(error, 'detector-failed'));
      }
    });
  }

  #settle(answer: Answer): void {
    const pending = this.#pending.get(answer.id);
    if (!pending) return;
    this.#pending.delete(answer.id);
    pending.callOff();
    if (answer.type === 'failed') pending.reject(Failure.fromRecord(answer.failure));
    else pending.resolve(answer);
  }

  #die(message: string): void {
    this.#end(new Failure('worker-crashed', `${message}.`));
  }

  #end(failure: Failure): void {
    if (this.#dead) return;
    this.#dead = failure;
    this.#worker.terminate();
    for (const { callOff, reject } of this.#pending.values()) {
      callOff();
      reject(failure);
    }
    this.#pending.clear();
  }
}
