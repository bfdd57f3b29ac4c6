/** The entry `footpath/element/define`: importing it makes the elements known to the page. */
import { defineFootpathElements } from './element/define.ts';

defineFootpathElements();

/** Their types come along: `querySelector` and `addEventListener` know the elements. */
export type { PathViewer } from './element/path-viewer.ts';
export type { FootpathTracker } from './element/tracker/footpath-tracker.ts';
