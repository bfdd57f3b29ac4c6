/**
 * Completion messages on their way to the targets of their topics: at least once each. A message is on disk from
 * the job's start until it was taken, so that neither a restart nor a target that is down loses it.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { REQUEST_TOKEN_LIFE_MS } from '../src/contract/limits.ts';
import { type SnsEnvelope, snsEnvelope } from '../src/contract/notification.ts';
import { lookForOver } from '../src/contract/second-look.ts';
import type { CompletionMessage } from '../src/contract/types.ts';
import type { TopicTarget } from './serve-options.ts';
import { syncFile } from './sync-file.ts';

/** One job's notification as it lies on disk. */
interface Notification {
  readonly jobId: string;
  readonly topicArn: string;
  /** The same at every attempt, so that a receiver can tell a repetition. */
  readonly messageId: string;
  readonly createdAtMs: number;
  /** Set when a start found its time to be over, for the next one: see `lookForOver`. */
  overSinceMs?: number;
  /** Set once the job has ended. */
  message?: CompletionMessage;
  /** Set once the target took the message. Kept on, so that a repeated start sends no second one. */
  delivered?: true;
}

/** Ends the name of a notification that is being written. */
const UNFINISHED = '.json.new';
/** Milliseconds after which a target that does not answer is tried again. */
const ANSWER_TIMEOUT_MS = 15_000;
const RETRY_MAX_MS = 5 * 60_000;

async function post(url: string, envelope: SnsEnvelope, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    // Amazon SNS's own headers and content type.
    headers: {
      'content-type': 'text/plain; charset=UTF-8',
      'x-amz-sns-message-type': 'Notification',
      'x-amz-sns-message-id': envelope.MessageId,
      'x-amz-sns-topic-arn': envelope.TopicArn,
    },
    body: JSON.stringify(envelope),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the answer was ${response.status}`);
}

async function append(path: string, envelope: SnsEnvelope): Promise<void> {
  const file = await open(path, 'a');
  try {
    await file.appendFile(`${JSON.stringify(envelope)}\n`);
    await syncFile(file);
  } finally {
    await file.close();
  }
}

/** Undefined where a file cannot be read or holds something else. */
async function readNotification(path: string): Promise<Notification | undefined> {
  try {
    const found: Partial<Notification> | null = JSON.parse(await readFile(path, 'utf8'));
    const isWhole =
      typeof found?.jobId === 'string' &&
      typeof found.topicArn === 'string' &&
      typeof found.messageId === 'string' &&
      typeof found.createdAtMs === 'number' &&
      basename(path) === `${found.jobId}.json`;
    return isWhole ? (found as Notification) : undefined;
  } catch {
    return undefined;
  }
}

/** What is still to be told, one file a job. */
export class NotificationOutbox {
  readonly #folder: string;
  readonly #targets: ReadonlyMap<string, TopicTarget>;
  readonly #retryMs: number;
  readonly #log: (text: string) => void;
  readonly #notifications = new Map<string, Notification>();
  readonly #closing = new AbortController();
  readonly #deliveries = new Set<Promise<void>>();
  #saved: Promise<unknown> = Promise.resolve();

  /**
   * @param folder where notifications lie
   * @param targets by topic ARN; a topic without target is told to nobody
   * @param log hears of attempts that failed, of topics without target, and of what could not be written
   * @param retryMs milliseconds before the second attempt; each further pause is twice as long, up to 5 minutes
   */
  constructor(
    folder: string,
    targets: ReadonlyMap<string, TopicTarget>,
    log: (text: string) => void,
    retryMs = 1000,
  ) {
    this.#folder = folder;
    this.#targets = targets;
    this.#log = log;
    this.#retryMs = retryMs;
  }

  /**
   * Reads what an earlier run left, and goes on delivering.
   * @returns JobIds whose end is not known yet: ask for them and call `complete` or `forget`
   */
  async open(): Promise<string[]> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      if (name.endsWith(UNFINISHED)) await this.#remove(path);
      if (!name.endsWith('.json')) continue;
      const notification = await readNotification(path);
      if (notification === undefined) this.#log(`${path} cannot be read and is left alone`);
      else if (!(await this.#isOver(notification)))
        this.#notifications.set(notification.jobId, notification);
    }
    const waiting: string[] = [];
    for (const notification of this.#notifications.values()) {
      if (notification.delivered) continue;
      if (notification.message === undefined) waiting.push(notification.jobId);
      else this.#deliver(notification);
    }
    return waiting;
  }

  /** Whether its time is over, and was at an earlier start too: it is removed then. */
  async #isOver(notification: Notification): Promise<boolean> {
    const { jobId, createdAtMs, overSinceMs } = notification;
    const nowMs = Date.now();
    const expiresAtMs = createdAtMs + REQUEST_TOKEN_LIFE_MS;
    const look = lookForOver(
      { expiresAtMs, ...(overSinceMs === undefined ? {} : { overSinceMs }) },
      nowMs,
    );
    if (look === 'remove') {
      await this.#remove(this.#path(jobId));
      return true;
    }
    if (look === 'mark') notification.overSinceMs = nowMs;
    if (look === 'unmark') delete notification.overSinceMs;
    if (look !== 'keep') await this.#save(notification);
    return false;
  }

  /** A job was started: its end is to be told. A job that is known already stays as it is. */
  async expect(jobId: string, topicArn: string): Promise<void> {
    if (this.#notifications.has(jobId)) return;
    if (!this.#targets.has(topicArn)) return this.#tellsNobody(jobId, topicArn);
    const createdAtMs = Date.now();
    const notification = { jobId, topicArn, messageId: randomUUID(), createdAtMs };
    this.#notifications.set(jobId, notification);
    await this.#save(notification);
  }

  /** A job has ended: its message is on disk when this settles, or said not to be, and is delivered soon. */
  async complete(message: CompletionMessage): Promise<void> {
    const notification = this.#notifications.get(message.JobId);
    if (notification === undefined || notification.message !== undefined) return;
    notification.message = message;
    await this.#save(notification);
    this.#deliver(notification);
  }

  /** A job is gone: nothing will be told of it. */
  async forget(jobId: string): Promise<void> {
    if (this.#notifications.delete(jobId)) await this.#remove(this.#path(jobId));
  }

  /** Ends all attempts; what was not taken stays on disk for the next run. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#deliveries);
  }

  #tellsNobody(jobId: string, topicArn: string): void {
    this.#log(`job ${jobId}: nobody is told of its end: no --topic names ${topicArn}`);
  }

  #path(jobId: string): string {
    return join(this.#folder, `${jobId}.json`);
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { force: true }).catch((error) =>
      this.#log(`${path} could not be removed (${String(error)})`),
    );
  }

  /**
   * Writes one after the other: two states of one job must not meet in one file. A disk that is full is told of and
   * survived; until the next state is written, a restart knows the last one.
   * @returns whether it was written
   */
  #save(notification: Notification): Promise<boolean> {
    const saved = this.#saved.then(async () => {
      try {
        await this.#write(notification);
        return true;
      } catch (error) {
        this.#log(
          `job ${notification.jobId}: ${this.#path(notification.jobId)} could not be written (${String(error)})`,
        );
        return false;
      }
    });
    this.#saved = saved;
    return saved;
  }

  async #write(notification: Notification): Promise<void> {
    const path = this.#path(notification.jobId);
    const unfinished = join(this.#folder, `${notification.jobId}${UNFINISHED}`);
    const file = await open(unfinished, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(notification));
      await syncFile(file);
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  }

  #deliver(notification: Notification): void {
    const delivery = this.#untilTaken(notification).finally(() =>
      this.#deliveries.delete(delivery),
    );
    this.#deliveries.add(delivery);
  }

  async #untilTaken(notification: Notification): Promise<void> {
    const { signal } = this.#closing;
    const { messageId, topicArn } = notification;
    const target = this.#targets.get(topicArn);
    if (target === undefined) return this.#tellsNobody(notification.jobId, topicArn);
    const envelope = snsEnvelope(notification.message!, {
      messageId,
      topicArn,
      sentAtMs: Date.now(),
    });
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        if (target.kind === 'file') await append(target.path, envelope);
        else await post(target.url, envelope, signal);
        notification.delivered = true;
        // Not written, it is told again after a restart: at least once.
        await this.#save(notification);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const pauseMs = Math.min(this.#retryMs * 2 ** attempt, RETRY_MAX_MS);
        this.#log(
          `job ${notification.jobId}: its message was not taken by ` +
            `${target.kind === 'file' ? target.path : target.url} (${String(error)}); ` +
            `next attempt in ${pauseMs / 1000} s`,
        );
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
