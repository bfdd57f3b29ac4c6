/** Of the labels along a chart's axes. */
export const FONT = '12px system-ui, sans-serif';

/** Places of at most `most` labels among so many stretches, evenly. */
export function spread(count: number, most: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(1, most)));
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step);
}

/** How wide texts are on the canvas, in CSS pixels. */
export function textWidths(texts: readonly string[]): number[] {
  const context = document.createElement('canvas').getContext('2d')!;
  context.font = FONT;
  return texts.map((text) => context.measureText(text).width);
}
