import type { FootpathTracker } from '../element/tracker/footpath-tracker.ts';
import { elementLanguages } from '../language/element/element-languages.ts';

let asking = false;

/**
 * Asks the user, in the frame, whether the page around may have the picture that is shown: nothing of a video leaves the
 * frame otherwise.
 * @param host origin of that page, which the question names
 * @returns the picture, or null where there is none, the user does not give it, or is being asked already
 */
export async function askForPicture(element: FootpathTracker, host: string): Promise<Blob | null> {
  const shown = await element.picture();
  if (asking || shown === null) return null;
  asking = true;
  const tag = element.lang || document.documentElement.lang;
  const language = await elementLanguages.load(tag);
  const dialog = document.createElement('dialog');
  dialog.lang = language.tag;
  dialog.dir = language.direction;
  const text = document.createElement('p');
  text.id = 'question';
  text.textContent = language.say('picture.question', { host });
  dialog.setAttribute('aria-labelledby', text.id);
  const form = document.createElement('form');
  form.method = 'dialog';
  for (const answer of ['keep', 'give'] as const) {
    const button = document.createElement('button');
    button.value = answer;
    button.textContent = language.say(`picture.${answer}`);
    form.append(button);
  }
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  await new Promise((closed) => dialog.addEventListener('close', closed, { once: true }));
  dialog.remove();
  asking = false;
  // What is on screen at the answer, which the user saw.
  return dialog.returnValue === 'give' ? element.picture() : null;
}
