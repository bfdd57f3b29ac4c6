/** Controls that take whatever is typed. */
const TYPED =
  'select, textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=color], [type=image])';
/** Controls that the space bar works. A link is none: there it would only scroll the page. */
const PRESSED =
  'button, summary, input:not([type=range]), video[controls], audio[controls], [role=button], [role=checkbox], [role=switch], [role=tab], [role=menuitem], [role=option]';

/**
 * Whether the control that has the focus, or an open dialog, needs a key itself, so that no shortcut of the page may take it.
 * @param event of the key, while it is being handed on
 */
export function usesKey(event: KeyboardEvent): boolean {
  const path = event.composedPath();
  if (path.some((at) => at instanceof HTMLDialogElement)) return true;
  const [target] = path;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches(TYPED)) return true;
  if (event.key === ' ') return target.matches(PRESSED);
  return event.key.startsWith('Arrow') && target.matches('input[type=radio]');
}
