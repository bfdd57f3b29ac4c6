import { visibleShare } from '../appearance/visible-share.ts';
import { resized } from '../columns.ts';
import type { Detections } from '../detections.ts';

/** A stretch of one person's path while it is being put together; grows at the end. */
export class Tracklet {
  /** Elements so far. */
  length = 0;
  samples = new Int32Array(16);
  /** XyxyPx as detected. */
  boxes = new Float32Array(64);
  scores = new Float32Array(16);
  flags = new Uint8Array(16);
  /** Share of each element's person that nobody in front hid, 0 to 1. */
  visible = new Float32Array(16);
  /** How unsure the detector was of each side, as in `Detections`, 4 an element; 0 where it does not tell. */
  spreads = new Int8Array(64);
  /** Index of each element's detection within its sample. */
  detections = new Int32Array(16);
  /** Whether the tracker ever reported it. */
  isConfirmed = false;
  /** Whether it is what is left of a double: somebody, who was followed before as well. */
  isRemainder = false;
  /**
   * How many elements at the beginning, and at the end, may be somebody else: doubles of a surer one, or too unsure to be trusted; fewer
   * than all.
   */
  doubledStart = 0;
  doubledEnd = 0;
  /** Of these, how many lie on somebody surer. The others are merely unsure: whoever they are, somebody is there. */
  coveredStart = 0;
  coveredEnd = 0;

  get first(): number {
    return this.samples[0]!;
  }

  get last(): number {
    return this.samples[this.length - 1]!;
  }

  /** First sample in which it is surely somebody of their own. */
  get ownFirst(): number {
    return this.samples[this.doubledStart]!;
  }

  /** Last sample in which it is surely somebody of their own. */
  get ownLast(): number {
    return this.samples[this.length - 1 - this.doubledEnd]!;
  }

  /** Mean score over its detections. */
  get meanScore(): number {
    let sum = 0;
    for (let i = 0; i < this.length; i++) sum += this.scores[i]!;
    return sum / this.length;
  }

  /** First sample in which it lies on nobody surer. */
  get freeFirst(): number {
    return this.samples[this.coveredStart]!;
  }

  /** Last sample in which it lies on nobody surer. */
  get freeLast(): number {
    return this.samples[this.length - 1 - this.coveredEnd]!;
  }

  /** Mean score over those in which it lies on nobody surer. */
  get freeMeanScore(): number {
    const end = this.length - this.coveredEnd;
    let sum = 0;
    for (let i = this.coveredStart; i < end; i++) sum += this.scores[i]!;
    return sum / (end - this.coveredStart);
  }

  /** Adds an element: a detection of a sample. */
  push(sample: number, found: Detections, detection: number, flag: number): void {
    const { count, boxes, scores, spreads } = found;
    const visible = visibleShare(boxes, scores, 0, count, detection);
    this.#add(sample, boxes, spreads, detection, scores[detection]!, flag, detection, visible);
  }

  #add(
    sample: number,
    boxes: Float32Array,
    spreads: Int8Array | undefined,
    box: number,
    score: number,
    flag: number,
    detection: number,
    visible: number,
  ): void {
    if (this.length === this.samples.length) this.#resize(2 * this.length);
    const at = this.length++;
    this.samples[at] = sample;
    for (let k = 0; k < 4; k++) {
      this.boxes[4 * at + k] = boxes[4 * box + k]!;
      this.spreads[4 * at + k] = spreads?.[4 * box + k] ?? 0;
    }
    this.scores[at] = score;
    this.flags[at] = flag;
    this.detections[at] = detection;
    this.visible[at] = visible;
  }

  /** Adds another's elements, which all come later. */
  append(other: Tracklet): void {
    this.doubledEnd = other.doubledEnd;
    this.coveredEnd = other.coveredEnd;
    for (let i = 0; i < other.length; i++) {
      this.#add(
        other.samples[i]!,
        other.boxes,
        other.spreads,
        i,
        other.scores[i]!,
        other.flags[i]!,
        other.detections[i]!,
        other.visible[i]!,
      );
    }
    this.isConfirmed ||= other.isConfirmed;
    this.isRemainder &&= other.isRemainder;
  }

  /**
   * Splits in two.
   * @param element first of the second part
   * @returns the second part; this one keeps the first
   */
  split(element: number): Tracklet {
    const rest = new Tracklet();
    for (let i = element; i < this.length; i++) {
      rest.#add(
        this.samples[i]!,
        this.boxes,
        this.spreads,
        i,
        this.scores[i]!,
        this.flags[i]!,
        this.detections[i]!,
        this.visible[i]!,
      );
    }
    rest.isConfirmed = this.isConfirmed;
    rest.isRemainder = this.isRemainder;
    [this.doubledStart, this.doubledEnd, rest.doubledStart, rest.doubledEnd] = splitEnds(
      this.doubledStart,
      this.doubledEnd,
      element,
      rest.length,
    );
    [this.coveredStart, this.coveredEnd, rest.coveredStart, rest.coveredEnd] = splitEnds(
      this.coveredStart,
      this.coveredEnd,
      element,
      rest.length,
    );
    this.length = element;
    this.trim();
    return rest;
  }

  /** Drops the elements for which `keep` says no; the rest counts as its own. */
  filter(keep: (element: number) => boolean): void {
    this.doubledStart = 0;
    this.doubledEnd = 0;
    this.coveredStart = 0;
    this.coveredEnd = 0;
    let kept = 0;
    for (let i = 0; i < this.length; i++) {
      if (!keep(i)) continue;
      this.samples[kept] = this.samples[i]!;
      this.boxes.copyWithin(4 * kept, 4 * i, 4 * i + 4);
      this.spreads.copyWithin(4 * kept, 4 * i, 4 * i + 4);
      this.scores[kept] = this.scores[i]!;
      this.flags[kept] = this.flags[i]!;
      this.detections[kept] = this.detections[i]!;
      this.visible[kept] = this.visible[i]!;
      kept++;
    }
    this.length = kept;
  }

  /** Gives back what the arrays hold in reserve. */
  trim(): void {
    this.#resize(this.length);
  }

  #resize(capacity: number): void {
    this.samples = resized(this.samples, capacity);
    this.boxes = resized(this.boxes, 4 * capacity);
    this.spreads = resized(this.spreads, 4 * capacity);
    this.scores = resized(this.scores, capacity);
    this.flags = resized(this.flags, capacity);
    this.visible = resized(this.visible, capacity);
    this.detections = resized(this.detections, capacity);
  }
}

/**
 * How many elements at the beginning and at the end of each part, once a tracklet is split, where there were so many of the whole;
 * fewer than all of a part.
 */
function splitEnds(
  start: number,
  end: number,
  first: number,
  rest: number,
): [start: number, end: number, restStart: number, restEnd: number] {
  const restStart = Math.max(0, Math.min(start - first, rest - 1));
  const firstStart = Math.min(start, first - 1);
  return [
    firstStart,
    Math.max(0, Math.min(end - rest, first - 1 - firstStart)),
    restStart,
    Math.min(end, rest - 1 - restStart),
  ];
}
