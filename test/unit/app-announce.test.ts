import { expect, test } from 'vitest';
import { JobAnnouncer } from '../../src/app/announce.ts';
import type { JobSummary } from '../../src/client/api.ts';
import type { JobProgress } from '../../src/engine/job.ts';
import type { TrackingSettings } from '../../src/engine/settings.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/settings.ts';
import { appLanguages } from '../../src/language/app/app-languages.ts';

const english = appLanguages.at('en')!;

function job(
  progress: Partial<JobProgress>,
  ended: Partial<JobSummary> = {},
  key = 'entrance.mp4',
): JobSummary {
  return {
    jobId: key,
    status: 'IN_PROGRESS',
    bucket: 'videos',
    key,
    version: '1',
    createdAt: new Date(0),
    settings: DEFAULT_SETTINGS as TrackingSettings,
    revisions: [],
    progress: {
      jobId: key,
      stage: 'tracking',
      samplesDone: 0,
      samplesTotal: 100,
      samplesPerSecond: 0,
      secondsLeft: null,
      ...progress,
    },
    ...ended,
  };
}

test('start, every tenth of the way and the end are said once each, with the count', () => {
  const announcer = new JobAnnouncer();
  expect(announcer.hear(english, [])).toBe('');
  expect(announcer.hear(english, [job({ stage: 'waiting' })])).toBe('');
  expect(announcer.hear(english, [job({ stage: 'opening' })])).toBe('entrance.mp4: started.');
  expect(announcer.hear(english, [job({ stage: 'loading-model' })])).toBe('');
  const said = Array.from({ length: 101 }, (_, done) =>
    announcer.hear(english, [
      job({ samplesDone: done, ...(done === 50 ? { secondsLeft: 12, peopleSoFar: 3 } : {}) }),
    ]),
  ).filter((text) => text !== '');
  expect(said.length).toBe(9);
  expect(said[0]).toBe('entrance.mp4: 10 per cent.');
  expect(said[4]).toBe('entrance.mp4: 50 per cent, 3 paths so far, about 15 seconds left.');
  const done = job({ stage: 'done' }, { status: 'SUCCEEDED', people: 7 });
  expect(announcer.hear(english, [done])).toBe('entrance.mp4 is done: 7 people.');
  expect(announcer.hear(english, [done])).toBe('');
});

test('what had ended before is no news; what runs already is', () => {
  const announcer = new JobAnnouncer();
  const before = job({ stage: 'done' }, { status: 'SUCCEEDED', people: 1 }, 'yesterday.mp4');
  expect(announcer.hear(english, [job({ samplesDone: 34 }), before])).toBe(
    'entrance.mp4: 30 per cent.',
  );
});

test.each([
  [
    {
      status: 'FAILED',
      people: 0,
      failure: { kind: 'not-a-video', message: 'This is a text file.' },
    },
    'entrance.mp4 could not be followed. This is a text file.',
  ],
  [
    { status: 'FAILED', people: 3, failure: { kind: 'stopped', message: 'Stopped.' } },
    'entrance.mp4 was stopped: 3 people.',
  ],
  [{ status: 'SUCCEEDED', people: 0 }, 'entrance.mp4 is done: nobody found.'],
] satisfies [Partial<JobSummary>, string][])('an end of %j is said as "%s"', (ended, text) => {
  const announcer = new JobAnnouncer();
  announcer.hear(english, [job({ samplesDone: 50 })]);
  expect(announcer.hear(english, [job({ stage: 'done' }, ended)])).toBe(text);
});

test('a job that waits for its user says so, whatever others do', () => {
  const announcer = new JobAnnouncer();
  announcer.hear(english, []);
  const jobs = [job({ stage: 'needs-permission' }, {}, 'a.mp4'), job({ stage: 'opening' })];
  expect(announcer.hear(english, jobs)).toBe(
    'a.mp4: Waiting for you to allow the video. entrance.mp4: started.',
  );
});
