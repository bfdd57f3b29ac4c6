/**
 * Why a job failed, as a closed set. It is set where the failure happens and never guessed from a text.
 *
 * - `object-missing`: the stored video is gone. `object-unreadable`: it is there, but may not be read
 *   (permission withdrawn, file moved or changed).
 * - `not-a-video`: no container we read. `no-video-track`, `codec-unsupported`, `video-encrypted`,
 *   `no-frame` (nothing could be decoded), `video-truncated` (ends before its stated length), `times-unusable` (its frames have no times to speak of),
 *   `decoder-failed`.
 * - `engine-missing`: a script or WebAssembly file of the threads. `model-missing`, `model-damaged`: the model's
 *   files. `backend-unavailable`, `detector-failed`.
 * - `detections-missing`: what a job found is not kept any more, so that it cannot be tracked again.
 * - `quota-exceeded`, `store-unavailable`: the browser's storage.
 * - `page-insecure`: the page came unencrypted from another machine.
 * - `scene-invalid`: the scene of a widget breaks a rule, or cannot be had.
 * - `settings-invalid`: the attributes or settings of a widget break a rule.
 * - `stopped`: by the user. `worker-crashed`: a thread died. `internal`: a defect of ours.
 */
export type FailureKind =
  | 'object-missing'
  | 'object-unreadable'
  | 'not-a-video'
  | 'no-video-track'
  | 'codec-unsupported'
  | 'video-encrypted'
  | 'no-frame'
  | 'video-truncated'
  | 'times-unusable'
  | 'decoder-failed'
  | 'engine-missing'
  | 'model-missing'
  | 'model-damaged'
  | 'backend-unavailable'
  | 'detector-failed'
  | 'detections-missing'
  | 'quota-exceeded'
  | 'store-unavailable'
  | 'page-insecure'
  | 'scene-invalid'
  | 'settings-invalid'
  | 'stopped'
  | 'worker-crashed'
  | 'internal';

/** An error with its cause as a closed kind and a message fit for a person: it becomes the job's StatusMessage. */
export class Failure extends Error {
  override readonly name = 'Failure';
  /** What went wrong, for programs. */
  readonly kind: FailureKind;

  /**
   * @param kind what went wrong, for programs
   * @param message what went wrong and what to do, for people; names the input
   * @param cause the error underneath, kept for the log
   */
  constructor(kind: FailureKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }

  /** Any thrown value as a Failure; one that is none yet becomes `fallback` with its own text kept. */
  static from(error: unknown, fallback: FailureKind = 'internal'): Failure {
    if (error instanceof Failure) return error;
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return new Failure(fallback, text, error);
  }

  /** The plain form that crosses threads and is stored. */
  toRecord(): FailureRecord {
    return { kind: this.kind, message: this.message };
  }

  /** Back from the plain form. */
  static fromRecord(record: FailureRecord): Failure {
    return new Failure(record.kind, record.message);
  }
}

/** A Failure as plain data. */
export interface FailureRecord {
  readonly kind: FailureKind;
  readonly message: string;
}
