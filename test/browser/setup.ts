import { afterAll, expect } from 'vitest';
import { commands } from 'vitest/browser';

declare module 'vitest/browser' {
  interface BrowserCommands {
    /** Addresses outside this origin that the page or any thread of it asked for. */
    foreignRequests(): Promise<string[]>;
    /** Room that the browser gives this origin, in bytes; 0 puts things back. */
    limitStorage(bytes: number): Promise<void>;
  }
}

await commands.foreignRequests();

afterAll(async () => {
  expect(await commands.foreignRequests()).toEqual([]);
});
