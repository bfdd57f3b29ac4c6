import { readElement } from './ebml.ts';

/** What entries of tracks are made of, as far as it is looked into: RFC 9559, sections 5.1.4.1 and 5.1.4.1.31. */
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const FLAG_ENABLED = 0xb9;
const CONTENT_ENCODINGS = 0x6d80;
const CONTENT_ENCODING = 0x6240;
const CONTENT_ENCRYPTION = 0x5035;
const LOOKED_INTO = new Set([TRACK_ENTRY, CONTENT_ENCODINGS, CONTENT_ENCODING]);

/** What is wanted of a file's tracks. */
export interface MatroskaTracks {
  /** Numbers of a byte, as all have but the strangest. */
  readonly numbers: readonly number[];
  /** Where a track says that it is off, which players do not heed. */
  readonly off: readonly number[];
  /** Whether one of them cannot be read without a key. */
  readonly isEncrypted: boolean;
}

/** @param content of the element of all tracks */
export function readTracks(content: Uint8Array): MatroskaTracks {
  const numbers: number[] = [];
  const off: number[] = [];
  let isEncrypted = false;
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at);
    if (!element || element.end > content.length) break;
    const { id, dataStart, end } = element;
    if (id === TRACK_NUMBER && end === dataStart + 1) numbers.push(content[dataStart]!);
    if (id === FLAG_ENABLED && end === dataStart + 1 && content[dataStart] === 0)
      off.push(dataStart);
    isEncrypted ||= id === CONTENT_ENCRYPTION;
    at = LOOKED_INTO.has(id) ? dataStart : end;
  }
  return { numbers, off, isEncrypted };
}
