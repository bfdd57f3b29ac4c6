import { arabic } from './arabic.ts';
import { english } from './english.ts';
import { german } from './german.ts';
import { spanish } from './spanish.ts';
import type { TrackerWords } from './words.ts';

/** The languages that come with the elements, English first. */
export const LANGUAGES: readonly TrackerWords[] = [english, german, spanish, arabic];

/** Words for a BCP 47 tag by its language alone (`de-AT` is German); English where there are none. */
export function wordsFor(tag: string | null | undefined): TrackerWords {
  const language = (tag ?? '').toLowerCase().split('-')[0];
  return LANGUAGES.find((words) => words.language === language) ?? english;
}
