import { html, type TemplateResult } from 'lit';
import type { Analysis } from '../../analytics/analyze.ts';
import type { FailureRecord } from '../../contract/failure.ts';
import type { JobProgress } from '../../engine/job.ts';
import type { ElementTexts } from '../../language/element/english.ts';
import type { Language } from '../../language/language.ts';
import { spanText } from '../duration.ts';
import { failureDetail, failureText } from '../failure-text.ts';

/** The stage, which is said elsewhere, share and time left of a job. @param stop called by its button */
export function progressPanel(
  language: Language<ElementTexts>,
  progress: JobProgress | undefined,
  stop: () => void,
): TemplateResult {
  const share =
    progress?.stage === 'tracking' && progress.samplesTotal > 0
      ? Math.min(0.99, progress.samplesDone / progress.samplesTotal)
      : undefined;
  const minutes = Math.max(1, Math.round((progress?.secondsLeft ?? 0) / 60));
  return html`<div class="panel">
    <p class="title" aria-hidden="true">${language.say(`stage.${progress?.stage ?? 'opening'}`)}</p>
    <progress
      part="progress"
      aria-label=${language.say('tracker.progress')}
      max="1"
      .value=${share ?? 0}
      ?data-unknown=${share === undefined}
    ></progress>
    <p class="hint">
      ${progress?.peopleSoFar === undefined ? null : language.say('paths.so-far', { count: progress.peopleSoFar })}
      ${
        progress?.stage === 'tracking' && progress.secondsLeft !== null
          ? html`<span>${language.say('minutes-left', { count: minutes })}</span>`
          : null
      }
    </p>
    <p class="hint">${language.say('tracker.stay')}</p>
    <button part="button" @click=${stop}>${language.say('tracker.stop')}</button>
  </div>`;
}

/** What was counted at each line and in each zone. */
export function countsList(language: Language<ElementTexts>, analysis: Analysis): TemplateResult {
  return html`<ul class="counts" part="counts">
    ${analysis.lines.map(
      ({ line, in: inwards, out }) =>
        html`<li>${language.say('counts.line', { name: line.name, in: inwards, out })}</li>`,
    )}
    ${analysis.zones.map(({ zone, people, meanDwellMs }) => {
      const visited = language.say('counts.zone', { name: zone.name, count: people });
      if (meanDwellMs === undefined) return html`<li>${visited}</li>`;
      const time = spanText(language, meanDwellMs);
      return html`<li>${language.say('counts.dwell', { zone: visited, time })}</li>`;
    })}
  </ul>`;
}

/** Why something failed, in plain words, and what the engine says of it. */
export function failureReason(
  language: Language<ElementTexts>,
  failure: FailureRecord,
): TemplateResult {
  const detail = failureDetail(language, failure);
  return html`<p class="reason" dir="auto">${failureText(language, failure)}</p>
    ${detail === undefined ? null : html`<p class="hint" lang="en" dir="ltr">${detail}</p>`}`;
}
