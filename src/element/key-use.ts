/** Controls that take whatever is typed. */
const TYPED =
  'select, textarea, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=submit], [type=reset], [type=file], [type=color], [type=image])';
/** Controls that the space bar works. A link is none: there it would only scroll the page. */
const PRESSED =
  'button, summary, input:not([type=range]), video[controls], audio[controls], [role=button], [role=checkbox], [role=switch], [role=tab], [role=menuitem], [role=option]';

/**
 * Whether the control that has the focus needs a key itself, so that no shortcut may take it.
 * @param target where the key was pressed: first of the event's composed path
 * @param key the event's `key`
 */
export function usesKey(target: EventTarget | undefined, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches(TYPED)) return true;
  if (key === ' ') return target.matches(PRESSED);
  return key.startsWith('Arrow') && target.matches('input[type=radio]');
}
