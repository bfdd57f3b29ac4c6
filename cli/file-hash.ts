import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/**
 * SHA-256 of a file's content, lower-case hexadecimal. The file is read once to its end, never held whole.
 * @param signal ends the reading: rejects with its AbortError
 */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 ** 2, signal }))
    hash.update(chunk);
  return hash.digest('hex');
}
