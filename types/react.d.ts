/**
 * The elements in React's JSX, from React 19 on, which sets properties and hears events of custom elements itself:
 *
 *     import 'footpath/element/define';
 *     import type {} from 'footpath/element/react';
 *
 *     <footpath-tracker file={file} onfootpath-complete={(event) => setPaths(event.detail.paths)} />
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type {
  FootpathTracker,
  PathViewer,
  TrackerEventMap,
  TrackerProperty,
  ViewerEventMap,
  ViewerProperty,
} from '../dist/lib/types/element.js';

export * from '../dist/lib/types/element.js';

/** What of an element may be set: its own properties that can be written. */
type Settable<Element, Keys extends keyof Element> = Partial<Pick<Element, Keys>>;

type Listeners<Events> = {
  [Name in keyof Events & string as `on${Name}`]?: (event: Events[Name]) => void;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'footpath-tracker': DetailedHTMLProps<HTMLAttributes<FootpathTracker>, FootpathTracker> &
        Settable<FootpathTracker, TrackerProperty> &
        Listeners<TrackerEventMap>;
      'footpath-viewer': DetailedHTMLProps<HTMLAttributes<PathViewer>, PathViewer> &
        Settable<PathViewer, ViewerProperty> &
        Listeners<ViewerEventMap>;
    }
  }
}
