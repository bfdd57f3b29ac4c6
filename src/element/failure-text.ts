import type { FailureRecord } from '../contract/failure.ts';
import type { ElementLanguage } from '../language/element/element-languages.ts';

/** Kinds whose message speaks of the machinery. */
const TECHNICAL: readonly FailureRecord['kind'][] = [
  'backend-unavailable',
  'detector-failed',
  'internal',
];

/**
 * What went wrong, for anybody. In English it is the failure's own message, which names the input, unless that speaks of
 * the machinery; elsewhere its kind, in the reader's language.
 */
export function failureText(
  language: Pick<ElementLanguage, 'tag' | 'say'>,
  { kind, message }: FailureRecord,
): string {
  const isMessage = language.tag === 'en' && !TECHNICAL.includes(kind);
  return isMessage ? message : language.say(`failure.${kind}`);
}

/** The failure's own message, which is English, for beneath its text; undefined where it is that, or speaks of the machinery. */
export function failureDetail(
  { tag }: Pick<ElementLanguage, 'tag'>,
  { kind, message }: FailureRecord,
): string | undefined {
  return tag === 'en' || TECHNICAL.includes(kind) ? undefined : message;
}
