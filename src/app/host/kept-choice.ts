/** A choice that was kept; null where there is none, or the browser lets the page keep nothing. */
export function keptChoice(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a choice for later visits, where the browser lets the page keep anything. @param choice null: forgets it */
export function keepChoice(key: string, choice: string | null): void {
  try {
    if (choice === null) localStorage.removeItem(key);
    else localStorage.setItem(key, choice);
  } catch {
    // It is good until the page is closed, then.
  }
}
