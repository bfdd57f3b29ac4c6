import { stat } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

/** The one video that a command line names. @throws UsageError where it names none that is there, or several */
export async function givenVideo([video, ...others]: readonly string[]): Promise<string> {
  if (video === undefined || others.length > 0) throw new UsageError('name one video file');
  await mustBeFile(video);
  return video;
}

/** @throws UsageError where there is no such file */
export async function mustBeFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) throw new UsageError(`${path} is a folder; name a file`);
  if (!found?.isFile()) throw new UsageError(`there is no file ${path}`);
}
