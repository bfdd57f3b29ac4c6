import { afterAll, expect } from 'vitest';
import { commands } from 'vitest/browser';
import type { ProbedFrame } from '../fixtures/browser-commands.ts';

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Addresses outside this origin that the page or any thread of it asked for. */
    foreignRequests(): Promise<string[]>;
    /** Room that the browser gives this origin, in bytes; 0 puts things back. */
    limitStorage(bytes: number): Promise<void>;
    /** What ffprobe says of the frames of a video, given in base64; undefined where it is not installed. */
    probeFrames(base64: string): Promise<ProbedFrame[] | undefined>;
  }
}

await commands.foreignRequests();

afterAll(async () => {
  expect(await commands.foreignRequests()).toEqual([]);
});
