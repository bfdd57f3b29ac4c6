/**
 * The elements in Vue's templates:
 *
 *     import 'footpath/element/define';
 *     import type {} from 'footpath/element/vue';
 *
 *     <footpath-tracker :file="file" @footpath-complete="(event) => (paths = event.detail.paths)" />
 *
 * Tell Vue's compiler that they are custom elements: `isCustomElement: (tag) => tag.startsWith('footpath-')`.
 */
import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type {
  FootpathTracker,
  PathViewer,
  TrackerEventMap,
  TrackerProperty,
  ViewerEventMap,
  ViewerProperty,
} from '../dist/lib/types/element.js';

export * from '../dist/lib/types/element.js';

/** As Vue's guide types custom elements: https://vuejs.org/guide/extras/web-components.html */
type Listened<Events> = { [Name in keyof Events]: (event: Events[Name]) => void };

type CustomElement<
  Element extends HTMLElement,
  Keys extends keyof Element,
  Events,
> = new () => Element & {
  /** Only for templates. */
  $props: HTMLAttributes & Partial<Pick<Element, Keys>> & PublicProps;
  /** Only for templates. */
  $emit: EmitFn<Listened<Events>>;
};

declare module 'vue' {
  interface GlobalComponents {
    'footpath-tracker': CustomElement<FootpathTracker, TrackerProperty, TrackerEventMap>;
    'footpath-viewer': CustomElement<PathViewer, ViewerProperty, ViewerEventMap>;
  }
}
