import type { LitElement, ReactiveController } from 'lit';

/** Room that labels leave each other, in CSS pixels: on paper the picture is smaller, and they come closer. */
const GAP = { x: 16, y: 4 };

/** Keeps the `.label`s over a picture apart, which fills the host, whenever they or its size change. */
export class SpreadLabels implements ReactiveController {
  readonly #host: LitElement;
  readonly #resized = new ResizeObserver(() => this.hostUpdated());
  /** Paper has another size than the window, and observers are not told of it. */
  readonly #paper = matchMedia('print');

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#resized.observe(this.#host);
    this.#paper.addEventListener('change', this.#onPaper);
  }

  hostDisconnected(): void {
    this.#resized.disconnect();
    this.#paper.removeEventListener('change', this.#onPaper);
  }

  readonly #onPaper = (): void => this.hostUpdated();

  hostUpdated(): void {
    const labels = [...this.#host.renderRoot.querySelectorAll<HTMLElement>('.label')];
    spreadLabels(labels, this.#host.getBoundingClientRect());
  }
}

/**
 * Moves names over a picture up or down so that each is in it and none covers another: on beyond the point that each stands
 * beside, or to its other side where the picture ends. Where there is no room either way it stays.
 * @param labels in order: an earlier one keeps its place. Those of class `below` stand below their point, all others above
 */
function spreadLabels(labels: readonly HTMLElement[], picture: DOMRect): void {
  for (const { style } of labels) style.translate = '';
  const boxes = labels.map((label) => label.getBoundingClientRect());
  const placed: { left: number; right: number; top: number; bottom: number }[] = [];
  for (const [i, { left, right, top, bottom }] of boxes.entries()) {
    const room = { up: picture.top - top, down: picture.bottom - bottom };
    // In large letters a name beside its point may be taller than the room there.
    const start = Math.max(room.up, Math.min(room.down, 0));
    const free = (way: 'up' | 'down'): number | undefined => {
      for (let shift = start; ; ) {
        const hit = placed.find(
          (it) =>
            it.left < right + GAP.x &&
            left < it.right + GAP.x &&
            it.top < bottom + shift + GAP.y &&
            top + shift < it.bottom + GAP.y,
        );
        if (!hit) return shift;
        shift = way === 'up' ? hit.top - GAP.y - bottom : hit.bottom + GAP.y - top;
        if (shift < room.up || shift > room.down) return undefined;
      }
    };
    const isBelow = labels[i]!.classList.contains('below');
    const shift = free(isBelow ? 'down' : 'up') ?? free(isBelow ? 'up' : 'down') ?? start;
    if (shift !== 0) labels[i]!.style.translate = `0 ${shift}px`;
    placed.push({ left, right, top: top + shift, bottom: bottom + shift });
  }
}
