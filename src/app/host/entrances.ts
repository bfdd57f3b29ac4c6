import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isShowMessage } from '../../client/show-page.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import type { GivenFiles } from '../parts/given-files.ts';
import { type Entrance, entranceOf } from '../route.ts';
import { onOpenedFiles, sharedFiles } from './outside-files.ts';

/** What the ways in lead to. */
export interface Inside {
  readonly language: () => AppLanguage;
  /** Starts with files, wherever in the app one is. */
  take(given: () => Promise<GivenFiles>): Promise<void>;
  trySample(): Promise<void>;
  showLatest(): Promise<void>;
}

/**
 * Ways into the app from outside of its page: files that the system opens with it, files that another app shares to it,
 * shortcuts of its icon, and a click on one of its notifications.
 */
export class Entrances implements ReactiveController {
  readonly #inside: Inside;

  constructor(host: ReactiveControllerHost, inside: Inside) {
    this.#inside = inside;
    host.addController(this);
  }

  hostConnected(): void {
    navigator.serviceWorker?.addEventListener('message', this.#onMessage);
    onOpenedFiles((given) => void this.#inside.take(given));
    this.enter();
  }

  hostDisconnected(): void {
    navigator.serviceWorker?.removeEventListener('message', this.#onMessage);
  }

  /**
   * Takes the entrance that the address names. It is used up: a page that is loaded again is not entered so.
   * @returns whether there was one
   */
  enter(): boolean {
    const entrance = entranceOf(location.hash);
    if (!entrance) return false;
    history.replaceState(null, '', '#/');
    void this.#goThrough(entrance);
    return true;
  }

  #goThrough(entrance: Entrance): Promise<void> {
    switch (entrance.kind) {
      case 'shared':
        return this.#inside.take(() => sharedFiles(this.#inside.language(), entrance.id));
      case 'sample':
        return this.#inside.trySample();
      case 'latest':
        return this.#inside.showLatest();
    }
  }

  readonly #onMessage = ({ data }: MessageEvent<unknown>): void => {
    if (isShowMessage(data)) location.hash = data.hash;
  };
}
