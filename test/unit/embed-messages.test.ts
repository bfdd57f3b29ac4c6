import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isHello, PROTOCOL, readFrameMessage, readHostMessage } from '../../src/embed/messages.ts';
import { RateLimit } from '../../src/embed/rate-limit.ts';

const complete = {
  type: 'complete',
  jobId: 'a'.repeat(64),
  people: 1,
  frameWidth: 640,
  frameHeight: 360,
  durationMs: 1000,
  paths: [{ index: 0, timestampsMs: [0, 66], boxes: [0, 0, 1, 1, 0, 0, 1, 1] }],
  lines: [{ id: 'door', name: 'Door', in: 2, out: 1 }],
  zones: [{ id: 'hall', name: 'Hall', people: 2 }],
};

test('what is right passes, whole', () => {
  expect(isHello({ protocol: PROTOCOL })).toBe(true);
  expect(
    readHostMessage({ type: 'configure', lang: 'de', quality: 'fast', sampleRate: 5 }),
  ).toEqual({
    type: 'configure',
    lang: 'de',
    quality: 'fast',
    sampleRate: 5,
  });
  expect(readHostMessage({ type: 'configure', scene: '{"version":1}' })).toEqual({
    type: 'configure',
    scene: '{"version":1}',
  });
  // An address would be one of the frame's own site.
  expect(readHostMessage({ type: 'configure', scene: '/door.json' })).toEqual({
    type: 'configure',
  });
  const file = new File(['x'], 'a.mp4');
  for (const given of [file, new Blob(), null])
    expect(readHostMessage({ type: 'video', file: given })).toEqual({ type: 'video', file: given });
  expect(readFrameMessage(complete)).toEqual(complete);
  expect(readFrameMessage({ type: 'select', index: null })).toEqual({
    type: 'select',
    index: null,
  });
});

test.each([
  [{ type: 'video', file: 'https://example.org/a.mp4' }],
  [{ type: 'video', file: { name: 'a.mp4' } }],
  [{ type: 'eval', code: '1' }],
  [['start']],
  ['start'],
  [null],
])('the page cannot say %j', (message) => {
  expect(readHostMessage(message)).toBeUndefined();
});

test.each([
  [{ type: 'size', heightPx: Number.POSITIVE_INFINITY }],
  [{ type: 'size', heightPx: 1e9 }],
  [{ type: 'progress', stage: 'x', share: 2, people: 0 }],
  [{ type: 'error', kind: 'x', message: 'y'.repeat(20_000) }],
  [{ ...complete, paths: [{ index: 0, timestampsMs: [0], boxes: [0] }] }],
  [{ ...complete, paths: [{ index: 0, timestampsMs: ['0'], boxes: [0, 0, 1, 1] }] }],
  [{ ...complete, people: -1 }],
  [{ ...complete, lines: undefined }],
  [{ ...complete, lines: [{ id: 'door', name: 'Door', in: -1, out: 0 }] }],
  [{ ...complete, zones: [{ id: 'hall', name: 'Hall', people: 'many' }] }],
  [{ ...complete, zones: [null] }],
  [{ type: 'picture', image: 'data:image/jpeg;base64,AA==' }],
  [{ type: 'picture', image: new Blob(['<script>'], { type: 'text/html' }) }],
])('the frame cannot say %j', (message) => {
  expect(readFrameMessage(message)).toBeUndefined();
});

test('members that are no part of a message, inherited or computed, are never looked at', () => {
  const trap = {
    get type() {
      throw new Error('looked at');
    },
  };
  expect(readHostMessage(trap)).toBeUndefined();
  expect(readHostMessage(Object.create({ type: 'start' }))).toBeUndefined();
  const polluted = JSON.parse('{"type":"configure","__proto__":{"lang":"xx"},"constructor":1}');
  const read = readHostMessage(polluted)!;
  expect(Object.keys(read)).toEqual(['type']);
  expect((read as { lang?: string }).lang).toBeUndefined();
  expect(({} as { lang?: string }).lang).toBeUndefined();
});

test('nothing that can be sent makes a guard throw', () => {
  fc.assert(
    fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }), (it) => {
      isHello(it);
      readHostMessage(it);
      readFrameMessage(it);
    }),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('start', 'configure', 'video', 'size', 'complete'),
      fc.object(),
      (type, rest) => {
        readHostMessage({ ...rest, type });
        readFrameMessage({ ...rest, type });
      },
    ),
  );
});

test('a flood costs its allowance', () => {
  let nowMs = 0;
  const limit = new RateLimit(10, () => nowMs);
  const passed = () => Array.from({ length: 1000 }, () => limit.pass()).filter(Boolean).length;
  expect(passed()).toBe(10);
  expect(passed()).toBe(0);
  nowMs = 500;
  expect(passed()).toBe(5);
  nowMs = 60_000;
  expect(passed()).toBe(10);
});
