import { isKnownVideo } from '../../element/video-files.ts';

/** A video as somebody gave it: a handle where the browser has them, since a handle outlives a reload, however large. */
export interface VideoInput {
  readonly name: string;
  readonly body: File | FileSystemFileHandle;
  readonly sizeBytes: number;
}

/** What somebody gave, each in order of name. */
export interface GivenFiles {
  readonly videos: readonly VideoInput[];
  /** Names of files that are no videos. */
  readonly others: readonly string[];
  /** Names of files and folders that the browser may not read, or cannot. */
  readonly unread: readonly string[];
}

/** A file with where it lies in the folder that was given, if one was. */
interface FoundFile {
  readonly path: string;
  readonly inFolder: boolean;
  /** Undefined where it cannot be read; then it may be a folder, too. */
  readonly input: VideoInput | undefined;
  /** As the browser knows it; empty where it does not. */
  readonly type: string;
}

interface HandleItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

const byName = new Intl.Collator(undefined, { numeric: true });

/** Everything of a drop or a paste, with what is in its folders. Must be called while its event is being handled. */
export async function fromTransfer(transfer: DataTransfer): Promise<GivenFiles> {
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

/** Files and folders that a picker gave. */
export async function fromHandles(handles: readonly FileSystemHandle[]): Promise<GivenFiles> {
  const found: FoundFile[] = [];
  for (const handle of handles) found.push(...(await ofHandle(handle, '')));
  return sortOut(found);
}

function sortOut(found: FoundFile[]): GivenFiles {
  const shown = found
    .filter(({ path, inFolder }) => !(inFolder && path.split('/').at(-1)!.startsWith('.')))
    .sort((a, b) => byName.compare(a.path, b.path));
  const videos: VideoInput[] = [];
  const others: string[] = [];
  const unread: string[] = [];
  for (const file of shown) {
    if (!file.input) unread.push(file.path);
    else if (looksLikeVideo(file)) videos.push(file.input);
    else others.push(file.path);
  }
  return { videos, others, unread };
}

/** What was given by itself is tried unless it is known to be something else; of a folder, what is known to be a video. */
function looksLikeVideo({ path, inFolder, type }: FoundFile): boolean {
  return isKnownVideo({ name: path, type }) || (type === '' && !inFolder);
}

function ofFile(file: File, path: string, inFolder: boolean): FoundFile {
  const input = { name: path, body: file, sizeBytes: file.size };
  return { path, inFolder, type: file.type, input };
}

/** One that cannot be read keeps nobody from the others: of a folder of hundreds, a link may lead nowhere. */
function unreadable(path: string, inFolder: boolean): FoundFile {
  return { path, inFolder, type: '', input: undefined };
}

async function ofHandle(handle: FileSystemHandle, folder: string): Promise<FoundFile[]> {
  const path = folder + handle.name;
  const inFolder = folder !== '';
  const found: FoundFile[] = [];
  try {
    if (handle.kind === 'file') {
      const body = handle as FileSystemFileHandle;
      const { type, size } = await body.getFile();
      const input = { name: path, body, sizeBytes: size };
      return [{ path, inFolder, type, input }];
    }
    for await (const inner of (handle as FileSystemDirectoryHandle).values())
      found.push(...(await ofHandle(inner, `${path}/`)));
  } catch {
    found.push(unreadable(path, inFolder));
  }
  return found;
}

/** The older way into a dropped folder, for browsers without handles. */
async function ofEntry(entry: FileSystemEntry, folder: string): Promise<FoundFile[]> {
  const path = folder + entry.name;
  const inFolder = folder !== '';
  const found: FoundFile[] = [];
  try {
    if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => {
        (entry as FileSystemFileEntry).file(resolve, reject);
      });
      return [ofFile(file, path, inFolder)];
    }
    const reader = (entry as FileSystemDirectoryEntry).createReader();
    for (;;) {
      // A part at a time, until none is left.
      const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
        reader.readEntries(resolve, reject);
      });
      if (part.length === 0) return found;
      for (const inner of part) found.push(...(await ofEntry(inner, `${path}/`)));
    }
  } catch {
    found.push(unreadable(path, inFolder));
    return found;
  }
}
