import { Failure } from '../contract/failure.ts';

/** What helps a damaged file. */
export const COPY_AGAIN = 'Copy it again from the camera or its source.';
/** What helps a file that browsers do not read. */
export const CONVERT = 'Convert it to H.264 in an MP4 file and try again.';

/** The failure of a copy-protected video. */
export function encrypted(cause?: unknown): Failure {
  return new Failure(
    'video-encrypted',
    'The video is encrypted (copy-protected) and cannot be read without its key. Use a copy without protection.',
    cause,
  );
}
