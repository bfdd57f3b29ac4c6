// By its name alone, so that bundlers leave the rest of the file out.
import { version } from '../../package.json';

/** This release: page and threads must be of the same. */
export const VERSION: string = version;
