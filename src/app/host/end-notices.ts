import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { JobSummary, PersonTracking, PersonTrackingEventMap } from '../../client/api.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { endSentence } from '../announce.ts';
import { jobHash } from '../route.ts';
import { keepChoice, keptChoice } from './kept-choice.ts';

/** Where the choice is remembered. */
const KEY = 'footpath-notify';

/** What is to be said of notifications. `unavailable`: this browser, or this page in it, has none. */
export type NoticeState = 'unavailable' | 'off' | 'on' | 'blocked';

/**
 * Tells of a job's end by the system's notifications while nobody looks at the page. Off until somebody switches it on,
 * and only then the browser asks; the choice is remembered.
 */
export class EndNotices implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #tracking: () => PersonTracking;
  readonly #language: () => AppLanguage;

  /**
   * @param tracking asked for once the host is connected
   * @param language that the host speaks
   */
  constructor(
    host: ReactiveControllerHost,
    tracking: () => PersonTracking,
    language: () => AppLanguage,
  ) {
    this.#host = host;
    this.#tracking = tracking;
    this.#language = language;
    host.addController(this);
  }

  get state(): NoticeState {
    if (!('Notification' in window)) return 'unavailable';
    if (keptChoice(KEY) === null) return 'off';
    if (Notification.permission === 'denied') return 'blocked';
    return Notification.permission === 'granted' ? 'on' : 'off';
  }

  hostConnected(): void {
    this.#tracking().addEventListener('completion', this.#onEnd);
  }

  hostDisconnected(): void {
    this.#tracking().removeEventListener('completion', this.#onEnd as unknown as EventListener);
  }

  /** Switches it on or off. Call it from a click: the browser may ask. */
  async set(isOn: boolean): Promise<void> {
    keepChoice(KEY, isOn ? 'on' : null);
    if (isOn && Notification.permission === 'default') await Notification.requestPermission();
    this.#host.requestUpdate();
  }

  readonly #onEnd = async ({ detail }: PersonTrackingEventMap['completion']): Promise<void> => {
    const isSeen = document.visibilityState === 'visible' && document.hasFocus();
    if (this.state !== 'on' || isSeen) return;
    const job = await this.#tracking()
      .getJob(detail.JobId)
      .catch(() => undefined);
    if (job) await show(job, endSentence(this.#language(), job)).catch(() => undefined);
  };
}

async function show(job: JobSummary, body: string): Promise<void> {
  const url = new URL(jobHash(job.jobId), document.baseURI).href;
  const options: NotificationOptions = {
    body,
    icon: new URL('icons/footpath-192.png', document.baseURI).href,
    // Each page of the app tells: with one tag it is told once.
    tag: job.jobId,
    data: { url },
  };
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.active) {
    await registration.showNotification('Footpath', options);
    return;
  }
  const notice = new Notification('Footpath', options);
  notice.addEventListener('click', () => {
    window.focus();
    location.href = url;
    notice.close();
  });
}
