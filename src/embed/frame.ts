/** The page inside the frame: the element, and the port to the page around it. */
import { defineFootpathElements } from '../element/define.ts';
import type { TrackerEventMap } from '../element/tracker/events.ts';
import type { FootpathTracker } from '../element/tracker/footpath-tracker.ts';
import { elementLanguages } from '../language/element/element-languages.ts';
import { acceptHost, allowedHosts } from './accept-host.ts';
import { askForPicture } from './ask-for-picture.ts';
import { type FrameMessage, readHostMessage } from './messages.ts';
import { RateLimit } from './rate-limit.ts';

/** Messages a second that a page may send; more are dropped. */
const MOST_MESSAGES = 50;

// The visitor's language, unless the page around says another.
document.documentElement.lang = elementLanguages.choose(navigator.languages);
defineFootpathElements();
const element = document.querySelector('footpath-tracker') as FootpathTracker;
let port: MessagePort | undefined;
/** Origin of the page around. */
let host = '';

function tell(message: FrameMessage): void {
  port?.postMessage(message);
}

function hear(event: MessageEvent): void {
  const message = readHostMessage(event.data);
  switch (message?.type) {
    case 'configure':
      if (message.lang === undefined) element.removeAttribute('lang');
      else element.lang = message.lang;
      element.quality = message.quality ?? null;
      element.scene = message.scene ?? null;
      element.sampleRate = message.sampleRate === undefined ? null : String(message.sampleRate);
      break;
    case 'video':
      element.file = message.file;
      break;
    case 'start':
      void element.start();
      break;
    case 'stop':
      void element.stop();
      break;
    case 'ask-picture':
      void askForPicture(element, host).then((image) => tell({ type: 'picture', image }));
      break;
  }
}

acceptHost(allowedHosts(), (given, origin) => {
  port = given;
  host = origin;
  const limit = new RateLimit(MOST_MESSAGES, () => performance.now());
  given.onmessage = (event) => {
    if (limit.pass()) hear(event);
  };
  tell({ type: 'ready' });
  tell({ type: 'size', heightPx: document.documentElement.scrollHeight });
});

new ResizeObserver(() => {
  tell({ type: 'size', heightPx: Math.ceil(document.body.getBoundingClientRect().height) });
}).observe(document.body);

function on<Name extends keyof TrackerEventMap>(
  name: Name,
  hear: (detail: TrackerEventMap[Name]['detail']) => void,
): void {
  element.addEventListener(name, (event) => hear((event as TrackerEventMap[Name]).detail));
}

on('footpath-progress', ({ stage, samplesDone, samplesTotal, peopleSoFar = 0 }) => {
  const share = samplesTotal > 0 ? Math.min(1, samplesDone / samplesTotal) : 0;
  tell({ type: 'progress', stage, share, people: peopleSoFar });
});
on('footpath-complete', ({ job, paths, analysis }) => {
  tell({
    type: 'complete',
    jobId: job.jobId,
    people: paths.length,
    frameWidth: job.metadata?.FrameWidth ?? 0,
    frameHeight: job.metadata?.FrameHeight ?? 0,
    durationMs: job.metadata?.DurationMillis ?? 0,
    paths: paths.map(({ index, timestampsMs, boxes }) => ({
      index,
      timestampsMs: [...timestampsMs],
      boxes: [...boxes],
    })),
    lines: (analysis?.lines ?? []).map(({ line: { id, name }, in: inwards, out }) => ({
      id,
      name,
      in: inwards,
      out,
    })),
    zones: (analysis?.zones ?? []).map(({ zone: { id, name }, people }) => ({ id, name, people })),
  });
});
on('footpath-error', ({ kind, message }) => tell({ type: 'error', kind, message }));
on('footpath-select', ({ index }) => tell({ type: 'select', index }));
