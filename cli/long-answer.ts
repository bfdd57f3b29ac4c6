/** Answers that are longer than a string may be (half a gigabyte: a busy day), read in pieces. */
import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 24;
/** Elements are parsed together as soon as they have so many bytes. */
const BATCH_BYTES = 1 << 20;

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const PERSONS = Buffer.from('"Persons"');

/**
 * What `JSON.parse` makes of a file, whose list `Persons` may be of any length.
 * @param chunkBytes read at a time
 * @param batchBytes of elements parsed at a time
 * @throws SyntaxError where it is no JSON; Error of Node where it cannot be read
 */
export function readLongAnswer(
  path: string,
  chunkBytes = CHUNK_BYTES,
  batchBytes = BATCH_BYTES,
): unknown {
  const file = openSync(path, 'r');
  try {
    const answer = new AnswerInPieces(batchBytes);
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let length = 1; length > 0; ) {
      length = readSync(file, chunk);
      answer.add(chunk.subarray(0, length));
    }
    return answer.whole();
  } finally {
    closeSync(file);
  }
}

/** Takes the elements of `Persons` out of an answer as it comes in. Only brackets and strings are looked at. */
class AnswerInPieces {
  readonly #batchBytes: number;
  readonly #persons: unknown[] = [];
  /** The answer without the elements. */
  readonly #others: Buffer[] = [];
  /** What has come in and was not dealt with yet. */
  #held = Buffer.alloc(0);
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  /** Where the last string of the outermost object began, in what is held. */
  #stringAt = 0;
  #isPersonsNext = false;
  #isInPersons = false;
  #isFirst = true;

  constructor(batchBytes: number) {
    this.#batchBytes = batchBytes;
  }

  add(bytes: Buffer): void {
    const data = Buffer.concat([this.#held, bytes]);
    let from = 0;
    for (let i = this.#held.length; i < data.length; i++) {
      const byte = data[i]!;
      if (this.#isString) {
        this.#heedString(data, i);
      } else if (byte === QUOTE) {
        this.#isString = true;
        if (this.#depth === 1) this.#stringAt = i;
      } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        this.#depth++;
        if (byte !== OPEN_LIST || this.#depth !== 2 || !this.#isPersonsNext) continue;
        this.#others.push(Buffer.from(data.subarray(from, i + 1)));
        this.#isInPersons = true;
        from = i + 1;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        this.#depth--;
        if (!this.#isInPersons || this.#depth !== 1) continue;
        this.#parse(data.subarray(from, i));
        this.#isInPersons = false;
        from = i;
      } else if (byte === COMMA && this.#isInPersons && this.#depth === 2) {
        if (i - from < this.#batchBytes) continue;
        this.#parse(data.subarray(from, i));
        from = i;
      }
    }
    this.#held = Buffer.from(data.subarray(from));
    this.#stringAt -= from;
  }

  /** @throws SyntaxError */
  whole(): unknown {
    const text = Buffer.concat([...this.#others, this.#held]).toString('utf8');
    const answer: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return this.#others.length === 0 ? answer : { ...Object(answer), Persons: this.#persons };
  }

  #heedString(data: Buffer, i: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (data[i] === BACKSLASH) this.#isEscaped = true;
    else if (data[i] === QUOTE) {
      this.#isString = false;
      if (this.#depth === 1)
        this.#isPersonsNext = data.subarray(this.#stringAt, i + 1).equals(PERSONS);
    }
  }

  /** @param elements all but the first with the comma before them */
  #parse(elements: Buffer): void {
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    const parsed: unknown[] = JSON.parse(`[${isFirst ? '' : 'null'}${elements.toString('utf8')}]`);
    for (let i = isFirst ? 0 : 1; i < parsed.length; i++) this.#persons.push(parsed[i]);
  }
}
