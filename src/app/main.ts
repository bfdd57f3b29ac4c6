import { canStore } from '../client/can-store.ts';
import { allowOwnScripts } from '../client/own-scripts.ts';
import { answerServiceWorker } from '../client/page-endpoint.ts';
import { createPersonTracking } from '../client/person-tracking.ts';
import { defineViewParts } from '../element/define.ts';
import { recordRequests } from '../element/request-list.ts';
import './footpath-app.ts';
import { setPageLanguage } from './host/page-language.ts';

allowOwnScripts();
// Before the app has a service worker, which may begin to ask while a slow device still draws the page.
recordRequests();
defineViewParts();
await setPageLanguage();
const app = document.createElement('footpath-app');
app.tracking = createPersonTracking({
  // A folder may hold many videos; Rekognition's own limit is not meant for one person's queue.
  maxOpenJobs: 1000,
  // A week, or a month, is put together once it is over: seven days, Rekognition's own limit, would lose its Monday by then.
  keepResultsDays: 62,
  // To track people again takes many times the room.
  keepDetectionsDays: 7,
  keepVideos: false,
  storage: (await canStore()) ? 'browser' : 'memory',
});
answerServiceWorker(app.tracking.handle);
document.querySelector('#app')!.replaceChildren(app);

declare global {
  interface HTMLElementTagNameMap {
    'footpath-app': import('./footpath-app.ts').FootpathApp;
  }
}
