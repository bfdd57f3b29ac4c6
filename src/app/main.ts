import { answerServiceWorker } from '../client/page-endpoint.ts';
import { createPersonTracking } from '../client/person-tracking.ts';
import { defineViewParts } from '../element/define.ts';
import './footpath-app.ts';

defineViewParts();
const app = document.createElement('footpath-app');
// A folder may hold many videos; Rekognition's own limit is not meant for one person's queue.
app.tracking = createPersonTracking({ maxOpenJobs: 1000 });
answerServiceWorker(app.tracking.handle);
document.querySelector('#app')!.replaceChildren(app);

declare global {
  interface HTMLElementTagNameMap {
    'footpath-app': import('./footpath-app.ts').FootpathApp;
  }
}
