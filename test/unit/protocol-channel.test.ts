import { afterEach, describe, expect, test, vi } from 'vitest';
import { isEndpointMessage } from '../../src/client/page-endpoint.ts';
import { type ChannelMessage, isChannelMessage } from '../../src/protocol/channel.ts';
import { afterSilence } from '../../src/protocol/silence.ts';

const progress = {
  jobId: 'a',
  stage: 'tracking',
  samplesDone: 3,
  samplesTotal: 10,
  samplesPerSecond: 2.5,
  secondsLeft: null,
} as const;
const end = {
  jobId: 'a',
  runner: 'r',
  finishedAtMs: 5,
  failure: { kind: 'quota-exceeded', message: 'full' },
} as const;

describe('the channel between pages', () => {
  const ours: ChannelMessage[] = [
    { type: 'wake' },
    { type: 'change' },
    { type: 'stop', jobId: 'a' },
    { type: 'progress', progress },
    { type: 'progress', progress: { ...progress, peopleSoFar: 2, secondsLeft: 4 } },
    { type: 'progress', progress: { ...progress, modelBytes: { loaded: 1, total: 2 } } },
    { type: 'completion', message: { JobId: 'a' } },
    { type: 'unstored', end },
    { type: 'unstored', end: { jobId: 'a', finishedAtMs: 5, failure: end.failure } },
  ];

  test.each(ours)('takes $type', (message) => {
    expect(isChannelMessage(message)).toBe(true);
  });

  test('drops whatever else is said there', () => {
    const foreign: unknown[] = [
      undefined,
      null,
      0,
      'wake',
      [],
      {},
      { type: 'else' },
      ['wake'],
      () => 1,
    ];
    // Each of ours with one member of another kind, or without it.
    const spoil = (value: object): object[] =>
      Object.entries(value).flatMap(([key, part]) => [
        ...[null, -1, 'x', Number.NaN, {}, []]
          .filter((wrong) => typeof part !== 'string' || typeof wrong !== 'string')
          .filter((wrong) => key !== 'secondsLeft' || wrong !== null)
          .map((wrong) => ({ ...value, [key]: wrong })),
        ...(typeof part === 'object' && part !== null
          ? spoil(part).map((inner) => ({ ...value, [key]: inner }))
          : []),
      ]);
    for (const message of ours) foreign.push(...spoil(message));
    foreign.push(
      { type: 'stop' },
      { type: 'progress' },
      { type: 'completion' },
      { type: 'unstored' },
    );
    foreign.push({ type: 'progress', progress: { ...progress, stage: 'dancing' } });
    foreign.push({ type: 'unstored', end: { ...end, failure: { kind: 'stopped', message: '' } } });
    for (const message of foreign)
      expect(isChannelMessage(message), JSON.stringify(message)).toBe(false);
  });
});

test('what comes over a port to a page with a tracker is what was asked for, or dropped', () => {
  const body = new ArrayBuffer(1);
  const call = { type: 'call', headers: [['a', 'b']], body };
  const reply = { type: 'reply', headers: [], body, status: 200 };
  expect(isEndpointMessage(call, 'call')).toBe(true);
  expect(isEndpointMessage(reply, 'reply')).toBe(true);
  expect(isEndpointMessage({ type: 'here' }, 'here')).toBe(true);
  for (const foreign of [null, undefined, 'here', {}, { type: 'here' }, { ...call, body: 'x' }]) {
    expect(isEndpointMessage(foreign, 'call')).toBe(false);
  }
  expect(isEndpointMessage({ ...call, headers: [['a', 1]] }, 'call')).toBe(false);
  for (const status of [0, 99, 600, 200.5, '200', undefined]) {
    expect(isEndpointMessage({ ...reply, status }, 'reply')).toBe(false);
  }
});

describe('a silence', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('is told after its time, and can be called off', () => {
    vi.useFakeTimers();
    const heard: string[] = [];
    afterSilence(1000, () => heard.push('first'));
    const callOff = afterSilence(1000, () => heard.push('second'));
    vi.advanceTimersByTime(999);
    expect(heard).toEqual([]);
    callOff();
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual(['first']);
  });

  test('of a page that was frozen for an hour is not over when it wakes', () => {
    vi.useFakeTimers();
    const heard: string[] = [];
    afterSilence(1000, () => heard.push('silence'));
    // One overdue timer comes at once; what it starts takes its time.
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersToNextTimer();
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(700);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(heard).toEqual(['silence']);
  });
});
