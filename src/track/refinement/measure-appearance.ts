import {
  Appearance,
  type Embedding,
  embeddingDistance,
  type Spread,
  toEmbedding,
} from '../appearance/appearance.ts';
import { ChunkEmbeddings, COLOURS, type EmbeddingKind } from '../appearance/embedding-kind.ts';
import type { HistoryChunk } from '../history.ts';
import { TIME_EPSILON } from '../time.ts';
import { median, robustDeviation } from './median.ts';
import {
  addEmbedding,
  EMBEDDING_SECONDS,
  meanEmbedding,
  type WindowedEmbedding,
} from './windowed-embeddings.ts';

/** Windows that are kept of everybody: a stretch of two, two in between, and another stretch. */
const KEPT = 6;
/** Values that make a median steady; reading stops when both kinds have as many. */
const ENOUGH = 5000;
/**
 * Values of either kind below which a video tells less than what is usual does. Medians of so few err by a third of a deviation; what is usual
 * of people errs by more from video to video.
 */
const FEWEST = 10;
/** Least deviation assumed: a quarter of the usual one. Where few values are the same to the bit, as in drawn pictures, they still tell. */
const LEAST_DEVIATION = 0.02;

/** One person's last consecutive windowed embeddings. */
interface Recent {
  /** The sum of embeddings of the window that is open. */
  open: Float32Array;
  /** Closed ones, the latest last. */
  readonly closed: Pick<WindowedEmbedding, 'sum'>[];
}

/**
 * Measures what appearance tells in a video: how far a person's embeddings lie from their own of two seconds before, and
 * from those of people who are there at the same time, hence are somebody else. Medians, because some tracks have two
 * people in them.
 */
export class AppearanceMeter {
  readonly #same: number[] = [];
  readonly #different: number[] = [];
  #people = new Map<number, Recent>();
  #window = Number.NEGATIVE_INFINITY;
  readonly #kind: EmbeddingKind;

  /** @param kind of embeddings, and what is usual of them. Default colours */
  constructor(kind: EmbeddingKind = COLOURS) {
    this.#kind = kind;
  }

  /** Whether more would not change much. */
  get isEnough(): boolean {
    return this.#same.length >= ENOUGH && this.#different.length >= ENOUGH;
  }

  /** Takes the tracks of a stretch; stretches come in order. */
  add(chunk: HistoryChunk): void {
    if (this.isEnough) return;
    const source = new ChunkEmbeddings(chunk, this.#kind.from);
    const { length } = source;
    if (length === 0) return;
    const { observations, firstSample, times } = chunk;
    for (let row = 0; row < observations.count; row++) {
      const sample = observations.samples[row]! - firstSample;
      const window = Math.floor(times[sample]! / EMBEDDING_SECONDS + TIME_EPSILON);
      if (window !== this.#window) this.#turn(window);
      const id = observations.ids[row]!;
      let recent = this.#people.get(id);
      if (recent === undefined) {
        recent = { open: new Float32Array(length), closed: [] };
        this.#people.set(id, recent);
      }
      addEmbedding(chunk, source, sample, observations.detections[row]!, recent.open);
    }
  }

  /** Closes everybody's window, compares, and begins the next. */
  #turn(next: number): void {
    const isNext = next === this.#window + 1;
    this.#window = next;
    const present: Embedding[] = [];
    const people = new Map<number, Recent>();
    for (const [id, { open, closed }] of this.#people) {
      // Who was not well seen begins anew: stretches are of consecutive windows.
      if (toEmbedding(open) === undefined) continue;
      closed.push({ sum: open });
      if (closed.length > KEPT) closed.shift();
      const now =
        closed.length < 2 ? undefined : meanEmbedding(closed, closed.length - 2, closed.length);
      if (now) present.push(now);
      const before = closed.length === KEPT ? meanEmbedding(closed, 0, 2) : undefined;
      if (now && before) this.#same.push(embeddingDistance(now, before));
      if (isNext) people.set(id, { open: new Float32Array(open.length), closed });
    }
    this.#people = people;
    for (let a = 0; a < present.length && this.#different.length < ENOUGH; a++) {
      for (let b = 0; b < a; b++) this.#different.push(embeddingDistance(present[a]!, present[b]!));
    }
  }

  /** What was found; what is usual where there was too little to measure. */
  measure(): Appearance {
    const { short, different } = this.#kind.spreads;
    return this.#same.length < FEWEST || this.#different.length < FEWEST
      ? new Appearance(short, different)
      : new Appearance(spread(this.#same), spread(this.#different));
  }
}

function spread(values: readonly number[]): Spread {
  const center = median(values);
  return { median: center, deviation: Math.max(LEAST_DEVIATION, robustDeviation(values, center)) };
}
