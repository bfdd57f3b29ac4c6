import { html, svg } from 'lit';
import type { Point } from '../../analytics/geometry.ts';
import { EMPTY_SCENE, type Scene, type SceneLine, type SceneZone } from '../../analytics/scene.ts';
import { KeepFocus } from '../../element/keep-focus.ts';
import { theme } from '../../element/theme.ts';
import { AppElement } from '../app-element.ts';
import { drawnShape, howToDraw, shapeLabel } from './drawn-shape.ts';
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
import { type HandleListeners, shapeHandles } from './shape-handles.ts';
import { pathOf } from './shape-outline.ts';
import { SpreadLabels } from './spread-labels.ts';

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
 * @fires focus-leave - the parts went away with the focus; id of their shape
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

  readonly #handling: HandleListeners = {
    point: (event, id, at) => this.#onPoint(event, id, at),
    pointKey: (event, id, at) => this.#onPointKey(event, id, at),
    between: (event, id, after) => this.#onBetween(event, id, after),
    insert: (id, after) => this.#insert(id, after),
    move: (event, id) => this.#onShape(event, id),
    moveKey: (event, id) => this.#onMoveKey(event, id),
  };
  /** What gets the focus once it is there, with the host's next scene: a place of a shape, or the handle that moves it. */
  #awaited: { readonly id: string; readonly at: number | null } | null = null;
  /** Id of the shape that was picked last. */
  #lastPicked = '';

  constructor() {
    super();
    this.scene = EMPTY_SCENE;
    this.aspect = 16 / 9;
    this.tool = null;
    this.selected = null;
    this.drawn = null;
    new SpreadLabels(this);
    new KeepFocus(this, () => {
      if (this.#awaited === null)
        this.dispatchEvent(new CustomEvent('focus-leave', { detail: this.#lastPicked }));
    });
    // What is pressed here is not meant for the player beneath.
    this.addEventListener('click', (event) => event.stopPropagation());
  }

  /** Puts a line or a zone into the middle, for whoever has no pointer, and picks it. */
  putInMiddle(kind: 'line' | 'zone'): void {
    const id = this.#add(kind, [0.5, 0.5], [0.5, 0.5]);
    if (id !== undefined) this.#awaited = { id, at: null };
  }

  protected override updated(): void {
    const { selected } = this;
    if (selected !== null) this.#lastPicked = selected;
    if (this.#awaited === null || this.#awaited.id !== selected) return;
    const { at } = this.#awaited;
    const wanted =
      at === null
        ? this.renderRoot.querySelector<HTMLElement>('.move')
        : this.renderRoot.querySelectorAll<HTMLElement>('.point')[at];
    if (!wanted) return;
    this.#awaited = null;
    wanted.focus();
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
      ${shapes
        .filter(({ id }) => id === this.selected)
        .map((shape) => shapeHandles(this.language, shape, this.#handling))}
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

  /** @returns the new shape's id; undefined where it would break a rule of scenes */
  #add(kind: 'line' | 'zone', from: Point, to: Point): string | undefined {
    const { language } = this;
    const shapes = kind === 'line' ? this.scene.lines : this.scene.zones;
    const nameOf = (number: number) =>
      language.say(kind === 'line' ? 'count.new-line' : 'count.new-zone', { number });
    let number = shapes.length + 1;
    // One before it may have been taken away.
    while (shapes.some(({ name }) => name === nameOf(number))) number++;
    const added = newShape(this.scene, kind, from, to, {
      name: nameOf(number),
      inside: language.say('count.new-inside'),
      outside: language.say('count.new-outside'),
    });
    this.dispatchEvent(new CustomEvent('tool-done'));
    if (!isScene(added.scene)) return undefined;
    this.#tell('scene-change', added.scene);
    this.#select(added.id);
    return added.id;
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
    const between: Point = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
    if (this.#commit(insertPoint(this.scene, id, after, between)))
      this.#awaited = { id, at: after + 1 };
  }

  #onPointKey(event: KeyboardEvent, id: string, at: number): void {
    const { points } = this.#find(id)!;
    const step = stepOf(event);
    if (step) {
      const [x, y] = points[at]!;
      this.#commit(movePoint(this.scene, id, at, [x + step[0], y + step[1]]));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      if (this.#commit(removePoint(this.scene, id, at)))
        this.#awaited = { id, at: Math.max(0, at - 1) };
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

  #find(id: string): SceneLine | SceneZone | undefined {
    return [...this.scene.lines, ...this.scene.zones].find((shape) => shape.id === id);
  }

  /** @returns whether the scene keeps the rules, and is told of */
  #commit(scene: Scene): boolean {
    const isKept = isScene(scene);
    if (isKept) this.#tell('scene-change', scene);
    return isKept;
  }

  #tell(type: 'scene-preview' | 'scene-change', scene: Scene): void {
    this.dispatchEvent(new CustomEvent<Scene>(type, { detail: scene }));
  }

  #select(id: string | null): void {
    this.dispatchEvent(new CustomEvent<string | null>('shape-select', { detail: id }));
  }

  static override styles = [theme, sceneEditorStyles];
}

customElements.define('scene-editor', SceneEditor);

declare global {
  interface HTMLElementTagNameMap {
    'scene-editor': SceneEditor;
  }
}
