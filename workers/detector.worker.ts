/**
 * The file that a detector thread begins with. It has nothing that others would import: what they share a bundler puts where it
 * is, and WebKit runs a thread's first file once more when another imports it.
 */
import type { DetectorRequest } from './detector/pool/protocol.ts';

const early: DetectorRequest[] = [];
self.onmessage = ({ data }: MessageEvent<DetectorRequest>) => void early.push(data);

import('./detector/thread/receive.ts').then(({ receive }) => {
  self.onmessage = ({ data }: MessageEvent<DetectorRequest>) => void receive(data);
  for (const request of early) void receive(request);
}, reportError);
