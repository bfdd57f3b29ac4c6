import { expect, test } from 'vitest';
import { MemoryLocks } from '../../src/store/locks.ts';
import { pageFileLock, readability, readObject, requestRead } from '../../src/store/object-body.ts';
import type { ObjectLocation, ObjectRecord } from '../../src/store/schema.ts';

const bytes = new Blob(['bytes']);
const files = new Map([['here', bytes]]);
const copies = { copy: async () => bytes };

const record = (location: ObjectLocation): ObjectRecord => ({
  ...{ bucket: 'videos', key: 'a.mp4', version: '1', sizeBytes: bytes.size, contentType: '' },
  ...{ sequence: 1, storedAtMs: 0, location },
});

/** A handle as browsers give it: the user's leave, and the file or why there is none. */
const handle = (state: PermissionState, file: Blob | DOMException = bytes) =>
  ({
    queryPermission: async () => state,
    requestPermission: async () => state,
    getFile: async () => {
      if (file instanceof DOMException) throw file;
      return file;
    },
  }) as unknown as FileSystemFileHandle;

async function storage(heldFor?: string) {
  const locks = new MemoryLocks();
  if (heldFor) void locks.request(pageFileLock('db', heldFor), {}, () => new Promise(() => {}));
  return { name: 'db', locks };
}

test.each([
  ['yes', { kind: 'copy' }, undefined],
  ['yes', { kind: 'url', url: 'https://page.example/a.mp4' }, undefined],
  ['yes', { kind: 'page', pageId: 'here' }, undefined],
  ['elsewhere', { kind: 'page', pageId: 'there' }, 'there'],
  ['gone', { kind: 'page', pageId: 'there' }, undefined],
  ['yes', { kind: 'handle', handle: handle('granted') }, undefined],
  ['yes', { kind: 'handle', handle: {} as FileSystemFileHandle }, undefined],
  ['ask', { kind: 'handle', handle: handle('prompt') }, undefined],
  ['ask', { kind: 'handle', handle: handle('prompt'), pageId: 'there' }, undefined],
  ['elsewhere', { kind: 'handle', handle: handle('prompt'), pageId: 'there' }, 'there'],
] as ['yes' | 'ask', ObjectLocation, string | undefined][])(
  'it can be read: %s, of %j',
  async (expected, location, heldFor) => {
    expect(await readability(record(location), await storage(heldFor), files)).toBe(expected);
  },
);

test('bytes come from where they are', async () => {
  const read = (location: ObjectLocation) => readObject(record(location), copies, files);
  expect(await read({ kind: 'copy' })).toBe(bytes);
  expect(await read({ kind: 'page', pageId: 'here' })).toBe(bytes);
  expect(await read({ kind: 'handle', handle: handle('granted') })).toBe(bytes);
  const url = 'https://page.example/a.mp4';
  expect(await read({ kind: 'url', url })).toEqual(new URL(url));
});

test.each([
  ['object-unreadable', /page that had videos\/a\.mp4 open was closed/, undefined],
  [
    'object-unreadable',
    /may not read videos\/a\.mp4 any more/,
    new DOMException('', 'NotAllowedError'),
  ],
  ['object-missing', /moved, renamed or deleted/, new DOMException('', 'NotFoundError')],
  ['object-unreadable', /5 bytes then, 7 now/, new Blob(['changed'])],
])('what cannot be read is %s: %s', async (kind, words, file) => {
  const location: ObjectLocation = file
    ? { kind: 'handle', handle: handle('granted', file) }
    : { kind: 'page', pageId: 'there' };
  const failure = await readObject(record(location), copies, files).catch((error) => error);
  expect(failure).toMatchObject({ kind, message: expect.stringMatching(words) });
});

test('the user is asked for handles only, and may say no', async () => {
  expect(await requestRead(record({ kind: 'copy' }))).toBe(true);
  expect(await requestRead(record({ kind: 'handle', handle: handle('granted') }))).toBe(true);
  expect(await requestRead(record({ kind: 'handle', handle: handle('denied') }))).toBe(false);
  // Whoever closes the browser's question has not answered it.
  expect(await requestRead(record({ kind: 'handle', handle: handle('prompt') }))).toBe(false);
  const plain = {} as FileSystemFileHandle;
  expect(await requestRead(record({ kind: 'handle', handle: plain }))).toBe(true);
});
