/** The entry `footpath/element`: custom elements as classes, nothing defined yet, without side effects. */
export { defineFootpathElements } from './element/define.ts';
export { LANGUAGES, wordsFor } from './element/languages/languages.ts';
export type { TrackerWords } from './element/languages/words.ts';
export { PathViewer } from './element/path-viewer.ts';
export type { TrackerEventMap } from './element/tracker/events.ts';
export { FootpathTracker } from './element/tracker/footpath-tracker.ts';
