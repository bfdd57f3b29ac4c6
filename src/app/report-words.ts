/** What a job's report tells of how people were found, in words. */
import type { JobReport } from '../engine/job.ts';
import type { DetectorReport } from '../engine/ports.ts';
import type { TrackingSettings } from '../engine/settings.ts';
import type { AppLanguage } from '../language/app/app-languages.ts';
import { backendText, listText } from './words.ts';

/** Where a job was computed, for its report, and why not in 8-bit integers where the browser cannot. */
export function computedText(
  language: AppLanguage,
  { backend, notes }: Pick<DetectorReport, 'backend' | 'notes'>,
): string {
  const place = backendText(language, backend);
  if (backend === 'int8') return language.say('report.same', { place });
  const isRefused =
    backend === 'wasm' && notes.some((note) => note.startsWith('int8: this browser'));
  return isRefused ? language.say('report.real', { place }) : place;
}

/** What was looked at of each picture, with the motion gate, and how often. */
export function changesText(language: AppLanguage, shares: JobReport['shares']): string {
  const rule = language.say('report.changes');
  if (!shares) return rule;
  const { whole, parts, nothing } = shares;
  const counts = { whole, parts, nothing };
  return language.say('report.changes-counted', { rule, ...counts });
}

/** How pictures are looked at: `looks at each picture in 2 sizes, 384 × 288 and 224 × 160 pixels`. */
export function looksText(language: AppLanguage, inputs: DetectorReport['inputs']): string {
  const sizes = listText(
    language,
    inputs.map(({ width, height }) => `${width} × ${height}`),
  );
  return inputs.length === 1
    ? language.say('report.looks-once', { sizes })
    : language.say('report.looks', { sizes, count: inputs.length });
}

/** What whoever came back was known again by. For the details. */
export function knownAgainText(
  language: AppLanguage,
  { refine, rejoinSeconds }: Pick<TrackingSettings, 'refine' | 'rejoinSeconds'>,
  { identity }: Pick<DetectorReport, 'identity'>,
): string {
  if (!refine || rejoinSeconds === 0) return language.say('report.marks-none');
  return language.say(identity ? 'report.marks-network' : 'report.marks-colours');
}
