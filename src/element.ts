/** The entry `footpath/element`: custom elements as classes, nothing defined yet, without side effects. */
export { defineFootpathElements } from './element/define.ts';
export { addLanguage } from './element/localized.ts';
export { PathViewer, type ViewerEventMap, type ViewerProperty } from './element/path-viewer.ts';
export type { TrackerEventMap } from './element/tracker/events.ts';
export { FootpathTracker, type TrackerProperty } from './element/tracker/footpath-tracker.ts';
export type { ElementTable } from './language/element/english.ts';
