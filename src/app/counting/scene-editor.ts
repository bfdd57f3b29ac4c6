import { html, svg } from 'lit';
import type { Point } from '../../analytics/geometry.ts';
import { EMPTY_SCENE, type Scene, type SceneLine, type SceneZone } from '../../analytics/scene.ts';
import { icon } from '../../element/icons.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { drawnShape, howToDraw, place, shapeLabel } from './drawn-shape.ts';
import { followPointer } from './follow-pointer.ts';
import { stepOf } from './key-steps.ts';
import { newShape } from './new-shape.ts';
import { sceneEditorStyles } from './scene-editor-styles.ts';
import {
  insertPoint,
  isScene,
  movePoint,
  moveShape,
  removePoint,
  removeShape,
} from './scene-edits.ts';
import { middleOf, pathOf } from './shape-outline.ts';

/** What the next press on the picture draws. */
export type DrawTool = 'line' | 'zone' | null;

/**
 * `<scene-editor>`: lines and zones over the picture of a player, to be drawn and changed with a mouse, a finger or keys.
 * The parts of the shape that is picked are buttons: arrow keys move them, with shift by more; Insert or + adds a
 * place behind one, Delete takes it away; Escape lets go.
 *
 * @fires scene-preview - a scene while something is being dragged
 * @fires scene-change - a scene as it was left: a step for undo
 * @fires shape-select - id of the shape that is picked, or null
 * @fires tool-done - what was to be drawn is there, or was given up
 */
export class SceneEditor extends AppElement {
  static override properties = {
    scene: { attribute: false },
    aspect: { type: Number },
    tool: { attribute: false },
    selected: { attribute: false },
    drawn: { state: true },
  };

  declare scene: Scene;
  /** Width of the picture over its height. */
  declare aspect: number;
  declare tool: DrawTool;
  /** Id of the shape that is picked, or null. */
  declare selected: string | null;
  /** Two corners of what is being drawn. */
  declare private drawn: readonly [Point, Point] | null;

  constructor() {
    super();
    this.scene = EMPTY_SCENE;
    this.aspect = 16 / 9;
    this.tool = null;
    this.selected = null;
    this.drawn = null;
    // What is pressed here is not meant for the player beneath.
    this.addEventListener('click', (event) => event.stopPropagation());
  }

  /** Puts a line or a zone into the middle, for whoever has no pointer, and picks it. */
  async putInMiddle(kind: 'line' | 'zone'): Promise<void> {
    this.#add(kind, [0.5, 0.5], [0.5, 0.5]);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('.move')?.focus();
  }

  protected override render() {
    const { scene, aspect } = this;
    const shapes = [...scene.zones, ...scene.lines];
    return html`
      <svg
        class=${this.tool ? 'drawing' : ''}
        viewBox="0 0 ${1000 * aspect} 1000"
        preserveAspectRatio="none"
        aria-hidden="true"
        @pointerdown=${this.#onDraw}
      >
        <rect class="ground" width=${1000 * aspect} height="1000"></rect>
        ${shapes.map((shape) =>
          drawnShape(shape, aspect, shape.id === this.selected, (event) =>
            this.#onShape(event, shape.id),
          ),
        )}
        ${this.drawn && svg`<path class="new" d=${this.#drawnPath(this.drawn)}></path>`}
      </svg>
      ${shapes.map(shapeLabel)}
      ${this.tool && !this.drawn && howToDraw(this.language.say(`count.drawing-${this.tool}`))}
      ${shapes.filter(({ id }) => id === this.selected).map((shape) => this.#handles(shape))}
    `;
  }

  #handles(shape: SceneLine | SceneZone) {
    const { points, id, name } = shape;
    const closed = !('inside' in shape);
    const middle = middleOf(points);
    const { language } = this;
    return html`
      ${points.map((point, k) => {
        const next = points[k + 1] ?? (closed ? points[0] : undefined);
        return html`<button
            class="point"
            .style=${place(...point)}
            aria-label=${language.say('count.point', { name, at: k + 1, all: points.length })}
            title=${language.say('count.point-keys')}
            @pointerdown=${(event: PointerEvent) => this.#onPoint(event, id, k)}
            @keydown=${(event: KeyboardEvent) => this.#onPointKey(event, id, k)}
          ></button>
          ${
            next &&
            html`<button
              class="between"
              .style=${place((point[0] + next[0]) / 2, (point[1] + next[1]) / 2)}
              aria-label=${language.say('count.between', { name, after: k + 1 })}
              title=${language.say('count.between-hint')}
              @pointerdown=${(event: PointerEvent) => this.#onBetween(event, id, k)}
              @click=${(event: MouseEvent) => event.detail === 0 && this.#insert(id, k)}
            ></button>`
          }`;
      })}
      <button
        class="move"
        .style=${place(...offMiddle(middle, closed))}
        aria-label=${language.say('count.move', { name })}
        title=${language.say('count.move-keys')}
        @pointerdown=${(event: PointerEvent) => this.#onShape(event, id)}
        @keydown=${(event: KeyboardEvent) => this.#onMoveKey(event, id)}
      >${icon('move')}</button>
    `;
  }

  #drawnPath([a, b]: readonly [Point, Point]): string {
    const corners: Point[] = this.tool === 'zone' ? [a, [b[0], a[1]], b, [a[0], b[1]]] : [a, b];
    return pathOf(corners, this.aspect, this.tool === 'zone');
  }

  #placeOf(event: PointerEvent): Point {
    const { left, top, width, height } = this.getBoundingClientRect();
    return [(event.clientX - left) / width, (event.clientY - top) / height];
  }

  readonly #onDraw = (event: PointerEvent): void => {
    if (!this.tool) return;
    const kind = this.tool;
    const from = this.#placeOf(event);
    let to = from;
    event.preventDefault();
    followPointer(
      event,
      (move) => {
        to = this.#placeOf(move);
        this.drawn = [from, to];
      },
      (done) => {
        this.drawn = null;
        if (done) this.#add(kind, from, to);
      },
    );
  };

  #add(kind: 'line' | 'zone', from: Point, to: Point): void {
    const { language } = this;
    const number = (kind === 'line' ? this.scene.lines : this.scene.zones).length + 1;
    const added = newShape(this.scene, kind, from, to, {
      name: language.say(kind === 'line' ? 'count.new-line' : 'count.new-zone', { number }),
      inside: language.say('count.new-inside'),
      outside: language.say('count.new-outside'),
    });
    this.dispatchEvent(new CustomEvent('tool-done'));
    if (!isScene(added.scene)) return;
    this.#tell('scene-change', added.scene);
    this.#select(added.id);
  }

  /** Drags a part: what it comes to is shown on the way, and kept where it is let go. */
  #drag(
    event: PointerEvent,
    change: (from: Point, to: Point) => Scene,
    onTap: () => void = () => {},
  ): void {
    const from = this.#placeOf(event);
    const before = this.scene;
    let after = before;
    followPointer(
      event,
      (move) => {
        const changed = change(from, this.#placeOf(move));
        if (!isScene(changed)) return;
        after = changed;
        this.#tell('scene-preview', after);
      },
      (done) => {
        if (done && after !== before) this.#tell('scene-change', after);
        else if (after !== before) this.#tell('scene-preview', before);
        else if (done) onTap();
      },
    );
  }

  #onShape(event: PointerEvent, id: string): void {
    if (this.tool) return;
    this.#select(id);
    const { scene } = this;
    this.#drag(event, (from, to) => moveShape(scene, id, [to[0] - from[0], to[1] - from[1]]));
  }

  #onPoint(event: PointerEvent, id: string, at: number): void {
    const { scene } = this;
    this.#drag(event, (_from, to) => movePoint(scene, id, at, to));
  }

  #onBetween(event: PointerEvent, id: string, after: number): void {
    const { scene } = this;
    this.#drag(
      event,
      (_from, to) => insertPoint(scene, id, after, to),
      () => this.#insert(id, after),
    );
  }

  #insert(id: string, after: number): void {
    const shape = this.#find(id)!;
    const a = shape.points[after]!;
    const b = shape.points[(after + 1) % shape.points.length]!;
    this.#commit(insertPoint(this.scene, id, after, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]));
    void this.updateComplete.then(() => this.#focusPoint(after + 1));
  }

  #onPointKey(event: KeyboardEvent, id: string, at: number): void {
    const { points } = this.#find(id)!;
    const step = stepOf(event);
    if (step) {
      const [x, y] = points[at]!;
      this.#commit(movePoint(this.scene, id, at, [x + step[0], y + step[1]]));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.#commit(removePoint(this.scene, id, at));
      void this.updateComplete.then(() => this.#focusPoint(Math.max(0, at - 1)));
    } else if (event.key === 'Insert' || event.key === '+') {
      if (at === points.length - 1 && 'inside' in this.#find(id)!) this.#insert(id, at - 1);
      else this.#insert(id, at);
    } else if (!this.#onEscape(event)) return;
    event.preventDefault();
  }

  #onMoveKey(event: KeyboardEvent, id: string): void {
    const step = stepOf(event);
    if (step) this.#commit(moveShape(this.scene, id, step));
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      this.#select(null);
      this.#commit(removeShape(this.scene, id));
    } else if (!this.#onEscape(event)) return;
    event.preventDefault();
  }

  #onEscape(event: KeyboardEvent): boolean {
    if (event.key !== 'Escape') return false;
    this.#select(null);
    return true;
  }

  #focusPoint(at: number): void {
    this.renderRoot.querySelectorAll<HTMLElement>('.point')[at]?.focus();
  }

  #find(id: string): SceneLine | SceneZone | undefined {
    return [...this.scene.lines, ...this.scene.zones].find((shape) => shape.id === id);
  }

  #commit(scene: Scene): void {
    if (isScene(scene)) this.#tell('scene-change', scene);
  }

  #tell(type: 'scene-preview' | 'scene-change', scene: Scene): void {
    this.dispatchEvent(new CustomEvent<Scene>(type, { detail: scene }));
  }

  #select(id: string | null): void {
    this.dispatchEvent(new CustomEvent<string | null>('shape-select', { detail: id }));
  }

  static override styles = [theme, sceneEditorStyles];
}

/** The handle that moves a line lies beside it, where it hides none of its points. */
function offMiddle([x, y]: Point, closed: boolean): Point {
  return closed ? [x, y] : [x + 0.05 > 0.95 ? x - 0.05 : x + 0.05, y];
}

customElements.define('scene-editor', SceneEditor);

declare global {
  interface HTMLElementTagNameMap {
    'scene-editor': SceneEditor;
  }
}
