import { VIDEO_EXTENSIONS } from '../../element/video-files.ts';

/** A video as somebody gave it: a handle where the browser has them, since a handle outlives a reload, however large. */
export interface VideoInput {
  readonly name: string;
  readonly body: File | FileSystemFileHandle;
  readonly sizeBytes: number;
}

/** What somebody gave: the videos in order of name, and the names of files that are none. */
export interface GivenFiles {
  readonly videos: readonly VideoInput[];
  readonly others: readonly string[];
}

/** A file with where it lies in the folder that was given, if one was. */
interface FoundFile {
  readonly path: string;
  readonly inFolder: boolean;
  readonly input: VideoInput;
  /** As the browser knows it; empty where it does not. */
  readonly type: string;
}

interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

const byName = new Intl.Collator(undefined, { numeric: true });

/**
 * Everything of a drop, with what is in its folders. Must be called while the drop event is being handled.
 * @throws what a file or folder cannot be read for
 */
export async function fromDrop(transfer: DataTransfer): Promise<GivenFiles> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  // The items are gone once the event is over: all are asked before any answer is waited for.
  const dropped = items.map((item) => ({
    file: item.getAsFile(),
    entry: item.webkitGetAsEntry(),
    handle: (item as HandleItem).getAsFileSystemHandle?.().catch(() => null),
  }));
  const found: FoundFile[] = [];
  for (const { file, entry, handle: asking } of dropped) {
    const handle = await asking;
    if (handle) found.push(...(await ofHandle(handle, '')));
    else if (entry?.isDirectory) found.push(...(await ofEntry(entry, '')));
    else if (file) found.push(ofFile(file, file.name, false));
  }
  return sortOut(found);
}

/** Files of a file field, or of a folder field. */
export function fromFiles(files: Iterable<File>): GivenFiles {
  const found = Array.from(files, (file) => {
    const path = file.webkitRelativePath;
    return ofFile(file, path || file.name, path !== '');
  });
  return sortOut(found);
}

/**
 * Files and folders that a picker gave.
 * @throws what one of them cannot be read for
 */
export async function fromHandles(handles: readonly FileSystemHandle[]): Promise<GivenFiles> {
  const found: FoundFile[] = [];
  for (const handle of handles) found.push(...(await ofHandle(handle, '')));
  return sortOut(found);
}

function sortOut(found: FoundFile[]): GivenFiles {
  const shown = found
    .filter(({ path, inFolder }) => !(inFolder && path.split('/').at(-1)!.startsWith('.')))
    .sort((a, b) => byName.compare(a.path, b.path));
  const isVideo = shown.map(looksLikeVideo);
  return {
    videos: shown.filter((_, i) => isVideo[i]).map(({ input }) => input),
    others: shown.filter((_, i) => !isVideo[i]).map(({ path }) => path),
  };
}

/** What was given by itself is tried unless it is known to be something else; of a folder, what is known to be a video. */
function looksLikeVideo({ path, inFolder, type }: FoundFile): boolean {
  const name = path.toLowerCase();
  if (VIDEO_EXTENSIONS.some((extension) => name.endsWith(extension))) return true;
  return type.startsWith('video/') || (type === '' && !inFolder);
}

function ofFile(file: File, path: string, inFolder: boolean): FoundFile {
  const input = { name: path, body: file, sizeBytes: file.size };
  return { path, inFolder, type: file.type, input };
}

async function ofHandle(handle: FileSystemHandle, folder: string): Promise<FoundFile[]> {
  const path = folder + handle.name;
  if (handle.kind === 'file') {
    const body = handle as FileSystemFileHandle;
    const { type, size } = await body.getFile();
    const input = { name: path, body, sizeBytes: size };
    return [{ path, inFolder: folder !== '', type, input }];
  }
  const found: FoundFile[] = [];
  for await (const inner of (handle as FileSystemDirectoryHandle).values()) {
    found.push(...(await ofHandle(inner, `${path}/`)));
  }
  return found;
}

/** The older way into a dropped folder, for browsers without handles. */
async function ofEntry(entry: FileSystemEntry, folder: string): Promise<FoundFile[]> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [ofFile(file, path, folder !== '')];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FoundFile[] = [];
  for (;;) {
    // A part at a time, until none is left.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (part.length === 0) return found;
    for (const inner of part) found.push(...(await ofEntry(inner, `${path}/`)));
  }
}
