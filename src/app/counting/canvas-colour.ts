/**
 * A colour of the theme as a canvas takes it: its light or dark value.
 * @param element where it is drawn
 * @param adjust `none` for marks that are told apart by it, which stay as their legend's where colours are forced
 */
export function colourOf(
  element: Element,
  colour: string,
  adjust: 'auto' | 'none' = 'auto',
): string {
  const probe = document.createElement('i');
  probe.style.color = colour;
  probe.style.forcedColorAdjust = adjust;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
