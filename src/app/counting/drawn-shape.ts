import { html, nothing, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { SceneLine, SceneZone } from '../../analytics/scene.ts';
import { arrowAcross, pathOf } from './shape-outline.ts';

/** A line with the arrow to its inside, or a zone, inside an SVG of thousandths of the picture's height. */
export function drawnShape(
  shape: SceneLine | SceneZone,
  aspect: number,
  picked: boolean,
  onPress: (event: PointerEvent) => void,
): SVGTemplateResult {
  const isLine = 'inside' in shape;
  const outline = pathOf(shape.points, aspect, !isLine);
  const arrow = isLine ? arrowAcross(shape.points, shape.inside, aspect) : undefined;
  return svg`<g class=${`${isLine ? 'line' : 'zone'}${picked ? ' picked' : ''}`} @pointerdown=${onPress}>
    <path class="casing" d=${outline}></path>
    <path class="stroke" d=${outline}></path>
    ${arrow ? svg`<path class="casing" d=${arrow}></path><path class="stroke" d=${arrow}></path>` : nothing}
    <path class="hit" d=${outline}></path>
  </g>`;
}

/** A shape's name: beside its first point, which it leaves free to be taken hold of, and within the picture. */
export function shapeLabel(shape: SceneLine | SceneZone): TemplateResult {
  const [x, y] = shape.points[0]!.map((value) => Math.min(1, Math.max(0, value))) as [
    number,
    number,
  ];
  const across = x < NEAR_EDGE ? '0' : x > 1 - NEAR_EDGE ? '-100%' : '-50%';
  const isBelow = y < NEAR_EDGE;
  const down = isBelow ? LABEL_GAP : `calc(-100% - ${LABEL_GAP})`;
  return html`<span
    class=${isBelow ? 'label below' : 'label'}
    aria-hidden="true"
    .style=${`${place(x, y)};transform:translate(${across}, ${down})`}
  >${shape.name}</span>`;
}

/** A point this close to an edge, in ratios of the picture, has its name on the other side. */
const NEAR_EDGE = 0.15;
const LABEL_GAP = '12px';

/** How something is drawn, said over the picture; screen readers have it from the tools. */
export function howToDraw(text: string): TemplateResult {
  return html`<p class="how" aria-hidden="true">${text}</p>`;
}

/** A place of the picture, in ratios of it, as a style. */
export function place(x: number, y: number): string {
  return `left:${(100 * x).toFixed(2)}%;top:${(100 * y).toFixed(2)}%`;
}
