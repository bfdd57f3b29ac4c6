/**
 * When fragments begin that do not say so (`tfdt`), as those of older recorders: where the samples before them end, in order of
 * decoding. Their reader takes for that the end of the picture that is shown last, and so puts every fragment later than the one
 * before it. It is told by an index of fragments behind the file: ISO/IEC 14496-12, sections 8.8.9 to 8.8.12.
 */
import { joinNumbers } from '../contract/join-numbers.ts';
import { bigEndian } from './mp4-boxes.ts';

/** What a fragment has of a track. */
export interface TrackFragment {
  readonly track: number;
  /** When its first sample is decoded, where it says so, in ticks. */
  readonly start: number | undefined;
  /** How long its samples last together. */
  readonly ticks: number;
}

/** Adds up the samples of a file's fragments. */
export class FragmentTimes {
  readonly #tracks = new Map<number, { end: number; readonly entries: Uint8Array[] }>();
  #isUntimed = false;

  /** @param at where the fragment is in the file; they come in their order there */
  add(at: number, { track, start, ticks }: TrackFragment): void {
    const known = this.#tracks.get(track) ?? { end: 0, entries: [] };
    this.#tracks.set(track, known);
    this.#isUntimed ||= start === undefined;
    const from = start ?? known.end;
    known.end = from + ticks;
    // The numbers of the track, of its run of samples and of the sample there, in a byte each.
    known.entries.push(joinNumbers([bigEndian64(from), bigEndian64(at), [1, 1, 1]], Uint8Array));
  }

  /** The index that tells it; undefined where every fragment says when it begins. */
  index(): Uint8Array | undefined {
    if (!this.#isUntimed) return undefined;
    const tables = [...this.#tracks].map(([track, { entries }]) => {
      const head = [0x0100_0000, track, 0, entries.length].map((word) => bigEndian(word));
      return box('tfra', ...head, ...entries);
    });
    const length = tables.reduce((sum, table) => sum + table.length, 8 + 16);
    return box('mfra', ...tables, box('mfro', bigEndian(0), bigEndian(length)));
  }
}

function box(name: string, ...content: Uint8Array[]): Uint8Array {
  const inside = joinNumbers(content, Uint8Array);
  const head = [bigEndian(inside.length + 8), new TextEncoder().encode(name)];
  return joinNumbers([...head, inside], Uint8Array);
}

function bigEndian64(value: number): Uint8Array {
  return joinNumbers(
    [bigEndian(Math.floor(value / 2 ** 32)), bigEndian(value % 2 ** 32)],
    Uint8Array,
  );
}
