import { canStore } from '../client/can-store.ts';
import { allowOwnScripts } from '../client/own-scripts.ts';
import { answerServiceWorker } from '../client/page-endpoint.ts';
import { createPersonTracking } from '../client/person-tracking.ts';
import { defineViewParts } from '../element/define.ts';
import './footpath-app.ts';
import { setPageLanguage } from './host/page-language.ts';

allowOwnScripts();
defineViewParts();
await setPageLanguage();
const app = document.createElement('footpath-app');
app.tracking = createPersonTracking({
  // A folder may hold many videos; Rekognition's own limit is not meant for one person's queue.
  maxOpenJobs: 1000,
  storage: (await canStore()) ? 'browser' : 'memory',
});
answerServiceWorker(app.tracking.handle);
document.querySelector('#app')!.replaceChildren(app);

declare global {
  interface HTMLElementTagNameMap {
    'footpath-app': import('./footpath-app.ts').FootpathApp;
  }
}
