import { drawWholeTrails, type PathsScene } from './draw-paths.ts';

/** The whole ways of a scene, drawn once and laid under every moment until something else is to be seen. */
export class TrailLayer {
  #canvas: HTMLCanvasElement | null = null;
  #drawn: readonly unknown[] = [];

  /**
   * Does what {@link drawWholeTrails} does.
   * @param context scaled by `scale`, so that one unit is one CSS pixel
   */
  draw(
    context: CanvasRenderingContext2D,
    width: number,
    height: number,
    scale: number,
    scene: PathsScene,
  ): void {
    const { paths, trail, selected, intervalMs } = scene;
    const drawn = [paths, trail, selected, intervalMs, width, height, scale];
    if (!this.#canvas || drawn.some((value, i) => value !== this.#drawn[i])) {
      this.#canvas = document.createElement('canvas');
      this.#canvas.width = context.canvas.width;
      this.#canvas.height = context.canvas.height;
      const own = this.#canvas.getContext('2d')!;
      own.scale(scale, scale);
      drawWholeTrails(own, width, height, scene);
      this.#drawn = drawn;
    }
    context.drawImage(this.#canvas, 0, 0, this.#canvas.width / scale, this.#canvas.height / scale);
  }
}
