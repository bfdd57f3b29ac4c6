import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Scene } from '../../analytics/scene.ts';
import type { PersonTracking } from '../../client/api.ts';

/** Whoever shows a scene that other tabs may change. */
export interface SceneSide {
  tracking(): PersonTracking;
  /** The scene on the screen; null while it is being read, or held in somebody's hand. */
  shown(): Scene | null;
  /** Is given what is kept, where nothing of this tab is newer. */
  take(kept: readonly Scene[]): void;
}

/**
 * Keeps a scene in step with other tabs: of two that show one camera, the next change in one would be kept in place of what
 * the other drew.
 */
export class SceneSync implements ReactiveController {
  readonly #side: SceneSide;
  /** How many changes are on their way to the store. */
  #saving = 0;

  constructor(host: ReactiveControllerHost, side: SceneSide) {
    this.#side = side;
    host.addController(this);
  }

  hostConnected(): void {
    this.#side.tracking().addEventListener('change', this.#onChange);
  }

  hostDisconnected(): void {
    this.#side.tracking().removeEventListener('change', this.#onChange);
  }

  /** Keeps a scene. */
  async save(scene: Scene): Promise<void> {
    this.#saving++;
    try {
      await this.#side.tracking().saveScene(scene);
    } finally {
      this.#saving--;
    }
    await this.look();
  }

  /** Hands over what is kept. */
  async look(): Promise<void> {
    const shown = this.#side.shown();
    const isBehind = () => shown === null || this.#saving > 0 || this.#side.shown() !== shown;
    if (isBehind()) return;
    const kept = await this.#side.tracking().listScenes();
    if (!isBehind()) this.#side.take(kept);
  }

  // Without storage the page says so itself.
  readonly #onChange = (): void => void this.look().catch(() => undefined);
}
