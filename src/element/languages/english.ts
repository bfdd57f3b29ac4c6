import type { TrackerWords } from './words.ts';

/** English. */
export const english: TrackerWords = {
  language: 'en',
  direction: 'ltr',
  drop: 'Drop a video here',
  release: 'Let go to start',
  choose: 'Choose a video',
  start: 'Find the people',
  stop: 'Stop',
  again: 'Try again',
  another: 'Another video',
  privacy: 'The video stays on this device.',
  stages: {
    waiting: 'Waiting for the video before it',
    'needs-permission': 'Waiting for you to allow the video',
    opening: 'Opening the video',
    'loading-model': 'Getting ready to find people',
    tracking: 'Following people',
    refining: 'Joining the paths',
    done: 'Done',
  },
  progress: 'Progress',
  peopleSoFar: (count) => (count === 1 ? '1 person so far' : `${count} people so far`),
  people: (count) => (count === 1 ? '1 person' : `${count} people`),
  minutesLeft: (minutes) =>
    minutes === 1 ? 'about a minute left' : `about ${minutes} minutes left`,
  failed: 'This video could not be looked through',
  stopped: 'Stopped',
  notShown: 'The video cannot be shown here; the paths are.',
};
