import { appLanguages } from '../../language/app/app-languages.ts';
import type { LanguageTag } from '../../language/languages.ts';

/** Where the choice of a language is kept. */
const KEY = 'footpath:language';

/** Sets the page's language: the one that was chosen here, or the browser's first that there are words of. */
export function setPageLanguage(): Promise<void> {
  const chosen = kept();
  return speak(appLanguages.choose(chosen === null ? navigator.languages : [chosen]));
}

/** Changes the page's language, and keeps that choice where the browser lets the page keep anything. */
export function chooseLanguage(tag: LanguageTag): Promise<void> {
  try {
    localStorage.setItem(KEY, tag);
  } catch {
    // Until the page is closed, then.
  }
  return speak(tag);
}

async function speak(tag: string): Promise<void> {
  const { direction } = await appLanguages.load(tag);
  document.documentElement.lang = tag;
  document.documentElement.dir = direction;
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
