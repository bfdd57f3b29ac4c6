import type { Analysis } from '../../analytics/analyze.ts';
import type { UncertainReason } from '../../analytics/crossings.ts';
import { spanText } from '../../element/duration.ts';
import type { AppLanguage } from '../../language/app/app-languages.ts';

/** What of it a list shows. */
export type MomentKind = 'all' | 'crossings' | 'visits' | 'stands';

/** Something that was counted of one person. */
export interface Moment {
  readonly kind: Exclude<MomentKind, 'all'>;
  readonly index: number;
  readonly timeMs: number;
  readonly text: () => string;
  readonly uncertain?: UncertainReason;
}

/** Everything that was counted of single people, in order of time. */
export function momentsOf(language: AppLanguage, { lines, zones, stands }: Analysis): Moment[] {
  const crossings = lines.flatMap(({ line, crossings }) =>
    crossings.map(
      ({ index, timestampMs, direction, uncertain }): Moment => ({
        kind: 'crossings',
        index,
        timeMs: timestampMs,
        text: () => language.say(`moment.${direction}`, { name: line.name }),
        ...(uncertain === undefined ? {} : { uncertain }),
      }),
    ),
  );
  const visits = zones.flatMap(({ zone, visits }) =>
    visits.map(
      ({ index, beginMs, dwellMs }): Moment => ({
        kind: 'visits',
        index,
        timeMs: beginMs,
        text: () =>
          language.say('moment.stayed', {
            name: zone.name,
            span: spanText(language, dwellMs),
          }),
      }),
    ),
  );
  const stood = stands.map(
    ({ index, beginMs, endMs }): Moment => ({
      kind: 'stands',
      index,
      timeMs: beginMs,
      text: () => language.say('moment.stood', { span: spanText(language, endMs - beginMs) }),
    }),
  );
  return [...crossings, ...visits, ...stood].sort(
    (a, b) => a.timeMs - b.timeMs || a.index - b.index,
  );
}
