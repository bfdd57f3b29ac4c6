import { html } from 'lit';
import type { Point } from '../../analytics/geometry.ts';
import type { SceneLine, SceneZone } from '../../analytics/scene.ts';
import { icon } from '../../element/icons.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';
import { place } from './drawn-shape.ts';
import { middleOf } from './shape-outline.ts';

/** What happens at the handles of a shape, each told of with the shape's id and, where there are several, the place. */
export interface HandleListeners {
  readonly point: (event: PointerEvent, id: string, at: number) => void;
  readonly pointKey: (event: KeyboardEvent, id: string, at: number) => void;
  readonly between: (event: PointerEvent, id: string, after: number) => void;
  /** A key on what lies between two places. */
  readonly insert: (id: string, after: number) => void;
  readonly move: (event: PointerEvent, id: string) => void;
  readonly moveKey: (event: KeyboardEvent, id: string) => void;
}

/** The handles of the shape that is picked: its places, what lies between them, and one that moves the whole. */
export function shapeHandles(
  language: AppLanguage,
  { points, id, name, ...rest }: SceneLine | SceneZone,
  on: HandleListeners,
) {
  const closed = !('inside' in rest);
  return html`
    ${points.map((point, k) => {
      const next = points[k + 1] ?? (closed ? points[0] : undefined);
      return html`<button
          class="point"
          .style=${place(...point)}
          aria-label=${language.say('count.point', { name, at: k + 1, all: points.length })}
          title=${language.say('count.point-keys')}
          @pointerdown=${(event: PointerEvent) => on.point(event, id, k)}
          @keydown=${(event: KeyboardEvent) => on.pointKey(event, id, k)}
        ></button>
        ${
          next &&
          html`<button
            class="between"
            .style=${place((point[0] + next[0]) / 2, (point[1] + next[1]) / 2)}
            aria-label=${language.say('count.between', { name, after: k + 1 })}
            title=${language.say('count.between-hint')}
            @pointerdown=${(event: PointerEvent) => on.between(event, id, k)}
            @click=${(event: MouseEvent) => event.detail === 0 && on.insert(id, k)}
          ></button>`
        }`;
    })}
    <button
      class="move"
      .style=${place(...offMiddle(middleOf(points), closed))}
      aria-label=${language.say('count.move', { name })}
      title=${language.say('count.move-keys')}
      @pointerdown=${(event: PointerEvent) => on.move(event, id)}
      @keydown=${(event: KeyboardEvent) => on.moveKey(event, id)}
    >${icon('move')}</button>
  `;
}

/** The handle that moves a line lies beside it, where it hides none of its points. */
function offMiddle([x, y]: Point, closed: boolean): Point {
  return closed ? [x, y] : [x + 0.05 > 0.95 ? x - 0.05 : x + 0.05, y];
}
