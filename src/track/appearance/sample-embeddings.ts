import { withRoom } from '../columns.ts';
import type { Detections } from '../detections.ts';
import type { SampleBoxes } from '../sample-boxes.ts';
import { type Appearance, type Embedding, embeddingDistance, LEAST_VISIBLE } from './appearance.ts';
import { visibleShare } from './visible-share.ts';

/**
 * Share of the evidence against a pair, in nats, that divides its similarity, and the most it does. From one sample to the
 * next motion is the better witness: five nats against a pair, as good as certain over a gap, halve its similarity here,
 * and never is it divided by more than 1.65, so that nobody is lost to a shadow alone.
 */
const WEIGHT = 0.2;
const MOST = 0.65;
/**
 * How long what is remembered takes to move towards how the whole person looks now, in seconds: the time constant of an exponential
 * moving average. Shorter: follows light sooner, a mix-up too.
 */
const MEMORY_SECONDS = 0.6;

/** Appearance embeddings of one sample's people, beside what is remembered of them. Its arrays are used again and again. */
export class SampleEmbeddings {
  #length = 0;
  #features = new Float32Array(0);
  #visible = new Float64Array(16);

  /**
   * Takes the sample's detections.
   * @param detections with or without embeddings
   * @param sample those of them that count
   */
  load(detections: Detections, { count, boxes, scores, indices }: SampleBoxes): void {
    const { features } = detections;
    this.#length = features && detections.count > 0 ? features.length / detections.count : 0;
    if (!features || this.#length === 0) return;
    const length = this.#length;
    this.#features = withRoom(this.#features, length * count);
    this.#visible = withRoom(this.#visible, count);
    for (let j = 0; j < count; j++) {
      const from = length * indices[j]!;
      let squares = 0;
      for (let k = 0; k < length; k++) squares += features[from + k]! * features[from + k]!;
      const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
      for (let k = 0; k < length; k++) this.#features[length * j + k] = scale * features[from + k]!;
      this.#visible[j] = scale === 0 ? 0 : visibleShare(boxes, scores, 0, count, j);
    }
  }

  /**
   * What to multiply the similarity of a person and a detection with: 1, or less where they look unlike. Likeness is
   * no reason to take a detection that is far off, so it adds nothing.
   * @param embedding as remembered; undefined before the person was well seen
   */
  factor(embedding: Embedding | undefined, detection: number, appearance: Appearance): number {
    if (!embedding || this.#length === 0 || this.#visible[detection]! < LEAST_VISIBLE) return 1;
    const evidence = appearance.logLikelihoodRatio(
      embeddingDistance(embedding, this.#of(detection)),
    );
    return 1 / (1 + Math.max(0, Math.min(MOST, -WEIGHT * evidence)));
  }

  /**
   * What is remembered of a person who was just seen: the embedding moved towards the detection's.
   * @param seconds since the sample before
   */
  remember(
    embedding: Embedding | undefined,
    detection: number,
    seconds: number,
  ): Embedding | undefined {
    if (this.#length === 0 || this.#visible[detection]! < LEAST_VISIBLE) return embedding;
    const seen = this.#of(detection);
    if (!embedding) return seen.slice();
    const rate = this.#visible[detection]! * (seconds / (MEMORY_SECONDS + seconds));
    let squares = 0;
    for (let k = 0; k < embedding.length; k++) {
      embedding[k]! += rate * (seen[k]! - embedding[k]!);
      squares += embedding[k]! * embedding[k]!;
    }
    const scale = 1 / Math.sqrt(squares);
    for (let k = 0; k < embedding.length; k++) embedding[k]! *= scale;
    return embedding;
  }

  #of(detection: number): Embedding {
    return this.#features.subarray(this.#length * detection, this.#length * (detection + 1));
  }
}
