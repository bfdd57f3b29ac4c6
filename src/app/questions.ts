import type { AppLanguage } from '../language/app/app-languages.ts';
import type { Question } from './parts/confirm-dialog.ts';
import { shortName } from './words.ts';

/** What is asked before a result is deleted; `key` is its video's name. */
export function deleteQuestion(language: AppLanguage, key: string): Question {
  return {
    title: language.say('delete.title'),
    text: language.say('delete.text', { name: shortName(key) }),
    yes: language.say('delete'),
    no: language.say('keep'),
  };
}

/** What is asked before a job is stopped; `key` is its video's name. */
export function stopQuestion(language: AppLanguage, key: string): Question {
  return {
    title: language.say('progress.stop-title'),
    text: language.say('progress.stop-text', { name: shortName(key) }),
    yes: language.say('stop'),
    no: language.say('progress.stop-no'),
  };
}
