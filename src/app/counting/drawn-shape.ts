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

/** A shape's name over the picture: at its first point. */
export function shapeLabel(shape: SceneLine | SceneZone): TemplateResult {
  const [x, y] = shape.points[0]!;
  return html`<span class="label" aria-hidden="true" .style=${place(x, y)}>${shape.name}</span>`;
}

/** A place of the picture, in ratios of it, as a style. */
export function place(x: number, y: number): string {
  return `left:${(100 * x).toFixed(2)}%;top:${(100 * y).toFixed(2)}%`;
}
