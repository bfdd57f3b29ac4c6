/** Controls that take whatever is typed. */
const TYPED =
  'select, textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=color], [type=image])';
/** Controls that the space bar works. A link is none: there it would only scroll the page. */
const PRESSED =
  'button, summary, input:not([type=range]), video[controls], audio[controls], [role=button], [role=checkbox], [role=switch], [role=tab], [role=menuitem], [role=option]';

/**
 * Whether the control that has the focus, or an open dialog, needs a key itself, so that no shortcut of the page may take it.
 * @param event of the key, while it is being handed on
 * @param of whose shortcut it would be: a dialog around that is none that lies over it
 */
export function usesKey(event: KeyboardEvent, of?: Element): boolean {
  const path = event.composedPath();
  const around = of ? ancestors(of) : [];
  if (path.some((at) => at instanceof HTMLDialogElement && !around.includes(at))) return true;
  const [target] = path;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches(TYPED)) return true;
  if (event.key === ' ') return target.matches(PRESSED);
  return event.key.startsWith('Arrow') && target.matches('input[type=radio]');
}

/** All that an element is shown in, through slots and shadows. */
function ancestors(element: Element): Node[] {
  const found: Node[] = [];
  const above = (node: Node) =>
    (node as Element).assignedSlot ?? node.parentNode ?? (node as ShadowRoot).host ?? null;
  for (let at: Node | null = above(element); at; at = above(at)) found.push(at);
  return found;
}
