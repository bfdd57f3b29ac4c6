import { realModule } from './module.ts';

/** {@link realModule}'s bytes; a build puts them here in place of what writes them. */
export const writtenModule = (): Uint8Array<ArrayBuffer> => realModule();
