/** WebKitGTK's decoder neither gives frames nor fails at some damaged pictures; Node has no decoder, so this one stands in. */
import { afterEach, expect, test, vi } from 'vitest';
import { DecoderSession, SilentDecoder } from '../../src/media/decoder-session.ts';

class Silent extends EventTarget {
  state = 'configured';
  decodeQueueSize = 9;
  configure() {}
  decode() {}
  close() {}
  flush() {
    return new Promise(() => {});
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a decoder that says nothing any more ends its session', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('VideoDecoder', Silent);
  const session = new DecoderSession({ codec: 'avc1.42001e' }, { count: 0 });
  session.flush();
  const changed = session.change(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(20_000);
  await changed;
  expect(session.hasFailed).toBe(true);
  expect(session.error).toBeInstanceOf(SilentDecoder);
  expect(vi.getTimerCount()).toBe(0);
  session.close();
});
