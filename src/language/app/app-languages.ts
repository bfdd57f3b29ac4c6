import { english as countingEnglish } from '../counting/english.ts';
import { english as elementEnglish } from '../element/english.ts';
import type { Language } from '../language.ts';
import { Languages } from '../languages.ts';
import { english as appEnglish } from './english.ts';

const english = { ...elementEnglish, ...appEnglish, ...countingEnglish };

/** The app's keys, the elements' among them, and what their texts need. */
export type AppTexts = typeof english;

/** A language that has the app's words. */
export type AppLanguage = Language<AppTexts>;

/** The languages of the app. */
export const appLanguages = new Languages<AppTexts>(english, {
  de: async () => ({
    ...(await import('../element/german.ts')).german,
    ...(await import('./german.ts')).german,
    ...(await import('../counting/german.ts')).german,
  }),
  es: async () => ({
    ...(await import('../element/spanish.ts')).spanish,
    ...(await import('./spanish.ts')).spanish,
    ...(await import('../counting/spanish.ts')).spanish,
  }),
  ar: async () => ({
    ...(await import('../element/arabic.ts')).arabic,
    ...(await import('./arabic.ts')).arabic,
    ...(await import('../counting/arabic.ts')).arabic,
  }),
});
