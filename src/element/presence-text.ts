import type { PersonPresence } from '../analytics/presence.ts';
import type { ElementLanguage } from '../language/element/element-languages.ts';
import { personNumber } from '../overlay/person-number.ts';
import { clockText, spanText } from './duration.ts';

/** Who somebody is, from when to when and for how long they are to be seen: for those who see no list and no timeline. */
export function presenceText(
  language: ElementLanguage,
  { index, firstMs, lastMs, onScreenMs, spans }: PersonPresence,
): string {
  const said = {
    number: String(personNumber(index)),
    from: clockText(language, firstMs),
    to: clockText(language, lastMs),
    span: spanText(language, onScreenMs),
  };
  return spans.length > 1
    ? language.say('person.row-parts', { ...said, count: spans.length })
    : language.say('person.row', said);
}
