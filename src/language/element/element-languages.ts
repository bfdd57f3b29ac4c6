import type { Language } from '../language.ts';
import { Languages } from '../languages.ts';
import { type ElementTexts, english } from './english.ts';

/** A language that has the elements' words. */
export type ElementLanguage = Language<ElementTexts>;

/** The languages of `<footpath-tracker>`, `<footpath-viewer>` and their parts. */
export const elementLanguages = new Languages(english, {
  de: async () => (await import('./german.ts')).german,
  es: async () => (await import('./spanish.ts')).spanish,
  ar: async () => (await import('./arabic.ts')).arabic,
});
