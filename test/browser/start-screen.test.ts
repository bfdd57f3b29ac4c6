/** What is given on the start screen while something else is still being copied, in real Chromium. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StartScreen } from '../../src/app/screens/start-screen.ts';
import '../../src/app/screens/start-screen.ts';
import type { PersonTracking, PutObjectRequest } from '../../src/client/api.ts';
import { Failure } from '../../src/contract/failure.ts';

let screen: StartScreen;
let asked: string[];
/** Ends the copy that is under way: well, or as the disk has it. */
let end: (failure?: Failure) => void;

beforeEach(async () => {
  asked = [];
  screen = document.createElement('start-screen') as StartScreen;
  const tracking = {
    storage: 'browser',
    listScenes: async () => [],
    putObject: ({ Key }: PutObjectRequest) => {
      asked.push(Key);
      return new Promise((resolve, reject) => {
        end = (failure) => (failure ? reject(failure) : resolve({ Key, VersionId: '1' }));
      });
    },
    startPersonTracking: async () => ({ JobId: asked.at(-1)! }),
  } as unknown as PersonTracking;
  Object.assign(screen, { tracking, jobs: [] });
  document.body.append(screen);
  await screen.updateComplete;
});
afterEach(() => {
  screen.remove();
  location.hash = '';
});

const within = (selector: string) =>
  screen.shadowRoot!.querySelector(selector)?.textContent?.trim() ?? '';
const given = (...names: string[]) => ({
  videos: names.map((name) => ({ name, body: new File([], name), sizeBytes: 1 })),
  others: [],
  unread: [],
});
const drop = (...names: string[]) => screen.take(async () => given(...names));

test('a video that is given while another is copied waits for it, and both are said', async () => {
  void drop('a.mp4');
  await expect.poll(() => within('.busy')).toContain('a.mp4');
  void drop('b.mp4');
  await new Promise((soon) => setTimeout(soon, 50));
  expect(asked).toEqual(['a.mp4']);
  expect(within('.busy')).toContain('a.mp4');
  end();
  await expect.poll(() => within('.busy')).toContain('b.mp4');
  // The screen stays for both, and whatever went wrong with one is not wiped away by the other.
  expect(location.hash).toBe('');
  const full = new Failure('quota-exceeded', 'There is no room.');
  end(full);
  await expect.poll(() => within('.notice.bad')).not.toBe('');
  expect(within('.busy')).toBe('');
  void drop('c.mp4');
  await expect.poll(() => within('.busy')).toContain('c.mp4');
  expect(within('.notice.bad')).toBe('');
  end();
  await expect.poll(() => location.hash).toBe('#/job/c.mp4');
});

test('what went wrong before goes with a drop that gave nothing', async () => {
  void drop('a.mp4');
  await expect.poll(() => within('.busy')).toContain('a.mp4');
  end(new Failure('quota-exceeded', 'There is no room.'));
  await expect.poll(() => within('.notice.bad')).not.toBe('');
  await drop();
  await screen.updateComplete;
  expect(within('.notice.bad')).toBe('');
  const problem = () =>
    screen.shadowRoot!.querySelector('video-drop')!.shadowRoot!.querySelector('.problem')!;
  await expect.poll(() => problem().textContent).toBe('There was no file in it.');
});

test('whoever closes the page before a video is copied is asked first, as it would be lost', async () => {
  const isAsked = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(isAsked()).toBe(false);
  void drop('a.mp4', 'b.mp4');
  await expect.poll(() => within('.busy')).toContain('a.mp4');
  expect(isAsked()).toBe(true);
  // Also from another screen of the app, while the copying goes on.
  screen.remove();
  end();
  await expect.poll(() => asked).toEqual(['a.mp4', 'b.mp4']);
  expect(isAsked()).toBe(true);
  end(new Failure('quota-exceeded', 'There is no room.'));
  await expect.poll(isAsked).toBe(false);
});
