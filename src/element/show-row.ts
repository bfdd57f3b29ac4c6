/**
 * Brings a row of a list into view within the list alone: the page stays where it is.
 * @param list scrolls where it is given less room than it takes
 * @param above what lies over the list's upper end, if anything
 */
export function showRow(list: HTMLElement, row: Element | null, above?: Element | null): void {
  // In a list that is shown whole there is nothing to bring.
  if (!row || list.scrollHeight <= list.clientHeight) return;
  const frame = list.getBoundingClientRect();
  const top = frame.top + (above?.clientHeight ?? 0);
  const place = row.getBoundingClientRect();
  if (place.top < top) list.scrollTop -= top - place.top;
  else if (place.bottom > frame.bottom) list.scrollTop += place.bottom - frame.bottom;
}
