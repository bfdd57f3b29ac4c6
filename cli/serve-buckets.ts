/** Buckets as folders: an object is a regular file inside its bucket's folder, and its version a hash of the content. */
import { realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileHash } from './file-hash.ts';

/** A file that a Bucket and Name stand for. */
export interface BucketFile {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** SHA-256 of the content, lower-case hexadecimal: the object's Version. */
  readonly version: string;
  readonly sizeBytes: number;
}

/** Why there is no such file, as a sentence. */
export interface NoBucketFile {
  readonly reason: string;
}

/** Folders by bucket name, with the hashes of their files kept as long as size and time of change stay. */
export class BucketFolders {
  readonly #folders: ReadonlyMap<string, string>;
  readonly #reading = new AbortController();
  readonly #hashes = new Map<string, { readonly stamp: string; readonly hash: Promise<string> }>();

  /** @param folders absolute folders by bucket name */
  constructor(folders: ReadonlyMap<string, string>) {
    this.#folders = folders;
  }

  /**
   * Finds the file of an object. A large file is read once to the end, for its hash.
   * @param name the key: segments divided by `/`; none may be empty, `.` or `..`
   */
  async find(bucket: string, name: string): Promise<BucketFile | NoBucketFile> {
    const folder = this.#folders.get(bucket);
    if (folder === undefined) {
      return { reason: `no folder is given for it; start the server with --bucket ${bucket}=DIR` };
    }
    const segments = name.split('/');
    if (segments.includes('')) {
      return { reason: 'no file has a name that begins or ends with "/", or has "//" in it' };
    }
    const foreign = (segment: string) =>
      segment === '.' || segment === '..' || /[\0\\]/.test(segment);
    if (segments.some(foreign)) return { reason: 'the name leads out of the bucket’s folder' };

    try {
      const root = await realpath(folder);
      const path = await realpath(join(root, ...segments));
      if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) {
        return { reason: 'a symbolic link leads out of the bucket’s folder' };
      }
      const found = await stat(path);
      if (!found.isFile()) return { reason: 'it is not a file' };
      const stamp = `${found.size} ${found.mtimeMs} ${found.ino}`;
      return { path, version: await this.#hash(path, stamp), sizeBytes: found.size };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return {
        reason:
          code === 'ENOENT' || code === 'ENOTDIR'
            ? 'there is no such file in the bucket’s folder'
            : `the file cannot be read (${code ?? String(error)})`,
      };
    }
  }

  /** Ends what is being read: a large file must not hold up a server that is to end. */
  close(): void {
    this.#reading.abort();
  }

  #hash(path: string, stamp: string): Promise<string> {
    const known = this.#hashes.get(path);
    if (known?.stamp === stamp) return known.hash;
    const hash = fileHash(path, this.#reading.signal);
    this.#hashes.set(path, { stamp, hash });
    // A file that could not be read is tried again next time.
    hash.catch(() => this.#hashes.delete(path));
    return hash;
  }
}
