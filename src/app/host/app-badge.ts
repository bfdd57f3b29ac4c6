/** The number on the installed app's icon: how many videos it is at work on. Nothing where icons have none. */
export class AppBadge {
  #shown = 0;

  constructor() {
    // Nobody is at work once the page is gone; another page of the app says so itself when it is next looked at.
    window.addEventListener('pagehide', () => set(0));
    window.addEventListener('pageshow', () => set(this.#shown));
    document.addEventListener('visibilitychange', () => set(this.#shown));
  }

  /** @param count jobs at work */
  show(count: number): void {
    if (count === this.#shown) return;
    this.#shown = count;
    set(count);
  }
}

function set(count: number): void {
  // Zero takes the badge away.
  void navigator.setAppBadge?.(count).catch(() => undefined);
}
