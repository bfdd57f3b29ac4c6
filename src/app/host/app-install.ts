import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Chromium's event that says that the page may be installed; other browsers have a menu entry instead. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/** Where the header has no room for the button that installs the app. */
export const NARROW = '(max-width: 30rem)';

/** How the app gets among the others. `by-hand`: the browser has it in a menu, and nothing to be asked. */
export type InstallState = 'none' | 'offered' | 'by-hand';

/**
 * Knows whether the browser would install the app, and asks it to. Where our own button is not to be seen, the
 * browser's own offer is left alone.
 */
export class AppInstall implements ReactiveController {
  state: InstallState = isLeftToHand() ? 'by-hand' : 'none';

  #event: InstallEvent | null = null;
  readonly #host: ReactiveControllerHost;
  readonly #hasButton: () => boolean;

  /** @param hasButton whether the host would show its button now */
  constructor(host: ReactiveControllerHost, hasButton: () => boolean) {
    this.#host = host;
    this.#hasButton = hasButton;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('beforeinstallprompt', this.#onOffer);
    window.addEventListener('appinstalled', this.#onInstalled);
  }

  hostDisconnected(): void {
    window.removeEventListener('beforeinstallprompt', this.#onOffer);
    window.removeEventListener('appinstalled', this.#onInstalled);
  }

  /** Shows the browser's question. Call it from a click. */
  async ask(): Promise<void> {
    await this.#event?.prompt();
    // The browser takes one answer an event, whichever it is.
    this.#set(null);
  }

  readonly #onOffer = (event: Event): void => {
    if (!this.#hasButton()) return;
    event.preventDefault();
    this.#set(event as InstallEvent);
  };

  readonly #onInstalled = (): void => this.#set(null);

  #set(event: InstallEvent | null): void {
    this.#event = event;
    this.state = event === null ? 'none' : 'offered';
    this.#host.requestUpdate();
  }
}

/** Safari on phones and tablets, and its kin there, alone know this member; it is true in the installed app. */
function isLeftToHand(): boolean {
  return (navigator as { standalone?: boolean }).standalone === false;
}
