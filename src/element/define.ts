import { PathPlayer } from './path-player.ts';
import { PathViewer } from './path-viewer.ts';
import { PersonList } from './person-list.ts';
import { PresenceTimeline } from './presence-timeline.ts';
import { RequestList } from './request-list.ts';
import { FootpathTracker } from './tracker/footpath-tracker.ts';

/** Makes the view parts known to the page as custom elements. Safe to call twice, and without a page, on a server. */
export function defineViewParts(): void {
  if (typeof customElements === 'undefined') return;
  for (const [name, part] of [
    ['footpath-player', PathPlayer],
    ['footpath-people', PersonList],
    ['footpath-requests', RequestList],
    ['footpath-timeline', PresenceTimeline],
    ['footpath-viewer', PathViewer],
  ] as const) {
    if (!customElements.get(name)) customElements.define(name, part);
  }
}

/**
 * Makes `<footpath-tracker>`, `<footpath-viewer>` and their parts known to the page. Safe to call twice, and without a page, on a
 * server.
 */
export function defineFootpathElements(): void {
  if (typeof customElements === 'undefined') return;
  defineViewParts();
  if (!customElements.get('footpath-tracker'))
    customElements.define('footpath-tracker', FootpathTracker);
}
