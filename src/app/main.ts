import { createPersonTracking } from '../client/person-tracking.ts';
import { defineViewParts } from '../element/define.ts';
import './footpath-app.ts';

defineViewParts();
const app = document.createElement('footpath-app');
app.tracking = createPersonTracking();
document.querySelector('#app')!.replaceChildren(app);

declare global {
  interface HTMLElementTagNameMap {
    'footpath-app': import('./footpath-app.ts').FootpathApp;
  }
}
