import type { Translation } from '../message.ts';

/** The elements in English, the table that the others follow. */
export const english = {
  'tracker.drop': 'Drop a video here',
  'tracker.release': 'Let go to start',
  'tracker.choose': 'Choose a video',
  'tracker.start': 'Find the people',
  'tracker.stop': 'Stop',
  'tracker.again': 'Try again',
  'tracker.another': 'Another video',
  'tracker.one-of': {
    one: 'One video at a time: this is {name}, of {count} file.',
    other: 'One video at a time: this is {name}, of {count} files.',
  },
  'tracker.privacy': 'The video stays on this device.',
  'tracker.stay': 'Keep this page open until it is done.',
  'tracker.manifest': 'Download manifest',
  'tracker.progress': 'Progress',
  'tracker.failed': 'This video could not be looked through',
  'tracker.stopped': 'Stopped',
  'tracker.not-shown': 'The video cannot be shown here; the paths are.',

  'stage.waiting': 'Waiting for the video before it',
  'stage.needs-permission': 'Waiting for you to allow the video',
  'stage.opening': 'Opening the video',
  'stage.loading-model': 'Getting ready to find people',
  'stage.tracking': 'Following people',
  'stage.refining': 'Joining the paths',
  'stage.done': 'Done',

  people: { one: '{count} person', other: '{count} people' },
  'paths.so-far': { one: '{count} path so far', other: '{count} paths so far' },
  'people.nobody': 'nobody found',
  'minutes-left': { one: 'about a minute left', other: 'about {count} minutes left' },

  'span.seconds': '{seconds} s',
  'span.minutes': '{minutes} min',
  'span.minutes-seconds': '{minutes} min {seconds} s',
  'span.hours': '{hours} h',
  'span.hours-minutes': '{hours} h {minutes} min',

  'player.playback': 'Playback',
  'player.position': 'Position in the video',
  'player.time-of': '{time} of {length}',
  'player.step-back': 'One step back',
  'player.step-back-key': 'One step back (left arrow)',
  'player.step-forward': 'One step forward',
  'player.step-forward-key': 'One step forward (right arrow)',
  'player.play': 'Play',
  'player.play-key': 'Play (space)',
  'player.pause': 'Pause',
  'player.pause-key': 'Pause (space)',
  'player.paths': 'Paths',
  'player.paths-off': 'off',
  'player.paths-recent': 'recent',
  'player.paths-whole': 'whole',
  'player.speed': 'Speed',
  'player.full-screen': 'Full screen',

  'picture.question':
    '{host} asks for the picture that is shown, with its boxes. It will have it for good.',
  'picture.give': 'Give this picture',
  'picture.keep': 'Keep it',
  'counts.line': '{name}: {in} in, {out} out',
  'counts.zone': { one: '{name}: {count} person', other: '{name}: {count} people' },
  'counts.dwell': '{zone}, {time} on average',
  'requests.none-left': {
    one: 'Nothing has left this site: {count} request since the page was opened, to this site',
    other:
      'Nothing has left this site: {count} requests since the page was opened, all to this site',
  },
  'requests.left': {
    one: '{count} request went to another site',
    other: '{count} requests went to other sites',
  },
  'requests.page': 'page',
  'requests.thread': 'thread that finds people',
  'requests.service-worker': 'service worker',
  'requests.blocked': '{by}, stopped by the page’s policy',
  'requests.times': { one: '{count} time', other: '{count} times' },
  'requests.limits':
    'This is the browser’s own record of this page, its threads and its service worker. It does not tell of browser extensions, nor of WebSockets and WebRTC, which Footpath never opens. A page around it may ask for things of its own.',

  'failure.object-missing': 'The video is not there any more.',
  'failure.object-unreadable': 'The video is there, but it may not be read.',
  'failure.not-a-video':
    'This file is no video of a kind that is read here. MP4, MOV, WebM, MKV and MPEG-TS files are: convert another video to H.264 in an MP4 file.',
  'failure.no-video-track': 'This file has no pictures in it.',
  'failure.codec-unsupported':
    'This browser cannot decode this kind of video. Convert it to H.264 in an MP4 file.',
  'failure.video-encrypted': 'This video is encrypted.',
  'failure.no-frame': 'No picture of this video could be decoded.',
  'failure.video-truncated': 'This video was cut off before its end.',
  'failure.times-unusable': 'The pictures of this video have no times that could be used.',
  'failure.decoder-failed': 'Decoding this video broke off.',
  'failure.engine-missing': 'A file that Footpath needs could not be loaded.',
  'failure.model-missing': 'The file that recognises people could not be loaded.',
  'failure.model-damaged': 'The file that recognises people is damaged.',
  'failure.backend-unavailable': 'This browser cannot look for people in the way that was chosen.',
  'failure.detector-failed': 'Looking for people broke off on this device.',
  'failure.detections-missing': 'What was found in this video is not kept any more.',
  'failure.quota-exceeded': 'There is no room left in this browser’s storage.',
  'failure.store-unavailable': 'This browser’s storage cannot be used.',
  'failure.page-insecure':
    'This page came unencrypted: browsers decode no videos and keep no jobs there.',
  'failure.scene-invalid': 'The scene to count by cannot be used.',
  'failure.settings-invalid': 'The settings that this page asks for cannot be used.',
  'failure.stopped': 'The job was stopped.',
  'failure.worker-crashed': 'A part of Footpath ended unexpectedly.',
  'failure.internal': 'Something went wrong inside Footpath.',

  'viewer.people': 'People',
  'viewer.on-screen': '{count} on screen now',
  'viewer.when': 'Who was there when',
  person: 'Person {number}',
  'person.times': 'from {from} to {to}',
  'person.row': 'Person {number}: from {from} to {to}, {span} on screen',
  'person.row-parts': {
    one: 'Person {number}: from {from} to {to}, {span} on screen, in {count} part',
    other: 'Person {number}: from {from} to {to}, {span} on screen, in {count} parts',
  },
  'person.parts': { one: 'in {count} part', other: 'in {count} parts' },
  'person.here': 'On screen now',
} as const;

/** Every text of the elements in one language. */
export type ElementTable = Translation<typeof english>;

/** The elements' keys and what their texts need. */
export type ElementTexts = typeof english;
