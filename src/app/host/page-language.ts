import { type AppLanguage, appLanguages } from '../../language/app/app-languages.ts';
import type { LanguageTag } from '../../language/languages.ts';
import { keepChoice, keptChoice } from './kept-choice.ts';

/** Where the choice of a language is kept. */
const KEY = 'footpath:language';

/** Sets the page's language: the one that was chosen here, or the browser's first that there are words of. */
export function setPageLanguage(): Promise<void> {
  const chosen = keptChoice(KEY);
  return speak(appLanguages.choose(chosen === null ? navigator.languages : [chosen]));
}

/** The page's language, for what is no part of its tree. */
export function pageLanguage(): AppLanguage {
  return appLanguages.at(document.documentElement.lang) ?? appLanguages.at('en')!;
}

/** Changes the page's language, and keeps that choice where the browser lets the page keep anything. */
export function chooseLanguage(tag: LanguageTag): Promise<void> {
  keepChoice(KEY, tag);
  return speak(tag);
}

async function speak(tag: string): Promise<void> {
  const { direction } = await appLanguages.load(tag);
  document.documentElement.lang = tag;
  document.documentElement.dir = direction;
}
