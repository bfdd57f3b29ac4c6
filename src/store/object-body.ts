import { Failure } from '../contract/failure.ts';
import type { Locks } from './locks.ts';
import type { ObjectStore } from './objects.ts';
import type { ObjectRecord } from './schema.ts';

/** The part of the File System Access API that browsers with handles have beyond the standard's core. */
interface PermissionedHandle {
  queryPermission?(options: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(options: { mode: 'read' }): Promise<PermissionState>;
}

/** Open files of this page by their id; see `pageId` of ObjectLocation. */
export type PageFiles = ReadonlyMap<string, Blob>;

/** Name of the lock that a page holds as long as it holds an open file. */
export function pageFileLock(database: string, pageId: string): string {
  return `footpath:${database}:file:${pageId}`;
}

/**
 * Whether this thread can read an object now: `yes`; `ask`, the user must allow it first; `elsewhere`, another
 * page holds the open file; `gone`, nobody does.
 */
export async function readability(
  record: ObjectRecord,
  storage: { readonly name: string; readonly locks: Locks },
  files: PageFiles,
): Promise<'yes' | 'ask' | 'elsewhere' | 'gone'> {
  const { location } = record;
  if (location.kind === 'copy' || location.kind === 'url') return 'yes';
  if (openFile(record, files)) return 'yes';
  if (location.kind === 'handle') {
    const handle = location.handle as PermissionedHandle;
    const state = (await handle.queryPermission?.({ mode: 'read' })) ?? 'granted';
    if (state === 'granted') return 'yes';
  }
  if (location.pageId !== undefined) {
    const { held = [] } = await storage.locks.query();
    const lock = pageFileLock(storage.name, location.pageId);
    if (held.some(({ name }) => name === lock)) return 'elsewhere';
  }
  return location.kind === 'handle' ? 'ask' : 'gone';
}

/** The id of the open file that an object is, or was while its page lived. */
export function pageIdOf({ location }: ObjectRecord): string | undefined {
  return location.kind === 'page' || location.kind === 'handle' ? location.pageId : undefined;
}

function openFile(record: ObjectRecord, files: PageFiles): Blob | undefined {
  const pageId = pageIdOf(record);
  return pageId === undefined ? undefined : files.get(pageId);
}

/** Asks the user to allow a handle's file; only from a click. @returns whether it may be read now */
export async function requestRead(record: ObjectRecord): Promise<boolean> {
  if (record.location.kind !== 'handle') return true;
  const handle = record.location.handle as PermissionedHandle;
  const state = (await handle.requestPermission?.({ mode: 'read' })) ?? 'granted';
  return state === 'granted';
}

/**
 * The bytes of an object, or its address on this origin. Nothing is loaded yet.
 * @throws Failure `object-missing`, `object-unreadable`
 */
export async function readObject(
  record: ObjectRecord,
  objects: Pick<ObjectStore, 'copy'>,
  files: PageFiles,
): Promise<Blob | URL> {
  const { location } = record;
  const name = `${record.bucket}/${record.key}`;
  const file = openFile(record, files);
  if (file) return file;
  switch (location.kind) {
    case 'copy':
      return objects.copy(record);
    case 'url':
      return new URL(location.url);
    case 'page':
      throw new Failure(
        'object-unreadable',
        `The page that had ${name} open was closed, and no copy of it is kept. Choose the file again.`,
      );
    case 'handle':
      return readHandle(location.handle, record, name);
  }
}

async function readHandle(
  handle: FileSystemFileHandle,
  record: ObjectRecord,
  name: string,
): Promise<Blob> {
  let file: File;
  try {
    file = await handle.getFile();
  } catch (error) {
    const denied = error instanceof DOMException && error.name === 'NotAllowedError';
    throw new Failure(
      denied ? 'object-unreadable' : 'object-missing',
      denied
        ? `The browser may not read ${name} any more. Allow it, or choose the file again.`
        : `${name} was moved, renamed or deleted. Choose the file again.`,
      error,
    );
  }
  if (file.size === record.sizeBytes) return file;
  throw new Failure(
    'object-unreadable',
    `${name} was changed since it was chosen (${record.sizeBytes} bytes then, ${file.size} now). Choose the file again.`,
  );
}
