import { QuickTimeInputFormat } from 'mediabunny';
import type { VideoBytes } from './video-bytes.ts';

/** What movies begin with that do not begin with their brands (`ftyp`), as QuickTime wrote them: QuickTime File Format, chapter 1. */
const FIRST_BOXES = new Set(['moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'uuid']);

/** Reads such movies, which its base refuses (mediabunny 1.61). */
class UnbrandedMovieFormat extends QuickTimeInputFormat {
  async _canReadInput(): Promise<boolean> {
    return true;
  }
}

/** The format of MP4 and MOV files without their brands at their beginning. */
export const UNBRANDED_MOVIE = new UnbrandedMovieFormat();

/** Whether a file begins with a box of MP4 or MOV other than that of its brands. */
export async function isUnbrandedMovie(bytes: VideoBytes): Promise<boolean> {
  const size = await bytes.size();
  const name = size < 8 ? [] : await bytes.read(4, 8);
  return FIRST_BOXES.has(String.fromCharCode(...name));
}
