import { CustomSource } from 'mediabunny';
import { Failure } from '../contract/failure.ts';
import type { FrameSize } from '../engine/common-frame.ts';
import { connectionLost, fetchPatiently } from './patient-fetch.ts';

/** Where a video's bytes are: at hand, or at an address of this origin that answers range requests. */
export type VideoBody = Blob | { readonly url: string };

/** A video's bytes, read piece by piece. */
export interface VideoBytes {
  /** @throws Failure `object-unreadable` */
  size(): Promise<number>;
  /** Bytes from `start` up to `end`, which lies within the size. @throws Failure `object-unreadable` */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A part of a track that is shown, of an edit list. Seconds. */
export interface Edit {
  /** When it appears, from the movie's start. */
  readonly start: number;
  readonly end: number;
  /** What appears then, by the track's own clock. */
  readonly mediaStart: number;
  readonly mediaEnd: number;
  /** Seconds of the track a second; 0 where one frame stands still. */
  readonly rate: number;
}

/** Samples from one on, up to the next one of these, and what their decoder has to know. */
export interface DescribedRun {
  /** Counted from 0. */
  readonly from: number;
  /** Parameter sets as units of the samples' own form, to be put before a key frame. */
  readonly parameters: Uint8Array;
}

/** Bytes that a container's reader gets in a file's place. */
export interface MendedBytes extends VideoBytes {
  /** What is shown of video tracks that do not show all, by their numbers: it is hidden from the reader. */
  readonly edits?: ReadonlyMap<number, readonly Edit[]>;
  /** What is heard of tracks of sound that may not be heard whole, by their numbers. Its reader knows where they begin. */
  readonly soundEdits?: ReadonlyMap<number, readonly Edit[]>;
  /** Where the coding of video tracks changes that have several descriptions, by their numbers. */
  readonly described?: ReadonlyMap<number, readonly DescribedRun[]>;
  /** The size at which video tracks are shown that do not say the shape of their pixels, before they are turned, by their numbers. */
  readonly shownSizes?: ReadonlyMap<number, FrameSize>;
  /** The fragments alone of a file whose index lists samples too: its reader would pass over them. */
  readonly fragments?: VideoBytes;
  /** Whether the file ends within something that it began. */
  readonly isCut: boolean;
  /** Places of the file that were passed over, since nothing can be read there. */
  readonly unread: number;
  /** Whether what makes up most of it cannot be read without a key. */
  readonly isEncrypted?: boolean;
  /** Whether another file begins where this one ends, which is not read. */
  readonly isJoined: boolean;
}

/** Bytes that the container reader keeps in memory at most. */
const CACHE_BYTES = 16 * 2 ** 20;

/** Opens a body for reading. Nothing is read yet. Closing ends requests that still run. */
export function openBytes(body: VideoBody, signal: AbortSignal): VideoBytes {
  return body instanceof Blob
    ? blobBytes(body)
    : urlBytes(new URL(body.url, location.href), signal);
}

/** Bytes at hand as those of a file. */
export function inMemory(content: Uint8Array<ArrayBuffer>): VideoBytes {
  return {
    size: async () => content.length,
    read: async (start, end) => content.slice(start, end),
  };
}

/** The same, to be gone through from front to back in small steps: so many bytes are read at once, and kept. */
export function inBlocks(bytes: VideoBytes, blockBytes: number): VideoBytes {
  let block = new Uint8Array(0);
  let blockAt = 0;
  return {
    size: () => bytes.size(),
    read: async (start, end) => {
      if (end - start > blockBytes) return bytes.read(start, end);
      if (start < blockAt || end > blockAt + block.length) {
        block = await bytes.read(start, Math.min(start + blockBytes, await bytes.size()));
        blockAt = start;
      }
      return block.slice(start - blockAt, end - blockAt);
    },
  };
}

/** Bytes from one place to another, as far as there are any, to be read as numbers. */
export async function viewOf(bytes: VideoBytes, from: number, to: number): Promise<DataView> {
  const content = await bytes.read(from, Math.max(from, Math.min(to, await bytes.size())));
  return new DataView(content.buffer, content.byteOffset, content.byteLength);
}

/** The bytes as the container reader takes them. */
export function toSource(bytes: VideoBytes, body: VideoBody): CustomSource {
  return new CustomSource({
    getSize: () => bytes.size(),
    read: (start, end) => bytes.read(start, end),
    prefetchProfile: body instanceof Blob ? 'fileSystem' : 'network',
    maxCacheSize: CACHE_BYTES,
    // A read ahead that failed is read again, and fails, when its bytes are wanted.
    handleUnhandledError: () => {},
  });
}

function blobBytes(blob: Blob): VideoBytes {
  return {
    size: async () => blob.size,
    read: async (start, end) => {
      try {
        return new Uint8Array(await blob.slice(start, end).arrayBuffer());
      } catch (error) {
        throw new Failure(
          'object-unreadable',
          'The video file can no longer be read: it was moved, changed or deleted since it was chosen, or permission was withdrawn. Choose it again.',
          error,
        );
      }
    },
  };
}

function urlBytes(url: URL, signal: AbortSignal): VideoBytes {
  if (url.origin !== globalThis.origin && url.protocol !== 'blob:') {
    throw new Failure(
      'object-unreadable',
      `The video ${url.href} lies on another site, and nothing is ever loaded from there. Add the file itself.`,
    );
  }
  // As the first answer tells it: those that follow have to be of the same file.
  let opened: FileState | undefined;
  const readRange = async <T>(
    start: number,
    end: number,
    read: (answer: Response) => Promise<T>,
  ): Promise<T> => {
    const init = { headers: { Range: `bytes=${start}-${end - 1}` }, signal };
    const readChecked = (answer: Response): Promise<T> => {
      checkRange(answer, start, url);
      const now = stateOf(answer);
      opened ??= now;
      if (!isSameFile(opened, now)) {
        void answer.body?.cancel();
        throw changed(url);
      }
      return read(answer);
    };
    try {
      return await fetchPatiently(url, init, readChecked);
    } catch (error) {
      throw connectionLost('object-unreadable', `The video ${url.href}`, error);
    }
  };
  let size: Promise<number> | undefined;
  return {
    size: () => {
      size ??= readRange(0, 1, async (answer) => {
        await answer.arrayBuffer();
        return sizeOf(answer, url);
      });
      return size;
    },
    read: async (start, end) => {
      const all = new Uint8Array(end - start);
      for (let at = start; at < end; ) {
        const bytes = await readRange(at, end, async (answer) =>
          // What comes with a refusal is no part of the file.
          answer.status === 206 ? new Uint8Array(await answer.arrayBuffer()) : new Uint8Array(0),
        );
        if (bytes.length === 0) throw changed(url);
        if (bytes.length > end - at) throw withoutRanges(url);
        // A server may give less than it is asked for: RFC 9110, section 15.3.7.
        all.set(bytes, at - start);
        at += bytes.length;
      }
      return all;
    },
  };
}

/** What an answer tells of the file that it is a part of, as far as it does: RFC 9110, sections 8.8 and 14.4. */
interface FileState {
  readonly size: string | undefined;
  readonly tag: string | null;
  readonly modified: string | null;
}

function stateOf({ headers }: Response): FileState {
  const modified = headers.get('Last-Modified');
  const sinceMs = Date.parse(headers.get('Date') ?? '') - Date.parse(modified ?? '');
  return {
    size: /\/(\d+)$/.exec(headers.get('Content-Range') ?? '')?.[1],
    tag: headers.get('ETag'),
    // That of the answer itself says nothing of the file: section 8.8.2.2.
    modified: Math.abs(sinceMs) <= 1000 ? null : modified,
  };
}

/**
 * The same tag says more than another time: section 13.1.5. A proxy may pass on that of a compressed form as a weak one, and each of
 * several servers make its own of where its copy lies: there the time decides.
 */
function isSameFile(one: FileState, other: FileState): boolean {
  if (one.size !== undefined && other.size !== undefined && one.size !== other.size) return false;
  const areTagged = one.tag !== null && other.tag !== null;
  if (areTagged && one.tag.replace(/^W\//, '') === other.tag.replace(/^W\//, '')) return true;
  if (one.modified !== null && other.modified !== null) return one.modified === other.modified;
  return !areTagged;
}

/** The size of a whole file that an answer with a part of it tells. */
function sizeOf(answer: Response, url: URL): number {
  const told = /\/(\d+)$/.exec(answer.headers.get('Content-Range') ?? '')?.[1];
  if (told !== undefined) return Number(told);
  if (answer.status === 416) return 0;
  throw new Failure(
    'object-unreadable',
    `The server of ${url.href} does not say how long the file is, without which a video cannot be read piece by piece. Add the file itself.`,
  );
}

function changed(url: URL): Failure {
  return new Failure(
    'object-unreadable',
    `The video ${url.href} is no longer the one that was opened: it was changed or replaced meanwhile. Start again once it is whole.`,
  );
}

function withoutRanges(url: URL): Failure {
  return new Failure(
    'object-unreadable',
    `The server of ${url.href} does not answer range requests, without which a video cannot be read piece by piece. Add the file itself.`,
  );
}

/** @param start where the part that was asked for begins */
function checkRange(answer: Response, start: number, url: URL): void {
  // 416: an empty file has no first byte.
  if (answer.status === 416) return;
  const told = /^bytes (\d+)-/.exec(answer.headers.get('Content-Range') ?? '')?.[1];
  if (answer.status === 206 && (told === undefined || Number(told) === start)) return;
  void answer.body?.cancel();
  if (answer.ok) throw withoutRanges(url);
  throw new Failure(
    'object-unreadable',
    `The video ${url.href} cannot be read: the server answered ${answer.status} ${answer.statusText}.`,
  );
}
