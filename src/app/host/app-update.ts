import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { Workbox } from 'workbox-window';

/** Address of the built service worker, beside the page. */
const WORKER = './service-worker.js';

/**
 * Keeps the app for use offline and knows when a new version waits. It never takes effect by itself: a reload would
 * interrupt a job.
 */
export class AppUpdate implements ReactiveController {
  /** A new version waits to be used. */
  ready = false;

  #workbox: Workbox | null = null;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    if (this.#workbox || !('serviceWorker' in navigator) || !import.meta.env.PROD) return;
    this.#workbox = new Workbox(WORKER);
    const offer = () => {
      this.ready = true;
      this.#host.requestUpdate();
    };
    this.#workbox.addEventListener('waiting', offer);
    // Another tab changed to it: this one runs on with the files of the version before, some of which are gone. Where the
    // site's data is cleared the worker goes, and none comes.
    let { controller } = navigator.serviceWorker;
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      const before = controller;
      ({ controller } = navigator.serviceWorker);
      if (before && controller) offer();
    });
    // Without a service worker (a private window, say) the app works all the same, online.
    this.#workbox.register().catch(() => undefined);
  }

  /** Changes to the waiting version and loads the page anew. */
  async apply(): Promise<void> {
    const registration = await navigator.serviceWorker.getRegistration();
    // Where another tab changed to it, it waits no more.
    if (!registration?.waiting) location.reload();
    this.#workbox?.addEventListener('controlling', () => location.reload());
    this.#workbox?.messageSkipWaiting();
  }
}
